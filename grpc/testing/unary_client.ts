import { Buffer } from "node:buffer";
import { type Client, Metadata, type MethodDefinition, status } from "@grpc/grpc-js";

/** One request, one answer; rejects with grpc-js' own error. */
export function callUnary<Q, S>(
  client: Client,
  method: MethodDefinition<Q, S>,
  request: Q,
  metadata = new Metadata(),
): Promise<S> {
  const { path, requestSerialize, responseDeserialize } = method;
  const { promise, resolve, reject } = Promise.withResolvers<S>();
  client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    metadata,
    (error, value) => error ? reject(error) : resolve(value!),
  );
  return promise;
}

/** One request and answer of any bytes, under a method's path. */
export function sendBytes(client: Client, path: string, bytes: Uint8Array): Promise<Uint8Array> {
  const method = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: (m: Uint8Array) => Buffer.from(m),
    requestDeserialize: (b: Buffer) => b,
    responseSerialize: (m: Uint8Array) => Buffer.from(m),
    responseDeserialize: (b: Buffer) => b,
  } as const;
  return callUnary<Uint8Array, Uint8Array>(client, method, bytes);
}

/** What a call fails with, as `CODE: text`. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as { code: number; details: string };
    return `${status[code]}: ${details}`;
  }
  throw new Error("the call did not fail");
}
