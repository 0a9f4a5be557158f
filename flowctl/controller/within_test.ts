import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { within } from "./within.ts";

function bounds(signal: AbortSignal = new AbortController().signal) {
  const clock = new FakeClock();
  return { clock, ms: 1_000, signal, late: () => new Error("too late") };
}

Deno.test("work that ends in time gives its outcome, and leaves no timer", async () => {
  const t = bounds();
  assertEquals(await within(t, () => Promise.resolve(7)), 7);
  await assertRejects(() => within(t, () => Promise.reject(new Error("broken"))), Error, "broken");
  assertEquals(t.clock.pending, 0);
});

Deno.test("work that heeds no signal ends with its time, and its signal has aborted", async () => {
  const t = bounds();
  let signal: AbortSignal | undefined;
  const end = assertRejects(
    () => within(t, (bound) => (signal = bound, new Promise(() => {}))),
    Error,
    "too late",
  );
  await t.clock.advance(999);
  assertEquals(signal!.aborted, false);
  await t.clock.advance(1);
  await end;
  assertEquals([signal!.aborted, t.clock.pending], [true, 0]);
});

Deno.test("a signal ends the work early, and work whose signal has aborted is not begun", async () => {
  const ending = new AbortController();
  const t = bounds(ending.signal);
  const end = assertRejects(() => within(t, () => new Promise(() => {})), DOMException, "enough");
  ending.abort(new DOMException("enough", "AbortError"));
  await end;
  let begun = 0;
  const again = () => within(t, () => Promise.resolve(begun++));
  await assertRejects(again, DOMException, "enough");
  assertEquals([begun, t.clock.pending], [0, 0]);
});
