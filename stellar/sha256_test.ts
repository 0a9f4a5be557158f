import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { Sha256 } from "./sha256.ts";

/** Deterministic bytes, so that a failure can be repeated. */
function someBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function expected(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

Deno.test("a range inside a buffer has the digest node:crypto gives, for every length to 300 and some larger", () => {
  const big = someBytes(300_000, 7);
  const sha = new Sha256();
  const out = new Uint8Array(40).fill(0xee);
  const lengths = [...Array(300).keys(), 511, 512, 513, 4096, 65_535, 65_536, 65_537, 250_000];
  for (const length of lengths) {
    const start = (length * 37) % 1000;
    sha.hash(big, start, start + length, out, 4);
    assertEquals(out.slice(4, 36), expected(big.slice(start, start + length)), `length ${length}`);
    assertEquals([...out.slice(0, 4), ...out.slice(36)], Array(8).fill(0xee));
  }
});

Deno.test("pieces given one after the other have the digest of the whole, below and above the gathering limit", () => {
  const big = someBytes(400_000, 11);
  const sha = new Sha256();
  const out = new Uint8Array(32);
  for (const pieces of [[], [0], [36, 450], [65_536], [65_536, 1], [65_000, 1000, 70_000, 3]]) {
    sha.reset();
    let at = 0;
    for (const piece of pieces) {
      sha.update(big, at, at + piece);
      at += piece;
    }
    sha.digestInto(out);
    assertEquals(out, expected(big.slice(0, at)), `pieces ${pieces}`);
  }
});

Deno.test("a digest ends what was gathered, and a one-shot hash between updates leaves it alone", () => {
  const bytes = someBytes(100, 3);
  const sha = new Sha256();
  const out = new Uint8Array(32);
  sha.update(bytes, 0, 50);
  sha.hash(bytes, 0, 10, out, 0);
  sha.update(bytes, 50).digestInto(out);
  assertEquals(out, expected(bytes));
  sha.digestInto(out);
  assertEquals(out, expected(new Uint8Array(0)));
});

Deno.test("a range outside the buffer is refused instead of being cut", () => {
  const sha = new Sha256();
  const out = new Uint8Array(32);
  assertThrows(() => sha.hash(new Uint8Array(10), 5, 11, out, 0), RangeError, "holds 10 bytes");
  assertThrows(() => sha.hash(new Uint8Array(10), -1, 4, out, 0), RangeError);
  assertThrows(() => sha.hash(new Uint8Array(10), 0, 4, out, 1), RangeError, "needs 32 bytes");
  assertThrows(() => sha.update(new Uint8Array(10), 0, 11), RangeError);
});
