import { assertEquals } from "@std/assert";
import type { Data } from "apache-arrow";
import fc from "fast-check";
import { INITIAL_ROWS } from "./column.ts";
import { Decimal128Column } from "./decimal128_column.ts";

const LARGEST = 10n ** 38n - 1n;

/** The value at `index`, put together from its four words. */
function at(data: Data, index: number): bigint {
  let v = 0n;
  for (let i = 3; i >= 0; i--) v = (v << 32n) | BigInt(data.values[index * 4 + i]);
  return BigInt.asIntN(128, v);
}

Deno.test("a decimal of up to 38 digits comes back exactly, from a bigint or from words", () => {
  fc.assert(fc.property(fc.bigInt({ min: -LARGEST, max: LARGEST }), (v) => {
    const column = new Decimal128Column();
    const word = (shift: bigint) => Number((v >> shift) & 0xffff_ffffn) | 0;
    column.appendBigInt(v);
    column.appendWords(word(96n), word(64n), word(32n), word(0n));
    const data = column.toData();
    assertEquals([at(data, 0), at(data, 1)], [v, v]);
  }));
});

Deno.test("a decimal column grows, truncates and has nulls", () => {
  const column = new Decimal128Column();
  for (let i = 0; i < INITIAL_ROWS * 2 + 2; i++) column.appendBigInt(BigInt(-i));
  column.appendNull();
  column.truncate(INITIAL_ROWS * 2 + 1);
  column.appendNull();
  const data = column.toData();
  assertEquals(data.nullCount, 1);
  assertEquals(at(data, INITIAL_ROWS * 2), BigInt(-INITIAL_ROWS * 2));
  assertEquals(data.getValid(INITIAL_ROWS * 2 + 1), false);
});
