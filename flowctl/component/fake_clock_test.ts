import { assertEquals, assertRejects } from "@std/assert";
import { realClock } from "./clock.ts";
import { FakeClock } from "./fake_clock.ts";

Deno.test("time goes by only when it is told to, and calls what falls due in order", async () => {
  const clock = new FakeClock(1_000);
  const calls: string[] = [];
  clock.setTimeout(() => calls.push("b"), 20);
  clock.setTimeout(() => calls.push("a"), 10);
  const every = clock.setInterval(() => calls.push(`every ${clock.monotonic()}`), 15);
  assertEquals([clock.now(), calls.length], [1_000, 0]);
  await clock.advance(30);
  assertEquals(calls, ["a", "every 15", "b", "every 30"]);
  assertEquals([clock.now(), clock.monotonic()], [1_030, 30]);
  every.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a loop of sleeps runs on within one advance", async () => {
  const clock = new FakeClock();
  let turns = 0;
  const loop = (async () => {
    while (turns < 3) {
      await clock.sleep(10);
      turns++;
    }
  })();
  await clock.advance(25);
  assertEquals(turns, 2);
  await clock.advance(5);
  await loop;
  assertEquals(turns, 3);
});

Deno.test("a sleep ends with the reason of an abort and leaves no timer", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const sleep = clock.sleep(1_000, controller.signal);
  controller.abort(new Error("enough"));
  await assertRejects(() => sleep, Error, "enough");
  assertEquals(clock.pending, 0);
  await assertRejects(() => realClock.sleep(1e6, controller.signal), Error, "enough");
});

Deno.test("a jump of the wall clock moves no timer", async () => {
  const clock = new FakeClock(0);
  let called = false;
  clock.setTimeout(() => called = true, 10);
  clock.jumpTo(1e9);
  await clock.advance(9);
  assertEquals([called, clock.now()], [false, 1e9 + 9]);
});

Deno.test("the real clock keeps its timers and lets them be stopped", async () => {
  const stopped = realClock.setTimeout(() => {
    throw new Error("was stopped");
  }, 1);
  stopped.stop();
  const { promise, resolve } = Promise.withResolvers<void>();
  const every = realClock.setInterval(resolve, 1);
  await promise;
  every.stop();
  await realClock.sleep(0);
});

Deno.test("what waits for settled promises is done when time has gone by, however long its chain", async () => {
  const clock = new FakeClock();
  let links = 0;
  const chain = async () => {
    for (; links < 1_000; links++) await Promise.resolve();
  };
  clock.setTimeout(chain, 5);
  await clock.advance(5);
  assertEquals(links, 1_000);
});
