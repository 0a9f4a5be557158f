import { ProtoReader } from "./_protobuf.ts";

/**
 * FlightData, the message that carries the rows. On the wire, in the order written here:
 *
 * | tag bytes | field | what |
 * |---|---|---|
 * | 0A | 1 flight_descriptor | FlightDescriptor; first message of a DoPut only |
 * | 1A | 3 app_metadata | JSON of BatchMetadata |
 * | 12 | 2 data_header | Arrow Message flatbuffer, zeros behind it for alignment |
 * | C2 3E | 1000 data_body | buffers of the batch, each padded to 8 bytes |
 *
 * Every field is: tag, varint of the length, bytes. Empty fields are left out.
 */
export interface FlightData {
  readonly descriptor?: Uint8Array;
  readonly header: Uint8Array;
  readonly appMetadata?: Uint8Array;
  /** Pieces of the body; each is padded to 8 bytes on the wire. A received body is one piece. */
  readonly body: readonly Uint8Array[];
  /** Bytes of the body, padding included. */
  readonly bodyLength: number;
}

const DESCRIPTOR_TAG = 0x0a;
const HEADER_TAG = 0x12;
const APP_METADATA_TAG = 0x1a;
const BODY_TAG_LOW = 0xc2;
const BODY_TAG_HIGH = 0x3e;

/** Bytes that gRPC puts before each message; receivers hold them and the message in one buffer. */
const GRPC_PREFIX_BYTES = 5;

const EMPTY = new Uint8Array(0);

/**
 * A FlightData message that has not been written yet. grpc-js asks a serialized message for its
 * length and lets it copy itself into the frame: with this in place of a Buffer, the copy from
 * the batch's buffers into the frame is the only one.
 */
export class SerializedFlightData {
  /** Bytes of the message; grpc-js reads both names. */
  readonly length: number;
  readonly byteLength: number;
  readonly #data: FlightData;
  readonly #headerLength: number;

  constructor(data: FlightData) {
    this.#data = data;
    const before = fieldLength(data.descriptor) + fieldLength(data.appMetadata);
    let headerLength = data.header.length;
    const bodyTagLength = data.bodyLength > 0 ? 2 + varintLength(data.bodyLength) : 0;
    const headerFieldLength = () =>
      headerLength > 0 ? 1 + varintLength(headerLength) + headerLength : 0;
    if (bodyTagLength > 0 && headerLength > 0) {
      // The body starts at a multiple of 8 in the receiver's buffer, so that it need not copy it.
      while ((GRPC_PREFIX_BYTES + before + headerFieldLength() + bodyTagLength) % 8 !== 0) {
        headerLength++;
      }
    }
    this.#headerLength = headerLength;
    this.length = before + headerFieldLength() + bodyTagLength + data.bodyLength;
    this.byteLength = this.length;
  }

  /** Writes the message to out from `at` on; returns the bytes written (Buffer's contract). */
  copy(out: Uint8Array, at = 0): number {
    const { descriptor, header, appMetadata, body, bodyLength } = this.#data;
    at = putField(out, at, DESCRIPTOR_TAG, descriptor);
    at = putField(out, at, APP_METADATA_TAG, appMetadata);
    if (header.length > 0) {
      out[at++] = HEADER_TAG;
      at = putVarint(out, at, this.#headerLength);
      out.set(header, at);
      out.fill(0, at + header.length, at + this.#headerLength);
      at += this.#headerLength;
    }
    if (bodyLength > 0) {
      out[at++] = BODY_TAG_LOW;
      out[at++] = BODY_TAG_HIGH;
      at = putVarint(out, at, bodyLength);
      for (const piece of body) {
        out.set(piece, at);
        at += piece.length;
        // The frame's memory is not zeroed, so padding is written too.
        for (let padding = -piece.length & 7; padding > 0; padding--) out[at++] = 0;
      }
    }
    return this.length;
  }

  /** The message as bytes of its own. */
  toBytes(): Uint8Array {
    const out = new Uint8Array(this.length);
    this.copy(out);
    return out;
  }
}

/** Reads a FlightData message; its fields are views of `bytes`. Throws FlightError. */
export function decodeFlightData(bytes: Uint8Array): FlightData {
  let descriptor: Uint8Array | undefined;
  let header: Uint8Array = EMPTY;
  let appMetadata: Uint8Array | undefined;
  let body: Uint8Array | undefined;
  const reader = new ProtoReader(bytes, "FlightData");
  for (let field; (field = reader.next()) !== 0;) {
    if (field === 1) descriptor = reader.bytes();
    else if (field === 2) header = reader.bytes();
    else if (field === 3) appMetadata = reader.bytes();
    else if (field === 1000) body = reader.bytes();
  }
  return {
    ...(descriptor && { descriptor }),
    header,
    ...(appMetadata && { appMetadata }),
    body: body ? [body] : [],
    bodyLength: body?.length ?? 0,
  };
}

function fieldLength(value: Uint8Array | undefined): number {
  return value && value.length > 0 ? 1 + varintLength(value.length) + value.length : 0;
}

function putField(out: Uint8Array, at: number, tag: number, value?: Uint8Array): number {
  if (value === undefined || value.length === 0) return at;
  out[at++] = tag;
  at = putVarint(out, at, value.length);
  out.set(value, at);
  return at + value.length;
}

function varintLength(value: number): number {
  let length = 1;
  for (; value >= 128; value = Math.floor(value / 128)) length++;
  return length;
}

function putVarint(out: Uint8Array, at: number, value: number): number {
  for (; value >= 128; value = Math.floor(value / 128)) out[at++] = (value % 128) | 128;
  out[at++] = value;
  return at;
}
