import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeFlightData, type FlightData, SerializedFlightData } from "./flight_data.ts";
import { FlightError } from "./flight_error.ts";

const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => i + 1);

/** The body as it stands on the wire: each piece padded to 8. */
function padded(body: readonly Uint8Array[]): Uint8Array {
  const length = body.reduce((sum, piece) => sum + ((piece.length + 7) & ~7), 0);
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of body) {
    out.set(piece, at);
    at += (piece.length + 7) & ~7;
  }
  return out;
}

const anyFrame = fc.record({
  descriptor: fc.uint8Array({ maxLength: 40 }),
  header: fc.uint8Array({ maxLength: 300 }),
  appMetadata: fc.uint8Array({ maxLength: 300 }),
  body: fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 6 }),
});

Deno.test("a message comes back with its padded body, whatever its parts", () => {
  fc.assert(fc.property(anyFrame, (parts) => {
    const body = padded(parts.body);
    const message = new SerializedFlightData({ ...parts, bodyLength: body.length });
    const wire = new Uint8Array(message.length + 3).fill(0xee);
    assertEquals(message.copy(wire, 3), message.byteLength);
    const back = decodeFlightData(wire.subarray(3));
    assertEquals(back.header.slice(0, parts.header.length), parts.header);
    assertEquals([...back.header.slice(parts.header.length)].some((b) => b !== 0), false);
    assertEquals(back.descriptor ?? new Uint8Array(0), parts.descriptor);
    assertEquals(back.appMetadata ?? new Uint8Array(0), parts.appMetadata);
    assertEquals(back.body[0] ?? new Uint8Array(0), body);
    assertEquals(back.bodyLength, body.length);
    // Behind gRPC's five bytes the body is aligned, where there is a header to pad.
    if (body.length > 0 && parts.header.length > 0) {
      assertEquals((5 + back.body[0]!.byteOffset - 3) % 8, 0);
    }
  }));
});

Deno.test("the wire bytes are those of the slot table", () => {
  const data: FlightData = {
    header: bytes(2),
    appMetadata: bytes(1),
    body: [bytes(3)],
    bodyLength: 8,
  };
  assertEquals([...new SerializedFlightData(data).toBytes()], [
    ...[0x1a, 1, 1],
    // One byte of padding, so that 5 + 3 + 2 + 3 + 3 is a multiple of 8.
    ...[0x12, 3, 1, 2, 0],
    ...[0xc2, 0x3e, 8, 1, 2, 3, 0, 0, 0, 0, 0],
  ]);
});

Deno.test("received fields are views, in any order, and unknown ones are passed over", () => {
  const wire = Uint8Array.from([
    ...[0xc2, 0x3e, 1, 9],
    ...[0x20, 0xac, 0x02], // field 4, varint
    ...[0x29, 1, 2, 3, 4, 5, 6, 7, 8], // field 5, 64 bits
    ...[0x35, 1, 2, 3, 4], // field 6, 32 bits
    ...[0x12, 2, 7, 8],
  ]);
  const data = decodeFlightData(wire);
  assertEquals([[...data.header], [...data.body[0]!]], [[7, 8], [9]]);
  assertStrictEquals(data.body[0]!.buffer, wire.buffer);
});

Deno.test("bytes that are no message are a FlightError, whatever they are", () => {
  for (const wire of [[0x12], [0x12, 5, 1], [0x12, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x13], [0x00]]) {
    assertThrows(() => decodeFlightData(Uint8Array.from(wire)), FlightError);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (wire) => {
    try {
      decodeFlightData(wire);
    } catch (error) {
      if (!(error instanceof FlightError)) throw error;
    }
  }));
});
