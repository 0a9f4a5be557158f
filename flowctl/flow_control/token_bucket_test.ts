import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { FlowControlError } from "./flow_control_error.ts";
import { TokenBucket } from "./token_bucket.ts";

/** A bucket, and the order and times at which what was asked of it went. */
function bucketWithLog() {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ clock });
  const went: string[] = [];
  const take = (name: string, amount: number, signal?: AbortSignal) =>
    bucket.take(amount, signal).then(
      () => void went.push(`${name} ${Math.round(clock.monotonic() * 1000) / 1000}`),
      (error) => void went.push(`${name}: ${error.message ?? error}`),
    );
  return { clock, bucket, went, take };
}

Deno.test("a bucket without a rate lets everything through at once and keeps no timer", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  take("a", 1e12);
  take("b", 1);
  await clock.advance(0);
  assertEquals([went, clock.pending, bucket.waiting, bucket.rate], [
    ["a 0", "b 0"],
    0,
    0,
    undefined,
  ]);
});

Deno.test("a tenth of a second's worth goes at once, the rest at the rate", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(100);
  for (let i = 0; i < 13; i++) take(`${i}`, 1);
  await clock.advance(0);
  assertEquals(went.length, 10);
  await clock.advance(30);
  assertEquals(went.slice(10), ["10 10", "11 20", "12 30"]);
  assertEquals(clock.pending, 0);
});

Deno.test("a bucket of less than ten a second still lets one go", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(0.5);
  take("a", 1);
  take("b", 1);
  await clock.advance(1999);
  assertEquals(went, ["a 0"]);
  await clock.advance(1);
  assertEquals(went, ["a 0", "b 2000"]);
});

Deno.test("an amount larger than the burst goes whole, and the next waits for its debt", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(100);
  take("large", 60);
  take("small", 1);
  await clock.advance(509);
  assertEquals(went, ["large 0"]);
  await clock.advance(1);
  assertEquals(went, ["large 0", "small 510"]);
});

Deno.test("who asks first goes first, a small amount does not pass a large one", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(100);
  take("first", 10);
  take("large", 10);
  take("small", 1);
  await clock.advance(90);
  assertEquals(went, ["first 0"], "there are 9, enough for the small one");
  await clock.advance(1000);
  assertEquals(went, ["first 0", "large 100", "small 110"]);
});

Deno.test("readers that ask for the same again and again get the same share", async () => {
  const { clock, bucket } = bucketWithLog();
  bucket.setRate(1000);
  const counts = [0, 0, 0, 0];
  const stop = new AbortController();
  const readers = counts.map(async (_, i) => {
    while (!stop.signal.aborted) {
      await bucket.take(7, stop.signal);
      counts[i]!++;
    }
  });
  const ended = Promise.allSettled(readers);
  await clock.advance(10_000);
  stop.abort();
  await ended;
  assertEquals(Math.max(...counts) - Math.min(...counts) <= 1, true, `${counts}`);
  const total = counts.reduce((sum, count) => sum + count) * 7;
  assertEquals(total > 10_000 && total <= 10_107, true, `${total} of 10,000 and the burst`);
});

Deno.test("over time exactly the rate goes through, whatever the amounts", async () => {
  const { clock, bucket } = bucketWithLog();
  bucket.setRate(3);
  let sum = 0;
  for (let i = 0; i < 1000; i++) {
    const amount = (i * 7919 % 100) / 10;
    const taken = bucket.take(amount);
    while (bucket.waiting > 0) await clock.advance(100);
    await taken;
    sum += amount;
  }
  const seconds = clock.monotonic() / 1000;
  assertEquals(Math.abs(sum / seconds - 3) < 0.01, true, `${sum / seconds}`);
});

Deno.test("a new rate counts at once for who waits already", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(10);
  take("a", 1);
  take("b", 1);
  await clock.advance(50);
  bucket.setRate(1);
  await clock.advance(499);
  assertEquals(went, ["a 0"]);
  await clock.advance(1);
  assertEquals(went, ["a 0", "b 550"], "half of it was there after 50 ms, the other takes 500");
  take("c", 1);
  await clock.advance(100);
  bucket.setRate(1000);
  await clock.advance(0.9);
  assertEquals(went.slice(2), ["c 650.9"]);
  assertEquals(clock.pending, 0);
});

Deno.test("the same rate again changes nothing", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(1);
  take("a", 1);
  take("b", 1);
  for (let i = 0; i < 10; i++) {
    await clock.advance(99);
    bucket.setRate(1);
  }
  assertEquals(went, ["a 0"]);
  await clock.advance(10);
  assertEquals(went, ["a 0", "b 1000"]);
});

Deno.test("without a rate those who wait go at once, in their order, and their debt is gone", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(1);
  take("a", 100);
  take("b", 1);
  take("c", 1);
  await clock.advance(10);
  bucket.setRate(undefined);
  await clock.advance(0);
  assertEquals([went, clock.pending], [["a 0", "b 10", "c 10"], 0]);
  bucket.setRate(1);
  take("d", 1);
  await clock.advance(0);
  assertEquals(went.at(-1), "d 10");
});

Deno.test("who is aborted leaves the queue and no timer; the next takes its place", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(10);
  const [first, second] = [new AbortController(), new AbortController()];
  take("a", 1);
  take("b", 100, first.signal);
  take("c", 1, second.signal);
  take("d", 1);
  first.abort(new Error("gone"));
  await clock.advance(0);
  assertEquals(went, ["a 0", "b: gone"]);
  second.abort(new Error("gone too"));
  await clock.advance(100);
  assertEquals(went, ["a 0", "b: gone", "c: gone too", "d 100"]);
  assertEquals([clock.pending, bucket.waiting], [0, 0]);
  second.abort();
  const last = new AbortController();
  take("e", 1, last.signal);
  last.abort(new Error("late"));
  await clock.advance(0);
  assertEquals([went.at(-1), clock.pending], ["e: late", 0]);
});

Deno.test("a signal that has aborted already takes nothing", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(10);
  await assertRejects(
    () => bucket.take(1, AbortSignal.abort(new Error("before"))),
    Error,
    "before",
  );
  take("a", 1);
  await clock.advance(0);
  assertEquals(went, ["a 0"]);
});

Deno.test("what waits longer than any timer is waited for all the same", async () => {
  const { clock, bucket, went, take } = bucketWithLog();
  bucket.setRate(0.0001);
  take("a", 1);
  take("b", 1);
  await clock.advance(9_999_999);
  assertEquals(went, ["a 0"]);
  await clock.advance(1);
  assertEquals(went, ["a 0", "b 10000000"]);
});

Deno.test("rates and amounts that cannot be are refused", async () => {
  const { bucket } = bucketWithLog();
  for (const rate of [0, -1, NaN, Infinity]) {
    const { message } = assertThrows(() => bucket.setRate(rate), FlowControlError);
    assertEquals(message, `A rate must be a number above 0, or undefined for no limit: ${rate}`);
  }
  for (const amount of [-1, NaN, Infinity]) {
    const { message } = await assertRejects(() => bucket.take(amount), FlowControlError);
    assertEquals(message, `An amount must be a number from 0 on: ${amount}`);
  }
});

Deno.test("one waiter too many is refused with a sentence", async () => {
  const { bucket } = bucketWithLog();
  bucket.setRate(1);
  const waiting = [bucket.take(1)];
  for (let i = 0; i < 10_000; i++) waiting.push(bucket.take(1));
  const { code, message } = await assertRejects(() => bucket.take(1), FlowControlError);
  assertEquals([code, message], [
    "CAPACITY",
    "10000 wait already, which is the most: ask again when some have gone",
  ]);
  bucket.setRate(undefined);
  await Promise.all(waiting);
});
