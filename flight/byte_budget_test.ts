import { assertEquals, assertRejects } from "@std/assert";
import { ByteBudget } from "./byte_budget.ts";

const never = new AbortController().signal;

/** Whether the promise has settled after all microtasks that are due. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true, () => done = true);
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return done;
}

Deno.test("a stream waits at its own limit until bytes come back", async () => {
  const budget = new ByteBudget(1000);
  const share = budget.share(100);
  await budget.acquire(share, 60, never);
  const second = budget.acquire(share, 60, never);
  assertEquals(await settled(second), false);
  budget.release(share, 60);
  await second;
  assertEquals([share.used, budget.used], [60, 60]);
});

Deno.test("more than one message a stream uses only half of the whole", async () => {
  const budget = new ByteBudget(100);
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

Deno.test("a message larger than the limits goes alone", async () => {
  const budget = new ByteBudget(100);
  const share = budget.share(10);
  await budget.acquire(share, 500, never);
  const next = budget.acquire(budget.share(10), 500, never);
  assertEquals(await settled(next), false);
  budget.release(share, 500);
  await next;
});

Deno.test("one who waits and aborts holds nothing, and those behind go on", async () => {
  const budget = new ByteBudget(100);
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
