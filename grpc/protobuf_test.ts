import { assertEquals } from "@std/assert";
import fc from "fast-check";
import protobuf from "protobufjs";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";

Deno.test("any fields are read as written, and as another implementation writes and reads them", () => {
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer(),
    fc.constantFrom(127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 49 - 1, 2 ** 49, -1),
  ).map((value) => value === 0 ? 1 : value);
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 100 }).map((s) => s.toWellFormed()),
    fc.constantFrom(
      "x".repeat(42),
      "台".repeat(42),
      "x".repeat(43),
      "台".repeat(43),
      "ü".repeat(200),
    ),
  );
  const fields = fc.array(fc.record({
    field: fc.constantFrom(1, 15, 16, 2047, 2048, 536_870_911),
    value: fc.oneof(number, text, fc.uint8Array({ maxLength: 300 })),
  }));
  fc.assert(fc.property(fields, (all) => {
    const writer = new ProtoWriter();
    const other = protobuf.Writer.create();
    for (const { field, value } of all) {
      if (typeof value === "number") {
        writer.integer(field, value);
        other.uint32(field * 8).int64(value);
      } else if (typeof value === "string") {
        writer.stringElement(field, value);
        other.uint32(field * 8 + 2 >>> 0).string(value);
      } else {
        writer.bytes(field, value, true);
        other.uint32(field * 8 + 2 >>> 0).bytes(value);
      }
    }
    const bytes = writer.finish();
    assertEquals(bytes, Uint8Array.from(other.finish()));
    const reader = new ProtoReader(bytes, "Test");
    for (const { field, value } of all) {
      assertEquals(reader.next(), field);
      if (typeof value === "number") assertEquals(reader.integer(), value);
      else if (typeof value === "string") assertEquals(reader.string(), value);
      else assertEquals(reader.bytes(), value);
    }
    assertEquals(reader.next(), 0);
  }));
});

Deno.test("doubles are read as written, at any place of a larger buffer", () => {
  fc.assert(fc.property(fc.array(fc.double()), fc.nat(9), (values, offset) => {
    const writer = new ProtoWriter();
    for (const value of values) writer.double(3, value);
    const bytes = new Uint8Array(offset + 9 * values.length);
    bytes.set(writer.finish(), offset);
    const reader = new ProtoReader(bytes.subarray(offset), "Test");
    for (const value of values) assertEquals([reader.next(), reader.double()], [3, value]);
    assertEquals(reader.next(), 0);
  }));
});
