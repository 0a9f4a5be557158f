import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { within } from "./within.ts";

function bounds(clock: FakeClock, signal = new AbortController().signal) {
  return { clock, ms: 1_000, signal, late: () => new Error("too late") };
}

Deno.test("work that ends in time has its outcome, and leaves no timer", async () => {
  const clock = new FakeClock();
  assertEquals(await within(bounds(clock), () => Promise.resolve(7)), 7);
  await assertRejects(
    () => within(bounds(clock), () => Promise.reject(new Error("own"))),
    Error,
    "own",
  );
  assertEquals(clock.pending, 0);
});

Deno.test("work that heeds no signal is left when its time is over or its signal aborts", async () => {
  const clock = new FakeClock();
  const never = () => new Promise<never>(() => {});
  const late = assertRejects(() => within(bounds(clock), never), Error, "too late");
  await clock.advance(1_000);
  await late;
  const ending = new AbortController();
  const ended = assertRejects(() => within(bounds(clock, ending.signal), never), Error, "enough");
  ending.abort(new Error("enough"));
  await ended;
  assertEquals(clock.pending, 0);
});

Deno.test("the work's own signal aborts with both", async () => {
  const clock = new FakeClock();
  let own: AbortSignal | undefined;
  const work = within(bounds(clock), (signal) => {
    own = signal;
    return new Promise<never>(() => {});
  });
  const late = assertRejects(() => work, Error, "too late");
  assertEquals(own!.aborted, false);
  await clock.advance(1_000);
  await late;
  assertEquals(own!.reason.message, "too late");
});

Deno.test("work whose signal has aborted already is not begun", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  let begun = false;
  const work = () => {
    begun = true;
    return Promise.resolve();
  };
  await assertRejects(() => within(bounds(new FakeClock(), signal), work), Error, "enough");
  assertEquals(begun, false);
});
