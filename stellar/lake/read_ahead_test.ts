import { assertEquals } from "@std/assert";
import { BatchFiles } from "./batch_files.ts";
import { BatchLayout } from "./batch_layout.ts";
import type { LakeStorage } from "./lake_storage.ts";
import { ReadAhead } from "./read_ahead.ts";

const MIB = 1024 * 1024;
const layout = new BatchLayout({ ledgersPerBatch: 1, batchesPerPartition: 1 });

/** A store that counts the bytes that it gave and the files that it gives at the same time. */
class CountingStorage implements LakeStorage {
  readonly where = "memory";
  bytes = 0;
  reading = 0;
  mostReading = 0;
  constructor(readonly sizeOf: (read: number) => number) {}
  #reads = 0;
  async read(): Promise<Uint8Array> {
    this.mostReading = Math.max(this.mostReading, ++this.reading);
    const size = this.sizeOf(this.#reads++);
    await Promise.resolve();
    this.reading--;
    this.bytes += size;
    return new Uint8Array(size);
  }
  stat = () => Promise.resolve(undefined);
  list = () => Promise.resolve(undefined);
}

/** Until no promise has anything left to do: the store above needs no more than that. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Takes files one by one, slowly; the most bytes that were given beyond the files taken. */
async function mostAhead(storage: CountingStorage, files: number, ahead: number): Promise<number> {
  const reading = new ReadAhead(new BatchFiles(storage), 4, ahead);
  let taken = 0;
  let most = 0;
  for (let i = 0; i < files; i++) {
    reading.fill(layout, 2, 1000);
    taken += (await reading.take().file)!.bytes.length;
    await settled();
    most = Math.max(most, storage.bytes - taken);
  }
  reading.stop();
  return most;
}

Deno.test("files read ahead of a slow reader stay below 16 MiB, however many may be ahead", async () => {
  const large = new CountingStorage(() => 8 * MIB);
  assertEquals(await mostAhead(large, 6, 64), 16 * MIB);
  assertEquals(large.mostReading <= 2, true);
  const larger = new CountingStorage(() => 20 * MIB);
  assertEquals(await mostAhead(larger, 3, 64), 0);
  const growing = new CountingStorage((read) => (read + 1) * MIB / 4);
  assertEquals(await mostAhead(growing, 40, 64) <= 17 * MIB, true);
});

Deno.test("small files are read ahead as many as are allowed, also after a large one", async () => {
  const small = new CountingStorage(() => 1000);
  assertEquals(await mostAhead(small, 5, 64), 64_000);
  assertEquals(small.mostReading, 4);
  const afterLarge = new CountingStorage((read) => read === 0 ? 30 * MIB : 1000);
  assertEquals(await mostAhead(afterLarge, 30, 64), 64_000);
});

Deno.test("readings of one lake share what may be ahead, also after one has ended", async () => {
  const readings = new Set<ReadAhead>();
  const begin = async () => {
    const storage = new CountingStorage(() => MIB);
    const reading = new ReadAhead(new BatchFiles(storage), 4, 64, readings);
    const next = async () => {
      reading.fill(layout, 2, 1000);
      await reading.take().file;
      await settled();
    };
    await next();
    return { storage, reading, next };
  };
  const first = await begin();
  assertEquals(first.storage.bytes, 17 * MIB);
  const second = await begin();
  assertEquals(second.storage.bytes, 9 * MIB);
  first.reading.stop();
  await second.next();
  assertEquals(second.storage.bytes, 18 * MIB);
  second.reading.stop();
  assertEquals(readings.size, 0);
});

Deno.test("a reading that is stopped fetches nothing more", async () => {
  const storage = new CountingStorage(() => 1000);
  const reading = new ReadAhead(new BatchFiles(storage), 4, 64);
  reading.fill(layout, 2, 1000);
  const { file } = reading.take();
  reading.stop();
  await file;
  await settled();
  assertEquals(storage.bytes, 1000);
});
