import { assertEquals } from "@std/assert";
import { BatchLayout } from "./batch_layout.ts";
import { BatchListing } from "./batch_listing.ts";
import type { LakeStorage } from "./lake_storage.ts";

const layout = new BatchLayout({ ledgersPerBatch: 1, batchesPerPartition: 1 });

/** A store that holds the batch files of some ledgers, and counts its listings. */
function storageOf(ledgers: Set<number>): LakeStorage & { listings: number } {
  return {
    where: "memory",
    listings: 0,
    read: () => Promise.resolve(undefined),
    stat: () => Promise.resolve(undefined),
    list() {
      this.listings++;
      return Promise.resolve([...ledgers].map((sequence) => layout.batchAt(sequence).key));
    },
  };
}

Deno.test("a listing serves for some seconds, and a new one is made where it knows nothing", async () => {
  const ledgers = new Set([5, 9, 7, 20]);
  const storage = storageOf(ledgers);
  let now = 0;
  const listing = new BatchListing(storage, {
    monotonic: () => now,
    sleep: () => Promise.resolve(),
  });
  assertEquals(await listing.startAfter(5), 7);
  const once = storage.listings;
  ledgers.add(8);
  assertEquals(await listing.startAfter(7), 9);
  assertEquals(await listing.startAfter(9), 20);
  assertEquals(storage.listings, once);
  // Before the ledger that was asked for first, and behind the last one, the listing says nothing.
  assertEquals(await listing.startAfter(3), 5);
  assertEquals(storage.listings, 2 * once);
  ledgers.add(30);
  assertEquals(await listing.startAfter(20), 30);
  assertEquals(await listing.startAfter(30), undefined);
  assertEquals(storage.listings, 4 * once);
  assertEquals(await listing.startAfter(7), 8);
  ledgers.delete(8);
  now = 5_000;
  assertEquals(await listing.startAfter(7), 9);
});
