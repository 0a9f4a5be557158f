import { status } from "@grpc/grpc-js";

/** Why a Flight call failed; the names are gRPC's. */
export type FlightErrorCode =
  | "NOT_FOUND"
  | "OUT_OF_RANGE"
  | "INVALID_ARGUMENT"
  | "UNAVAILABLE"
  | "DATA_LOSS"
  | "UNAUTHENTICATED"
  | "UNIMPLEMENTED"
  | "RESOURCE_EXHAUSTED"
  | "CANCELLED"
  | "DEADLINE_EXCEEDED"
  | "INTERNAL"
  | "FAILED_PRECONDITION";

/**
 * The one error of this module, on both sides: what a dataset throws reaches the client with the
 * same code and sentence.
 */
export class FlightError extends Error {
  override readonly name = "FlightError";

  constructor(readonly code: FlightErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Longest error text put into HTTP/2 trailers, whose block most peers limit to 8 KiB. */
const MAX_DETAILS_CHARS = 2000;

/** What grpc-js sends for an error. */
export interface GrpcFailure extends Error {
  code: number;
  details: string;
}

/** An error as grpc-js sends it: FlightErrors as they are, the rest as INTERNAL without details. */
export function toGrpcFailure(error: unknown): GrpcFailure {
  const flight = error instanceof FlightError
    ? error
    : new FlightError("INTERNAL", "The server failed on this call. Its log has the reason.");
  // grpc-js percent-encodes the text, which throws on lone surrogates.
  const details = flight.message.toWellFormed().slice(0, MAX_DETAILS_CHARS).toWellFormed();
  return Object.assign(new Error(details), { code: status[flight.code], details });
}

/** gRPC codes that are not ours, and the one that says the most of it. */
const FOREIGN_CODES: Readonly<Record<string, FlightErrorCode>> = {
  PERMISSION_DENIED: "UNAUTHENTICATED",
  ABORTED: "UNAVAILABLE",
  ALREADY_EXISTS: "FAILED_PRECONDITION",
};

/** A failed call of grpc-js as FlightError; `endpoint` is named where nobody answered. */
export function fromGrpcFailure(error: unknown, endpoint: string): FlightError {
  if (error instanceof FlightError) return error;
  const { code, details } = error as Partial<GrpcFailure>;
  if (typeof code !== "number") {
    const text = error instanceof Error ? error.message : String(error);
    return new FlightError("INTERNAL", text, { cause: error });
  }
  const name = status[code] ?? "UNKNOWN";
  const known = name in KNOWN ? name as FlightErrorCode : FOREIGN_CODES[name] ?? "INTERNAL";
  const text = details || (error as Error).message;
  const message = known === "UNAVAILABLE" ? `Flight server ${endpoint}: ${text}` : text;
  return new FlightError(known, message, { cause: error });
}

const KNOWN: Readonly<Record<FlightErrorCode, true>> = {
  NOT_FOUND: true,
  OUT_OF_RANGE: true,
  INVALID_ARGUMENT: true,
  UNAVAILABLE: true,
  DATA_LOSS: true,
  UNAUTHENTICATED: true,
  UNIMPLEMENTED: true,
  RESOURCE_EXHAUSTED: true,
  CANCELLED: true,
  DEADLINE_EXCEEDED: true,
  INTERNAL: true,
  FAILED_PRECONDITION: true,
};
