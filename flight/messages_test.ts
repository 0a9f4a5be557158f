import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import protobuf from "protobufjs";
import { SerializedFlightData } from "./flight_data.ts";
import { FlightError } from "./flight_error.ts";
import {
  decodeAction,
  decodeActionType,
  decodeBytesMessage,
  decodeFlightDescriptor,
  decodeFlightInfo,
  decodeHandshake,
  encodeAction,
  encodeActionType,
  encodeBytesMessage,
  encodeFlightDescriptor,
  encodeFlightInfo,
  encodeHandshake,
  encodePollInfo,
} from "./messages.ts";

const root = new protobuf.Root();
root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")!.nested!);
const source = await Deno.readTextFile(new URL("../proto/Flight.proto", import.meta.url));
protobuf.parse(source, root, { keepCase: true });

/** What protobufjs makes of our bytes, by proto/Flight.proto; fields that were not sent are out. */
function byProto(name: string, bytes: Uint8Array): Record<string, unknown> {
  const type = root.lookupType(`arrow.flight.protocol.${name}`);
  return type.toObject(type.decode(bytes), { longs: Number, bytes: Array, enums: String });
}

/** The bytes that protobufjs makes of an object. */
function toProto(name: string, value: Record<string, unknown>): Uint8Array {
  const type = root.lookupType(`arrow.flight.protocol.${name}`);
  return new Uint8Array(type.encode(type.fromObject(value)).finish());
}

const text = new TextEncoder();
const descriptor = { type: 2, cmd: text.encode("{}"), path: ["a", "", "ü"] };
const info = {
  schema: Uint8Array.of(1, 2, 3),
  descriptor,
  endpoints: [{ ticket: text.encode("t"), locations: ["grpc://a:1"] }, {
    ticket: new Uint8Array(0),
    locations: [],
  }],
  totalRecords: -1,
  totalBytes: 2 ** 52,
  ordered: true,
  appMetadata: text.encode("m"),
};
const infoByProto = {
  schema: [1, 2, 3],
  flight_descriptor: { type: "CMD", cmd: [123, 125], path: ["a", "", "ü"] },
  endpoint: [{ ticket: { ticket: [116] }, location: [{ uri: "grpc://a:1" }] }, { ticket: {} }],
  total_records: -1,
  total_bytes: 2 ** 52,
  ordered: true,
  app_metadata: [109],
};

Deno.test("messages written here read by the proto file as they are meant", () => {
  assertEquals(byProto("FlightInfo", encodeFlightInfo(info)), infoByProto);
  assertEquals(byProto("PollInfo", encodePollInfo(info)), { info: infoByProto, progress: 1 });
  const bytes = encodeBytesMessage({ value: Uint8Array.of(7) });
  assertEquals(byProto("Ticket", bytes), { ticket: [7] });
  assertEquals(byProto("Result", bytes), { body: [7] });
  assertEquals(byProto("SchemaResult", bytes), { schema: [7] });
  assertEquals(byProto("PutResult", bytes), { app_metadata: [7] });
  const action = { type: "a", body: Uint8Array.of(9) };
  assertEquals(byProto("Action", encodeAction(action)), { type: "a", body: [9] });
  const type = { type: "a", description: "b" };
  assertEquals(byProto("ActionType", encodeActionType(type)), type);
  const handshake = encodeHandshake({ payload: Uint8Array.of(1) });
  assertEquals(byProto("HandshakeResponse", handshake), { payload: [1] });
  const data = new SerializedFlightData({
    descriptor: encodeFlightDescriptor({ type: 1, cmd: new Uint8Array(0), path: ["p"] }),
    header: Uint8Array.of(5),
    appMetadata: Uint8Array.of(6),
    body: [Uint8Array.of(8)],
    bodyLength: 8,
  });
  const read = byProto("FlightData", data.toBytes());
  assertEquals((read.data_header as number[])[0], 5);
  assertEquals({ ...read, data_header: undefined }, {
    flight_descriptor: { type: "PATH", path: ["p"] },
    data_header: undefined,
    app_metadata: [6],
    data_body: [8, 0, 0, 0, 0, 0, 0, 0],
  });
});

Deno.test("messages written by the proto file are read here as they are meant", () => {
  assertEquals(decodeFlightInfo(toProto("FlightInfo", infoByProto)), info);
  assertEquals(decodeFlightDescriptor(encodeFlightDescriptor(descriptor)), descriptor);
  assertEquals(decodeBytesMessage(toProto("Ticket", { ticket: [7] })), { value: Uint8Array.of(7) });
  assertEquals(decodeAction(toProto("Action", { type: "a", body: [9] })), {
    type: "a",
    body: Uint8Array.of(9),
  });
  const type = { type: "a", description: "ü" };
  assertEquals(decodeActionType(toProto("ActionType", type)), type);
  const handshake = toProto("HandshakeRequest", { protocol_version: 3, payload: [1] });
  assertEquals(decodeHandshake(handshake), { payload: Uint8Array.of(1) });
});

Deno.test("any bytes give a message or a FlightError, in every decoder", () => {
  const decoders = [
    decodeAction,
    decodeActionType,
    decodeBytesMessage,
    decodeFlightDescriptor,
    decodeFlightInfo,
    decodeHandshake,
  ];
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    for (const decode of decoders) {
      try {
        decode(bytes);
      } catch (error) {
        if (!(error instanceof FlightError)) throw error;
      }
    }
  }));
  assertThrows(() => decodeAction(Uint8Array.of(0x0a, 1, 0xff)), FlightError, "Action");
});
