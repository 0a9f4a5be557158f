import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { ANY_PACE, ReaderPace } from "./reader_pace.ts";

const never = new AbortController().signal;

/** Ledgers that go in a time, of a reader that always takes the next one. */
async function sentIn(
  pace: ReaderPace,
  clock: FakeClock,
  ms: number,
  bytes: number,
): Promise<number> {
  const over = new AbortController();
  let sent = 0;
  const sending = (async () => {
    for (;;) {
      await pace.take(1, bytes, over.signal);
      sent++;
    }
  })();
  for (let passed = 0; passed < ms; passed += 10) await clock.advance(10);
  over.abort(new Error("over"));
  await assertRejects(() => sending, Error, "over");
  return sent;
}

Deno.test("a reader without a wish is sent what there is, in full batches", async () => {
  const pace = new ReaderPace(new FakeClock());
  for (let i = 0; i < 1_000; i++) await pace.take(100, 1e6, never);
  assertEquals([pace.batchLedgers(100), pace.ledgersPerSecond], [100, undefined]);
});

Deno.test("ledgers come at the pace that is wanted, in batches of a quarter of a second", async () => {
  const clock = new FakeClock();
  const pace = new ReaderPace(clock);
  pace.set({ ledgersPerSecond: 40, bytesPerSecond: undefined });
  assertEquals([pace.batchLedgers(100), pace.batchLedgers(3)], [10, 3]);
  const sent = await sentIn(pace, clock, 10_000, 1_000);
  assertEquals(Math.abs(sent - 400) <= 8, true, `${sent}`);
  pace.set({ ledgersPerSecond: 2, bytesPerSecond: undefined });
  assertEquals(pace.batchLedgers(100), 1, "never none");
});

Deno.test("ledgers that are suddenly ten times as large come more slowly, until they are usual", async () => {
  const clock = new FakeClock();
  const pace = new ReaderPace(clock);
  pace.set({ ledgersPerSecond: 100, bytesPerSecond: undefined });
  await sentIn(pace, clock, 5_000, 1_000);
  const atFirst = await sentIn(pace, clock, 100, 10_000);
  const later = await sentIn(pace, clock, 2_000, 10_000);
  assertEquals([atFirst < 8, later > 150], [true, true], `${atFirst} ${later}`);
});

Deno.test("bytes a second that a reader names count instead", async () => {
  const clock = new FakeClock();
  const pace = new ReaderPace(clock);
  pace.set({ ledgersPerSecond: undefined, bytesPerSecond: 10_000 });
  const sent = await sentIn(pace, clock, 10_000, 1_000);
  assertEquals(Math.abs(sent - 100) <= 3, true, `${sent}`);
});

Deno.test("whoever waits goes at once when the wish is gone", async () => {
  const clock = new FakeClock();
  const pace = new ReaderPace(clock);
  pace.set({ ledgersPerSecond: 0.01, bytesPerSecond: 1 });
  await pace.take(1, 100, never);
  const waiting = pace.take(1, 100, never);
  pace.set(ANY_PACE);
  await waiting;
  assertEquals(clock.pending, 0);
});
