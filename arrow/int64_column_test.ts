import { assertEquals } from "@std/assert";
import { Vector } from "apache-arrow";
import fc from "fast-check";
import { INITIAL_ROWS } from "./column.ts";
import { Int64Column } from "./int64_column.ts";
import { TimestampMicrosColumn } from "./timestamp_micros_column.ts";

Deno.test("words, numbers and bigints give the same int64", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (v) => {
    const column = new Int64Column();
    column.appendNumber(v);
    column.appendBigInt(BigInt(v));
    column.appendWords(
      Number(BigInt.asIntN(32, BigInt(v) >> 32n)),
      Number(BigInt(v) & 0xffffffffn),
    );
    assertEquals([...new Vector([column.toData()])], [BigInt(v), BigInt(v), BigInt(v)]);
  }));
});

Deno.test("the ends of int64 are kept", () => {
  const column = new Int64Column();
  const ends = [-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n];
  for (const v of ends) column.appendBigInt(v);
  column.appendWords(-0x8000_0000, 0);
  column.appendNull();
  assertEquals(column.byteLength, 6 * 8 + 1);
  assertEquals([...new Vector([column.toData()])], [...ends, -(2n ** 63n), null]);
});

Deno.test("an int64 column grows and truncates", () => {
  const column = new Int64Column();
  for (let i = 0; i < INITIAL_ROWS + 10; i++) column.appendNumber(i);
  column.truncate(INITIAL_ROWS + 1);
  assertEquals(new Vector([column.toData()]).get(INITIAL_ROWS), BigInt(INITIAL_ROWS));
});

Deno.test("seconds become microseconds, also before 1970", () => {
  const column = new TimestampMicrosColumn();
  column.appendSeconds(1_700_000_000);
  column.appendSeconds(-1);
  const data = column.toData();
  assertEquals(data.values, BigInt64Array.of(1_700_000_000_000_000n, -1_000_000n));
  assertEquals(String(data.type), "Timestamp<MICROSECOND, UTC>");
});
