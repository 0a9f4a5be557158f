import { assertEquals, assertThrows } from "@std/assert";
import { MAX_TOID_LEDGER, toid, toidLowWord } from "./toid.ts";

Deno.test("a TOID holds ledger, transaction and operation in 32, 20 and 12 bits", () => {
  assertEquals(toid(0, 0, 0), 0n);
  assertEquals(toid(1, 0, 0), 4294967296n);
  assertEquals(toid(0, 1, 0), 4096n);
  assertEquals(toid(53312000, 12, 1), 53312000n * 2n ** 32n + 12n * 4096n + 1n);
  assertEquals(toid(MAX_TOID_LEDGER, 2 ** 20 - 1, 2 ** 12 - 1), 2n ** 63n - 1n);
});

Deno.test("the low word beside the ledger gives the same 64 bits, also where its sign bit is set", () => {
  for (const [transaction, operation] of [[0, 0], [1, 1], [524288, 0], [1048575, 4095]] as const) {
    const words = new Int32Array([toidLowWord(transaction, operation), 77]);
    assertEquals(new BigInt64Array(words.buffer)[0], toid(77, transaction, operation));
  }
});

Deno.test("what does not fit is refused instead of running into the next field", () => {
  assertThrows(() => toid(MAX_TOID_LEDGER + 1, 1, 1), RangeError, "2147483648");
  assertThrows(() => toid(-1, 1, 1), RangeError);
  assertThrows(() => toid(1.5, 1, 1), RangeError);
  assertThrows(() => toid(1, 2 ** 20, 1), RangeError, "Transaction index 1048576");
  assertThrows(() => toid(1, 1, 2 ** 12), RangeError, "Operation index 4096");
  assertThrows(() => toidLowWord(-1, 0), RangeError);
});
