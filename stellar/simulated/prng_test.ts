import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Prng } from "./prng.ts";

Deno.test("the numbers are those of xoshiro128**", () => {
  // The reference implementation's first numbers from the state 1, 2, 3, 4.
  const prng = new Prng(Int32Array.of(1, 2, 3, 4));
  assertEquals([prng.next(), prng.next(), prng.next(), prng.next()], [11520, 0, 5927040, 70819200]);
});

Deno.test("a generator goes on from a copy of its state", () => {
  const prng = Prng.fromSeed("seed");
  prng.next();
  const copy = new Prng(prng.state.slice());
  assertEquals(copy.bytes(64), prng.bytes(64));
  assertNotEquals(Prng.fromSeed("other").next(), Prng.fromSeed("seed").next());
});

Deno.test("draws stay within their bounds and reach them", () => {
  const prng = Prng.fromSeed("bounds"), seen = new Set<number>();
  for (let i = 0; i < 2000; i++) {
    seen.add(prng.between(3, 7));
    const amount = prng.amount(100);
    assert(amount >= 10_000_000n && amount < 1_010_000_000n, `${amount}`);
  }
  assertEquals([...seen].sort(), [3, 4, 5, 6, 7]);
});
