import { assertEquals } from "@std/assert";
import { CommitProgress } from "./commit_progress.ts";
import { sampleBatch } from "./testing/mod.ts";

/** A progress with a cursor and a time that the test sets. */
function following() {
  const state = { cursor: undefined as number | undefined, now: 1_000 };
  const told: unknown[] = [];
  const progress = new CommitProgress({
    cursor: () => state.cursor,
    now: () => state.now,
    onCommitted: (readAtMs) => told.push(readAtMs),
  });
  const take = (first: number, last: number, readAtMs: number, partial?: true) => {
    const batch = sampleBatch(first, last, partial ? { partial } : {});
    batch.metadata.read_at_ms = readAtMs;
    progress.taking(batch);
    progress.taken(batch);
    return Date.parse(batch.metadata.ledgers!.at(-1)!.closed_at);
  };
  return { state, told, progress, take };
}

Deno.test("a batch is told once, when every table has its last ledger", () => {
  const { state, told, progress, take } = following();
  take(2, 4, 100);
  const closed = take(5, 6, 200);
  progress.committed();
  state.cursor = 5;
  progress.committed();
  assertEquals(told, [100]);
  state.cursor = 6;
  progress.committed();
  progress.committed();
  assertEquals(told, [100, 200]);
  assertEquals(progress.lagSeconds(closed + 7_000), 7);
});

Deno.test("what broke off and comes again counts as what came last", () => {
  const { state, told, progress, take } = following();
  take(2, 4, 100);
  take(5, 9, 200);
  take(5, 6, 300);
  state.cursor = 9;
  progress.committed();
  assertEquals(told, [100, 300]);
});

Deno.test("of a ledger that comes in parts the last one counts", () => {
  const { state, told, progress, take } = following();
  take(2, 2, 100, true);
  take(2, 2, 200);
  state.cursor = 2;
  progress.committed();
  assertEquals([told, progress.batches], [[200], 2]);
});

Deno.test("the age of the last commit begins with the tables, and anew with each commit", () => {
  const { state, progress } = following();
  assertEquals([progress.lagSeconds(0), progress.commitAgeSeconds(4_000)], [undefined, 3]);
  state.now = 5_000;
  progress.committed();
  assertEquals(progress.commitAgeSeconds(5_500), 0.5);
});
