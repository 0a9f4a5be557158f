import { assertEquals, assertRejects } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import { InflightBudget } from "./inflight_budget.ts";

const never = new AbortController().signal;

/** Whether the promise has settled after all microtasks that are due. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true, () => done = true);
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return done;
}

Deno.test("a stream waits at its own limit until bytes come back", async () => {
  const budget = new InflightBudget(1000);
  const share = budget.share(100);
  await budget.acquire(share, 60, never);
  const second = budget.acquire(share, 60, never);
  assertEquals(await settled(second), false);
  budget.release(share, 60);
  await second;
  assertEquals([share.used, budget.used], [60, 60]);
});

Deno.test("more than one message a stream uses only half of the whole", async () => {
  const budget = new InflightBudget(100);
  const [greedy, modest] = [budget.share(100), budget.share(100)];
  for (let i = 0; i < 5; i++) await budget.acquire(greedy, 10, never);
  const more = budget.acquire(greedy, 10, never);
  assertEquals(await settled(more), false);
  await budget.acquire(modest, 50, never);
  assertEquals(budget.used, 100);
  const third = budget.acquire(budget.share(100), 1, never);
  assertEquals(await settled(third), false);
  budget.release(modest, 50);
  await third;
  assertEquals(await settled(more), false);
  budget.release(greedy, 20);
  await more;
});

Deno.test("a large message gets its turn before small ones that come after it", async () => {
  const budget = new InflightBudget(100);
  const [a, b] = [budget.share(100), budget.share(100)];
  await budget.acquire(a, 40, never);
  await budget.acquire(b, 40, never);
  const large = budget.acquire(budget.share(100), 90, never);
  const small = budget.acquire(budget.share(100), 10, never);
  const next = budget.acquire(a, 1, never);
  assertEquals([await settled(small), await settled(next)], [false, false]);
  budget.release(a, 40);
  assertEquals([await settled(large), await settled(small)], [false, false]);
  budget.release(b, 40);
  await large;
  await small;
});

Deno.test("a stream that waits for its own limit, or for its second message, holds up no first one", async () => {
  const budget = new InflightBudget(100);
  const [narrow, wide] = [budget.share(30), budget.share(100)];
  await budget.acquire(narrow, 30, never);
  const own = budget.acquire(narrow, 10, never);
  await budget.acquire(wide, 10, never);
  // Held up by nobody: `own` waits for its own limit only.
  await budget.acquire(wide, 10, never);
  const second = budget.acquire(wide, 10, never);
  assertEquals([await settled(own), await settled(second)], [false, false]);
  await budget.acquire(budget.share(100), 40, never);
  assertEquals(budget.used, 90);
});

/** Timers and a clock that stand still until they are told. */
function fakeTime() {
  const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  return { tick: (ms: number) => clock.tick(ms), [Symbol.dispose]: () => clock.uninstall() };
}

Deno.test("the longest stalled stream is ended while another waits with nothing in flight", async () => {
  using time = fakeTime();
  const budget = new InflightBudget(100, { stalledMs: 1000 });
  const ended: string[] = [];
  const hold = async (name: string, bytes: number) => {
    const share = budget.share(100, () => ended.push(name));
    await budget.acquire(share, bytes, never);
    return share;
  };
  const reading = await hold("reading", 10);
  time.tick(1);
  const first = await hold("first", 45);
  time.tick(1);
  await hold("second", 45);
  time.tick(5000);
  budget.release(reading, 5);
  assertEquals(ended, [], "nobody waits");
  const waiting = budget.acquire(budget.share(100), 50, never);
  time.tick(0);
  assertEquals(ended, ["first"], "and no more than are needed");
  budget.release(first, 45);
  await waiting;
  time.tick(10_000);
  assertEquals(ended, ["first"]);
});

Deno.test("a stream that is taken from, however slowly, is not ended before the time is over", async () => {
  using time = fakeTime();
  const budget = new InflightBudget(100, { stalledMs: 1000 });
  let ended = false;
  const slow = budget.share(100, () => ended = true);
  await budget.acquire(slow, 50, never);
  const waiting = budget.acquire(budget.share(100), 99, never);
  for (let i = 0; i < 5; i++) {
    time.tick(999);
    budget.release(slow, 10);
  }
  await waiting;
  assertEquals(ended, false);
});

Deno.test("stalled streams that wait for nothing but each other wait for ever", async () => {
  using time = fakeTime();
  const budget = new InflightBudget(100, { stalledMs: 1000 });
  const ended: number[] = [];
  const aborted = new AbortController();
  const waiting: Promise<void>[] = [];
  for (let i = 0; i < 3; i++) {
    const share = budget.share(25, () => ended.push(i));
    await budget.acquire(share, 25, never);
    waiting.push(budget.acquire(share, 25, aborted.signal));
  }
  time.tick(1_000_000);
  assertEquals(ended, []);
  assertEquals(budget.endStalled(), true, "but they give way to a new stream");
  assertEquals(ended, [0]);
  aborted.abort(new Error("over"));
  for (const one of waiting) await assertRejects(() => one, Error, "over");
});

Deno.test("a message larger than the limits goes alone", async () => {
  const budget = new InflightBudget(100);
  const share = budget.share(10);
  await budget.acquire(share, 500, never);
  const next = budget.acquire(budget.share(10), 500, never);
  assertEquals(await settled(next), false);
  budget.release(share, 500);
  await next;
});

Deno.test("one who waits and aborts holds nothing, and those behind go on", async () => {
  const budget = new InflightBudget(100);
  const holder = budget.share(100);
  await budget.acquire(holder, 80, never);
  const controller = new AbortController();
  const large = budget.acquire(budget.share(100), 90, controller.signal);
  const small = budget.acquire(budget.share(100), 20, never);
  controller.abort(new Error("gone"));
  await assertRejects(() => large, Error, "gone");
  await small;
  assertEquals(budget.used, 100);
  await assertRejects(() => budget.acquire(holder, 1, controller.signal), Error, "gone");
});

Deno.test("ledgers in flight are bounded as bytes are: a quarter a stream, half beyond first messages", async () => {
  const budget = new InflightBudget(1e9, { maxLedgers: 100 });
  const shares = Array.from({ length: 4 }, () => budget.share(1e9));
  const hold = (i: number, ledgers: number) => budget.acquire(shares[i]!, 1, never, ledgers);
  await hold(0, 20);
  const beyondShare = hold(0, 10);
  await hold(0, 5);
  await hold(1, 24);
  await hold(2, 10);
  const beyondHalf = hold(1, 1);
  assertEquals([await settled(beyondShare), await settled(beyondHalf)], [false, false]);
  const beyondAll = hold(3, 50);
  assertEquals([await settled(beyondAll), budget.ledgers], [false, 59]);
  budget.release(shares[2]!, 1, 10);
  await beyondAll;
  budget.release(shares[3]!, 1, 50);
  await beyondHalf;
  budget.release(shares[0]!, 1, 20);
  await beyondShare;
  assertEquals([budget.ledgers, shares[0]!.ledgers], [40, 15]);
});

Deno.test("a batch of more ledgers than may be in flight goes alone", async () => {
  const budget = new InflightBudget(1e9, { maxLedgers: 10 });
  const share = budget.share(1e9);
  await budget.acquire(share, 1, never, 50);
  const next = budget.acquire(budget.share(1e9), 1, never, 1);
  assertEquals(await settled(next), false);
  budget.release(share, 1, 50);
  await next;
  assertEquals(budget.ledgers, 1);
});
