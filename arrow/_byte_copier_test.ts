import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteCopier } from "./_byte_copier.ts";

Deno.test("any range of any source is copied exactly, and nothing beside it", () => {
  const range = fc.record({
    source: fc.uint8Array({ maxLength: 200 }),
    offset: fc.nat(9),
    start: fc.nat(200),
    length: fc.nat(200),
    at: fc.nat(50),
  });
  const out = new Uint8Array(300);
  const copier = new ByteCopier(out);
  fc.assert(fc.property(range, ({ source, offset, start, length, at }) => {
    // A view that does not begin where its buffer does, as ledgers in a batch file are.
    const view = new Uint8Array(source.length + offset).subarray(offset);
    view.set(source);
    const from = Math.min(start, source.length);
    const to = Math.min(from + length, source.length);
    out.fill(0xee);
    copier.copy(view, from, to, at);
    copier.copy(view, from, from, at + 250);
    const expected = new Uint8Array(300).fill(0xee);
    expected.set(source.slice(from, to), at);
    assertEquals(out, expected);
  }));
});

Deno.test("after moving, copies go to the new buffer", () => {
  const [before, after] = [new Uint8Array(16), new Uint8Array(32)];
  const copier = new ByteCopier(before);
  copier.copy(Uint8Array.of(1, 2, 3), 0, 3, 0);
  copier.moveTo(after);
  copier.copy(Uint8Array.of(4, 5, 6, 7, 8, 9, 10, 11, 12), 0, 9, 20);
  assertEquals([...before.subarray(0, 4)], [1, 2, 3, 0]);
  assertEquals([...after.subarray(19, 30)], [0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0]);
});
