import { Buffer } from "node:buffer";
import type { MethodDefinition } from "@grpc/grpc-js";

/**
 * A message that writes itself where grpc-js wants it, which saves a copy: of a Buffer grpc-js
 * needs no more than its length, which it reads by both names, and `copy`.
 */
export interface SerializedMessage {
  /** Bytes of the message. */
  readonly length: number;
  /** The same. */
  readonly byteLength: number;
  /** Writes the message to `out` from `at` on; returns the bytes written. */
  copy(out: Uint8Array, at?: number): number;
}

/** How messages of one type become bytes and come back. */
export interface Codec<T> {
  encode(message: T): Uint8Array | SerializedMessage;
  decode(bytes: Uint8Array): T;
}

/** A method of a gRPC service, described as grpc-js wants it, without reading any file. */
export function grpcMethod<Request, Response>(
  service: string,
  name: string,
  request: Codec<Request>,
  response: Codec<Response>,
  streams: { request?: true; response?: true } = {},
): MethodDefinition<Request, Response> {
  return {
    path: `/${service}/${name}`,
    originalName: name,
    requestStream: streams.request ?? false,
    responseStream: streams.response ?? false,
    requestSerialize: (m) => toBuffer(request.encode(m)),
    requestDeserialize: (b) => request.decode(plain(b)),
    responseSerialize: (m) => toBuffer(response.encode(m)),
    responseDeserialize: (b) => response.decode(plain(b)),
  };
}

/** The same bytes without Buffer's own `slice`, which is a view where all expect a copy. */
function plain(b: Buffer): Uint8Array {
  return new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
}

function toBuffer(bytes: Uint8Array | SerializedMessage): Buffer {
  if (!(bytes instanceof Uint8Array)) return bytes as unknown as Buffer;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
