import { assertEquals } from "@std/assert";
import {
  type DataType,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  Int16,
  Int32,
  Int8,
  Schema,
  Timestamp,
  TimestampMicrosecond,
  TimeUnit,
  Uint32,
  Utf8,
} from "apache-arrow";
import { sameType, schemaDifference } from "./same_type.ts";

Deno.test("types are the same when they mean the same, whatever their class or dictionary id", () => {
  const same: [DataType, DataType][] = [
    [new TimestampMicrosecond("UTC"), new Timestamp(TimeUnit.MICROSECOND, "UTC")],
    [new Dictionary(new Utf8(), new Int8(), 1), new Dictionary(new Utf8(), new Int8(), 2)],
    [new Decimal(0, 38, 128), new Decimal(0, 38, 128)],
  ];
  for (const [a, b] of same) assertEquals(sameType(a, b), true, `${a} ${b}`);
});

Deno.test("types that differ in width, unit, zone, scale or index are not the same", () => {
  const different: [DataType, DataType][] = [
    [new Timestamp(TimeUnit.MICROSECOND, "UTC"), new Timestamp(TimeUnit.MICROSECOND, null)],
    [new Timestamp(TimeUnit.MICROSECOND, "UTC"), new Timestamp(TimeUnit.SECOND, "UTC")],
    [new Dictionary(new Utf8(), new Int8(), 1), new Dictionary(new Utf8(), new Int16(), 1)],
    [new Dictionary(new Utf8(), new Int8(), 1), new Utf8()],
    [new Decimal(0, 38, 128), new Decimal(7, 38, 128)],
    [new FixedSizeBinary(32), new FixedSizeBinary(31)],
    [new Uint32(), new Int32()],
  ];
  for (const [a, b] of different) assertEquals(sameType(a, b), false, `${a} ${b}`);
});

Deno.test("a difference between schemas is told in a sentence that names the column", () => {
  const a = new Schema([new Field("n", new Uint32(), false)]);
  const b = new Schema([new Field("n", new Int32(), false)]);
  const c = new Schema([new Field("m", new Uint32(), false)]);
  assertEquals(schemaDifference(a, a), undefined);
  assertEquals(schemaDifference(a, b), 'column "n" must be Uint32: it is Int32');
  assertEquals(schemaDifference(a, c), "the columns must be n: they are m");
});
