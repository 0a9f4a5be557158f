import { assertEquals } from "@std/assert";
import { Vector } from "apache-arrow";
import fc from "fast-check";
import { BinaryColumn } from "./binary_column.ts";
import { Utf8Column } from "./utf8_column.ts";

Deno.test("any text comes back, as a string or as its UTF-8 bytes", () => {
  const encoder = new TextEncoder();
  fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
    const column = new Utf8Column();
    for (const text of texts) {
      const bytes = encoder.encode(`x${text}x`);
      column.appendString(text);
      column.appendBytes(bytes, 1, bytes.length - 1);
    }
    assertEquals([...new Vector([column.toData()])], texts.flatMap((t) => [t, t]));
  }));
});

Deno.test("empty text and null are told apart", () => {
  const column = new Utf8Column();
  column.appendString("");
  column.appendNull();
  column.appendBytes(new Uint8Array(0), 0, 0);
  assertEquals(column.byteLength, 0 + 4 * 4 + 1);
  assertEquals([...new Vector([column.toData()])], ["", null, ""]);
});

Deno.test("truncated text is overwritten by what follows", () => {
  const column = new Utf8Column();
  for (const text of ["one", "two", "three"]) column.appendString(text);
  column.appendNull();
  column.truncate(1);
  column.appendString("zwei");
  const data = column.toData();
  assertEquals([...data.values], [...new TextEncoder().encode("onezwei")]);
  assertEquals([...new Vector([data])], ["one", "zwei"]);
});

Deno.test("text grows in bytes and in rows", () => {
  const column = new Utf8Column();
  const texts = Array.from({ length: 3000 }, (_, i) => "é".repeat(i % 150) + i);
  for (const text of texts) column.appendString(text);
  assertEquals([...new Vector([column.toData()])], texts);
});

Deno.test("byte strings of any length come back", () => {
  const column = new BinaryColumn();
  const source = Uint8Array.from({ length: 300_000 }, (_, i) => i * 31);
  column.appendBytes(source, 0, source.length);
  column.appendNull();
  column.appendBytes(source, 5, 5);
  column.appendBytes(source, 7, 80);
  assertEquals([...new Vector([column.toData()])], [
    source,
    null,
    new Uint8Array(0),
    source.slice(7, 80),
  ]);
});
