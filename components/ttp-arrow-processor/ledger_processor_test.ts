import { assert, assertEquals, assertThrows } from "@std/assert";
import { XdrError } from "../../stellar/mod.ts";
import { corpusLedgers } from "./_corpus_ledgers.ts";
import { LedgerProcessor, type ProcessedBatch } from "./ledger_processor.ts";
import { TokenTransferError } from "./token_transfer/mod.ts";

const batchNames = [0, 1, 2, 3, 4].map((i) => `batch-public-${i}`);

function idsOf(batches: readonly ProcessedBatch[]): string[] {
  return batches.flatMap(({ batch }) => Array.from(batch.getChild("event_id")!) as string[]);
}

Deno.test("batches end after the given number of ledgers and name what they cover", async () => {
  const ledgers = await corpusLedgers(...batchNames);
  const processor = new LedgerProcessor({
    networkPassphrase: ledgers[0]!.passphrase,
    batchLedgers: 2,
  });
  for (const { bytes } of ledgers) processor.add(bytes);
  processor.flush();
  const batches = processor.take();
  assertEquals(
    batches.map(({ firstLedger, lastLedger, partial }) => [firstLedger, lastLedger, partial]),
    [[4000000, 4000001, false], [4000002, 4000003, false], [4000004, 4000004, false]],
  );
  for (const { batch, ledgers } of batches) {
    const counts = ledgers.map((row) => row.event_count!);
    assertEquals(counts.reduce((sum, count) => sum + count, 0), batch.numRows);
  }
  assertEquals(processor.take(), []);
  processor.flush();
  assertEquals(processor.take(), []);
});

Deno.test("a ledger without events is covered by a batch without rows", async () => {
  const [ledger] = await corpusLedgers("empty-ledger-v2");
  const processor = new LedgerProcessor({ networkPassphrase: ledger!.passphrase });
  processor.add(ledger!.bytes);
  processor.flush();
  const [batch] = processor.take();
  assertEquals(batch!.batch.numRows, 0);
  assertEquals(batch!.ledgers.length, 1);
  assertEquals(batch!.ledgers[0]!.event_count, 0);
});

Deno.test("a very large ledger is split, and only its last part has its row", async () => {
  // The same ledger's events many times over cannot be had; a small limit does as well.
  const [ledger] = await corpusLedgers("mix-06-p18");
  const { networkPassphrase, bytes } = { networkPassphrase: ledger!.passphrase, ...ledger! };
  const whole = new LedgerProcessor({ networkPassphrase });
  whole.add(bytes);
  whole.flush();
  const all = whole.take();
  assertEquals(all.length, 1);

  const split = new LedgerProcessor({ networkPassphrase, batchBytes: 16, splitCheckEvents: 50 });
  split.add(bytes);
  split.flush();
  const parts = split.take();
  assert(parts.length > 2);
  assertEquals(idsOf(parts), idsOf(all));
  parts.forEach(({ partial, ledgers, firstLedger, lastLedger }, i) => {
    const last = i === parts.length - 1;
    assertEquals([partial, ledgers.length], last ? [false, 1] : [true, 0]);
    assertEquals([firstLedger, lastLedger], [all[0]!.firstLedger, all[0]!.lastLedger]);
  });
  assertEquals(parts.at(-1)!.ledgers, all[0]!.ledgers);
});

Deno.test("a ledger that is refused leaves nothing behind, and those around it are kept", async () => {
  const [good, bad] = await corpusLedgers("sac-events-p23v2m4", "err-deposit-zero");
  assertEquals(good!.passphrase, bad!.passphrase);
  const processor = new LedgerProcessor({ networkPassphrase: good!.passphrase });
  processor.add(good!.bytes);
  assertThrows(() => processor.add(bad!.bytes), TokenTransferError, "operation 1");
  assertThrows(() => processor.add(new Uint8Array(5)), XdrError);
  processor.add(good!.bytes);
  processor.flush();
  const batches = processor.take();
  const ids = idsOf(batches);
  assertEquals(ids.slice(0, ids.length / 2), ids.slice(ids.length / 2));
  assertEquals(batches.flatMap(({ ledgers }) => ledgers).length, 2);
});

Deno.test("a ledger other than the one that is due is refused", async () => {
  const [ledger] = await corpusLedgers("meta-v1");
  const processor = new LedgerProcessor({ networkPassphrase: ledger!.passphrase });
  assertThrows(() => processor.add(ledger!.bytes, 7), Error, "Ledger 7 is due");
});

Deno.test("filters narrow the rows and the ledger's count, not the ids", async () => {
  const [ledger] = await corpusLedgers("mix-14-p23");
  const networkPassphrase = ledger!.passphrase;
  const all = new LedgerProcessor({ networkPassphrase });
  const some = new LedgerProcessor({
    networkPassphrase,
    filters: [{ eventTypes: ["transfer", "fee"] }, { eventTypes: ["transfer"] }],
  });
  for (const processor of [all, some]) {
    processor.add(ledger!.bytes);
    processor.flush();
  }
  const [allBatch] = all.take();
  const [someBatch] = some.take();
  const types = allBatch!.batch.getChild("event_type")!;
  const due = idsOf([allBatch!]).filter((_, i) => types.get(i) === "transfer");
  assertEquals(idsOf([someBatch!]), due);
  assertEquals(someBatch!.ledgers[0]!.event_count, due.length);
  assertEquals([...some.eventsByType], [...all.eventsByType]);
});

Deno.test("results stay the same when the tables of addresses and assets are emptied in between", async () => {
  const [ledger] = await corpusLedgers("mix-14-p23");
  const fresh = new LedgerProcessor({ networkPassphrase: ledger!.passphrase });
  fresh.add(ledger!.bytes);
  fresh.flush();
  const due = idsOf(fresh.take());
  const processor = new LedgerProcessor({ networkPassphrase: ledger!.passphrase });
  const { context } = processor.transfers;
  processor.add(ledger!.bytes);
  processor.flush();
  processor.take();
  context.addresses.clear();
  context.assets.clear();
  context.generation++;
  processor.add(ledger!.bytes);
  processor.flush();
  const [batch] = processor.take();
  assertEquals(idsOf([batch!]), due);
});
