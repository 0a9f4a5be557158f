import { assertEquals } from "@std/assert";
import { FakeClock } from "./fake_clock.ts";
import { LogRepeats, MAX_REPEATS, REPEAT_SPAN_MS } from "./log_repeats.ts";

function counting() {
  const clock = new FakeClock();
  const told: string[] = [];
  const repeats = new LogRepeats(clock, (...what) => told.push(what.join(" ")));
  const written = (message: string, records: number) =>
    Array.from({ length: records }, () => repeats.allows("warn", message)).filter(Boolean).length;
  return { clock, told, repeats, written };
}

Deno.test("records beyond the limit are left out, and their number is told once, at the end of the minute", async () => {
  const { clock, told, written } = counting();
  assertEquals(written("late", MAX_REPEATS + 7), MAX_REPEATS);
  await clock.advance(REPEAT_SPAN_MS - 1);
  assertEquals([written("late", 1), told], [0, []]);
  await clock.advance(1);
  assertEquals([told, clock.pending], [["warn late 8"], 0]);
  assertEquals(written("late", 1), 1);
});

Deno.test("a minute without a flood needs no timer, and counts from the beginning after it", async () => {
  const { clock, told, written } = counting();
  written("late", MAX_REPEATS);
  assertEquals(clock.pending, 0);
  await clock.advance(REPEAT_SPAN_MS);
  assertEquals([written("late", MAX_REPEATS), told], [MAX_REPEATS, []]);
});

Deno.test("other messages and levels are counted by themselves, and debug records are not", () => {
  const { repeats, written } = counting();
  written("late", 2 * MAX_REPEATS);
  assertEquals([written("gone", 1), repeats.allows("error", "late")], [1, true]);
  const debug = Array.from({ length: 2 * MAX_REPEATS }, () => repeats.allows("debug", "a"));
  assertEquals(debug.every(Boolean), true);
});

Deno.test("messages that are counted are bounded", () => {
  const { written, told, repeats } = counting();
  for (let i = 0; i < 5_000; i++) written(`ledger ${i}`, 1);
  assertEquals(written("one more", 2 * MAX_REPEATS), 2 * MAX_REPEATS);
  assertEquals(written("ledger 5", 2 * MAX_REPEATS), MAX_REPEATS - 1);
  repeats.flush();
  repeats.flush();
  assertEquals(told, [`warn ledger 5 ${MAX_REPEATS + 1}`]);
});
