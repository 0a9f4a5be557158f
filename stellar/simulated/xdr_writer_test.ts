import { assertEquals } from "@std/assert";
import { XdrWriter } from "./xdr_writer.ts";

Deno.test("numbers are big-endian, opaques are padded with zeros", () => {
  const out = new XdrWriter().word(-2).hyper(-1n).flag(true).opaque(new Uint8Array([1, 2, 3, 4, 5]))
    .variableOpaque(new Uint8Array([9])).ascii("ab");
  assertEquals([...out.slice()], [
    ...[0xff, 0xff, 0xff, 0xfe],
    ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ...[0, 0, 0, 1],
    ...[1, 2, 3, 4, 5, 0, 0, 0],
    ...[0, 0, 0, 1, 9, 0, 0, 0],
    ...[0, 0, 0, 2, 97, 98, 0, 0],
  ]);
});

Deno.test("padding is zero in a buffer that was used before", () => {
  const out = new XdrWriter().hyper(-1n).clear().opaque(new Uint8Array([7]));
  assertEquals([...out.slice()], [7, 0, 0, 0]);
});

Deno.test("a writer grows with what it holds, and words can be patched", () => {
  const out = new XdrWriter().word(0);
  const large = new Uint8Array(100_000).fill(3);
  out.raw(large).raw(large, 10, 20).patchWord(0, 77);
  assertEquals(out.length, 100_014);
  assertEquals(out.slice(4), new Uint8Array(100_010).fill(3));
  assertEquals([...out.slice(0).subarray(0, 4)], [0, 0, 0, 77]);
});
