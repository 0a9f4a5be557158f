import type { Metadata } from "@grpc/grpc-js";
import type { FlightData } from "./flight_data.ts";
import { toGrpcFailure } from "../grpc/mod.ts";
import { FlightError, fromGrpcFailure } from "./flight_error.ts";

// grpc-js drops the messages that a client has not read yet when a call ends with an error: the
// batches before a bad ledger would be lost with it. So a FlightClient asks, by a header, for a
// DoGet's error as a last message without rows, after which the call ends with OK. Other clients
// send no such header and get the error as gRPC status.

const HEADER = "flight-errors";
const IN_BAND = "in-band";

/** Asks for errors as last messages. */
export function askInBandErrors(metadata: Metadata): void {
  metadata.set(HEADER, IN_BAND);
}

/** Whether the client asked for them. */
export function wantsInBandErrors(metadata: Metadata): boolean {
  return metadata.get(HEADER)[0] === IN_BAND;
}

/** The last message of a stream that failed: app_metadata `{"error":{"code":N,"details":"…"}}`. */
export function encodeInBandError(error: unknown): FlightData {
  const { code, details } = toGrpcFailure(error);
  return {
    header: new Uint8Array(0),
    appMetadata: new TextEncoder().encode(JSON.stringify({ error: { code, details } })),
    body: [],
    bodyLength: 0,
  };
}

/** The error of a message without rows; undefined when it carries something else. */
export function decodeInBandError(frame: FlightData, endpoint: string): FlightError | undefined {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(frame.appMetadata));
    const { code, details } = error;
    if (typeof code !== "number" || typeof details !== "string") return undefined;
    return fromGrpcFailure(Object.assign(new Error(details), { code, details }), endpoint);
  } catch {
    // Metadata of a foreign server's own kind.
    return undefined;
  }
}
