import { assertEquals, assertRejects } from "@std/assert";
import type { FlightBatch } from "../../flight/mod.ts";
import { IngestQueue } from "./ingest_queue.ts";
import { sampleBatch } from "./testing/mod.ts";

/** A queue whose writes end when they are told to. */
function heldQueue({ maxLedgers = 100, maxBytes = 1e9 } = {}) {
  const begun: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  let time = 0;
  const written: number[][] = [];
  const queue = new IngestQueue({
    write: (batch) => {
      begun.push(batch.metadata.first_ledger);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      return end.promise;
    },
    maxLedgers,
    maxBytes,
    now: () => time,
    onWritten: (...figures) => written.push(figures),
  });
  return {
    queue,
    begun,
    written,
    finish: async (afterMs = 0) => {
      time += afterMs;
      ends.shift()!.resolve();
      await settle();
    },
    fail: async (error: Error) => {
      ends.shift()!.reject(error);
      await settle();
    },
  };
}

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** Whether a promise has been settled yet. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  await settle();
  return settled;
}

Deno.test("batches are written one after the other, in order, while others come", async () => {
  const { queue, begun, written, finish } = heldQueue();
  await queue.push(sampleBatch(2, 3));
  await queue.push(sampleBatch(4, 4));
  assertEquals([queue.length, queue.ledgers, begun], [2, 3, [2]]);
  await finish(40);
  assertEquals([queue.length, queue.ledgers, begun], [1, 1, [2, 4]]);
  await finish(5);
  await queue.idle();
  assertEquals([queue.length, queue.ledgers, queue.bytes], [0, 0, 0]);
  // Ledgers, time to write, time since they came.
  assertEquals(written, [[2, 40, 40], [1, 5, 45]]);
});

Deno.test("whoever brings more ledgers than may wait has to wait for the disk", async () => {
  const { queue, begun, finish } = heldQueue({ maxLedgers: 4 });
  await queue.push(sampleBatch(2, 4));
  const second = queue.push(sampleBatch(5, 6));
  assertEquals(await isSettled(second), false);
  assertEquals([queue.ledgers, queue.fill], [3, 0.75]);
  await finish();
  await second;
  assertEquals([queue.ledgers, begun], [2, [2, 5]]);
  await finish();
});

Deno.test("whoever brings more bytes than may wait has to wait, but one large batch goes alone", async () => {
  const { queue, finish } = heldQueue({ maxBytes: 1 });
  await queue.push(sampleBatch(2, 3));
  const second = queue.push(sampleBatch(4, 4));
  assertEquals(await isSettled(second), false);
  await finish();
  await second;
  await finish();
  await queue.idle();
});

Deno.test("a part of a ledger counts in bytes, and its ledger with the last part", async () => {
  const { queue, finish } = heldQueue();
  const part = sampleBatch(2, 2);
  part.metadata = { ...part.metadata, partial: true };
  await queue.push(part);
  assertEquals([queue.ledgers, queue.bytes > 0], [0, true]);
  await queue.push(sampleBatch(2, 2));
  assertEquals(queue.ledgers, 1);
  await finish();
  await finish();
  await queue.idle();
});

Deno.test("what a write fails with is thrown to whoever waits and whoever comes", async () => {
  const { queue, begun, fail } = heldQueue({ maxLedgers: 2 });
  await queue.push(sampleBatch(2, 3));
  const waiting = assertRejects(() => queue.push(sampleBatch(4, 4)), Error, "disk full");
  await fail(new Error("disk full"));
  await waiting;
  await assertRejects(() => queue.idle(), Error, "disk full");
  await assertRejects(() => queue.push(sampleBatch(4, 4)), Error, "disk full");
  assertEquals(begun, [2]);
});

Deno.test("dropping forgets what waits once the batch at hand is written", async () => {
  const { queue, begun, finish } = heldQueue();
  for (const ledger of [2, 3, 4]) await queue.push(sampleBatch(ledger, ledger));
  const dropped = queue.drop();
  assertEquals(await isSettled(dropped), false);
  await finish();
  await dropped;
  assertEquals([queue.length, queue.ledgers, queue.bytes, begun], [0, 0, 0, [2]]);
  await queue.push(sampleBatch(3, 3));
  assertEquals(begun, [2, 3]);
  await finish();
});

Deno.test("dropping after a failure makes the queue usable again", async () => {
  const { queue, fail, finish } = heldQueue();
  await queue.push(sampleBatch(2, 2));
  await queue.push(sampleBatch(3, 3));
  await fail(new Error("disk full"));
  await queue.drop();
  assertEquals([queue.length, queue.bytes], [0, 0]);
  await queue.push(sampleBatch(2, 2));
  await finish();
  await queue.idle();
});

Deno.test("every change is told", async () => {
  const lengths: number[] = [];
  const queue: IngestQueue = new IngestQueue({
    write: () => Promise.resolve(),
    maxLedgers: 10,
    maxBytes: 1e9,
    now: () => 0,
    onChange: () => lengths.push(queue.ledgers),
  });
  const batch: FlightBatch = sampleBatch(2, 3);
  await queue.push(batch);
  await queue.idle();
  assertEquals(lengths, [2, 0]);
});
