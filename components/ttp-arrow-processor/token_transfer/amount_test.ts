import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Amount, DecimalText } from "./amount.ts";

const I128_MIN = -(2n ** 127n);
const I128_MAX = 2n ** 127n - 1n;
const int128 = fc.oneof(
  fc.bigInt({ min: I128_MIN, max: I128_MAX }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n, 999_999n, 10n ** 38n),
  fc.constantFrom(I128_MIN, I128_MAX, -(2n ** 53n), 1_000_000n, 2n ** 31n, 2n ** 32n - 1n),
);

function amountOf(value: bigint): Amount {
  const word = (shift: bigint) => Number(BigInt.asIntN(32, value >> shift));
  return new Amount().setWords(word(96n), word(64n), word(32n), word(0n));
}

function textOf(value: bigint): string {
  const text = new DecimalText();
  const { w3, w2, w1, w0 } = amountOf(value);
  text.write(w3, w2, w1, w0);
  return new TextDecoder().decode(text.bytes.subarray(text.start, text.end));
}

Deno.test("every 128-bit integer is written as its exact decimal text", () => {
  fc.assert(fc.property(int128, (v) => textOf(v) === String(v)), { numRuns: 5000 });
  assertEquals(textOf(I128_MIN), String(I128_MIN));
  assertEquals(textOf(I128_MAX), String(I128_MAX));
});

Deno.test("unsigned 64-bit integers are written exactly", () => {
  const text = new DecimalText();
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (v) => {
      text.writeUint64(Number(BigInt.asIntN(32, v >> 32n)), Number(BigInt.asIntN(32, v)));
      return new TextDecoder().decode(text.bytes.subarray(text.start, text.end)) === String(v);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("sums, differences and negation wrap at 128 bits as two's complement does", () => {
  fc.assert(
    fc.property(int128, int128, (a, b) => {
      assertEquals(amountOf(a).toBigInt(), a);
      assertEquals(amountOf(a).add(amountOf(b)).toBigInt(), BigInt.asIntN(128, a + b));
      assertEquals(amountOf(a).subtract(amountOf(b)).toBigInt(), BigInt.asIntN(128, a - b));
      assertEquals(amountOf(a).negate().toBigInt(), BigInt.asIntN(128, -a));
      assertEquals(amountOf(a).wrapInt64().toBigInt(), BigInt.asIntN(64, a));
      assertEquals(amountOf(a).isNegative, a < 0n);
      assertEquals(amountOf(a).isZero, a === 0n);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("XDR int64 and i128 are read with their sign", () => {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigInt64(0, -5n);
  assertEquals(new Amount().setInt64(view, 0).toBigInt(), -5n);
  view.setBigInt64(0, -1n);
  view.setBigUint64(8, 7n);
  assertEquals(new Amount().setInt128(view, 0).toBigInt(), (-1n << 64n) + 7n);
});
