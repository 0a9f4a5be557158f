import { assert, assertEquals, assertRejects } from "@std/assert";
import { orderedMap } from "./ordered_map.ts";

async function* values(n: number, onPull?: (i: number) => void) {
  for (let i = 0; i < n; i++) {
    onPull?.(i);
    yield await Promise.resolve(i);
  }
}

Deno.test("results come in order although later work is done first", async () => {
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const results = Array.fromAsync(orderedMap(values(4), 4, (i) => gates[i]!.promise));
  for (const i of [3, 1, 2, 0]) gates[i]!.resolve(i * 10);
  assertEquals(await results, [0, 10, 20, 30]);
});

Deno.test("a result does not wait for the source's next value", async () => {
  const hold = Promise.withResolvers<void>();
  async function* slow() {
    yield 1;
    await hold.promise;
    yield 2;
  }
  const results = orderedMap(slow(), 4, (i) => Promise.resolve(i));
  assertEquals((await results.next()).value, 1);
  hold.resolve();
  assertEquals((await results.next()).value, 2);
  assertEquals((await results.next()).done, true);
});

Deno.test("a consumer that does not read holds the source after the limit", async () => {
  let pulled = 0;
  const results = orderedMap(values(100, () => pulled++), 3, (i) => Promise.resolve(i));
  await results.next();
  assert(pulled <= 5, `${pulled} values were taken`);
  await results.return();
});

Deno.test("an error of the source comes after the results of the values before it", async () => {
  async function* broken() {
    yield 1;
    yield 2;
    throw new Error("lost");
  }
  const seen: number[] = [];
  await assertRejects(
    async () => {
      for await (const i of orderedMap(broken(), 4, (i) => Promise.resolve(i))) seen.push(i);
    },
    Error,
    "lost",
  );
  assertEquals(seen, [1, 2]);
});

Deno.test("an error of the work is told in its turn, and the source is closed", async () => {
  let closed = false;
  async function* source() {
    try {
      yield* values(10);
    } finally {
      closed = true;
    }
  }
  const seen: number[] = [];
  await assertRejects(
    async () => {
      const work = (i: number) => i === 2 ? Promise.reject(new Error("bad")) : Promise.resolve(i);
      for await (const i of orderedMap(source(), 4, work)) seen.push(i);
    },
    Error,
    "bad",
  );
  assertEquals(seen, [0, 1]);
  assert(closed);
});

Deno.test("a source that waits is told to end when the consumer has enough", async () => {
  const ended = Promise.withResolvers<void>();
  async function* waiting() {
    yield 1;
    await ended.promise;
  }
  const results = orderedMap(waiting(), 4, (i) => Promise.resolve(i), () => ended.resolve());
  assertEquals((await results.next()).value, 1);
  assertEquals((await results.return()).done, true);
});
