import { assertEquals, assertNotStrictEquals } from "@std/assert";
import { Vector } from "apache-arrow";
import { INITIAL_ROWS } from "./column.ts";
import { Uint32Column } from "./uint32_column.ts";

Deno.test("unsigned integers and nulls come back in order", () => {
  const column = new Uint32Column();
  column.append(0);
  column.appendNull();
  column.append(0xffff_ffff);
  assertEquals(column.byteLength, 3 * 4 + 1);
  const data = column.toData();
  assertEquals([...new Vector([data])], [0, null, 0xffff_ffff]);
  assertEquals(data.nullCount, 1);
  assertEquals(column.length, 0);
});

Deno.test("a column without nulls has no validity bitmap", () => {
  const column = new Uint32Column();
  column.append(7);
  const data = column.toData();
  assertEquals(data.nullCount, 0);
  assertEquals(data.nullBitmap?.byteLength ?? 0, 0);
});

Deno.test("a column grows past its first size and keeps every value and null", () => {
  const column = new Uint32Column();
  const n = INITIAL_ROWS * 3 + 5;
  for (let i = 0; i < n; i++) i % 7 === 3 ? column.appendNull() : column.append(i);
  const values = [...new Vector([column.toData()])];
  assertEquals(values, Array.from({ length: n }, (_, i) => i % 7 === 3 ? null : i));
});

Deno.test("truncating forgets values and nulls, and later values take their place", () => {
  const column = new Uint32Column();
  for (let i = 0; i < 20; i++) i > 8 ? column.appendNull() : column.append(i);
  column.truncate(10);
  column.truncate(15);
  for (let i = 10; i < 14; i++) column.append(i);
  const data = column.toData();
  assertEquals(data.nullCount, 1);
  assertEquals([...new Vector([data])], [0, 1, 2, 3, 4, 5, 6, 7, 8, null, 10, 11, 12, 13]);
});

Deno.test("truncating all nulls away leaves no bitmap, and the next batch starts clean", () => {
  const column = new Uint32Column();
  column.append(1);
  column.appendNull();
  column.truncate(1);
  assertEquals(column.toData().nullCount, 0);
  column.appendNull();
  column.append(2);
  assertEquals([...new Vector([column.toData()])], [null, 2]);
  column.append(3);
  assertEquals([...new Vector([column.toData()])], [3]);
});

Deno.test("bits of the validity bitmap past the last value are zero", () => {
  const column = new Uint32Column();
  column.appendNull();
  column.append(1);
  column.append(1);
  assertEquals([...column.toData().nullBitmap!.subarray(0, 1)], [0b110]);
});

Deno.test("each batch has buffers of its own, of exact size", () => {
  const column = new Uint32Column();
  column.append(1);
  const first = column.toData();
  column.append(2);
  const second = column.toData();
  assertNotStrictEquals(first.values.buffer, second.values.buffer);
  assertEquals([...first.values, ...second.values], [1, 2]);
  assertEquals(first.values.buffer.byteLength, 4);
});

Deno.test("an empty column gives empty data", () => {
  const data = new Uint32Column().toData();
  assertEquals([data.length, data.nullCount, data.values.length], [0, 0, 0]);
});
