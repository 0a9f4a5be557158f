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
  /** Name of the class. */
  override readonly name = "FlightError";

  /** `message` is one sentence that the other side is shown. */
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
  return Object.assign(new Error(details), { code: CODE_NUMBERS[flight.code], details });
}

/** Numbers of the codes on the wire, as gRPC has them. */
const CODE_NUMBERS: Readonly<Record<FlightErrorCode, number>> = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

/** The code of a number; gRPC's other codes become the one of ours that says the most of them. */
function codeOf(number: number): FlightErrorCode {
  for (const [code, n] of Object.entries(CODE_NUMBERS)) {
    if (n === number) return code as FlightErrorCode;
  }
  if (number === 6) return "FAILED_PRECONDITION"; // ALREADY_EXISTS
  if (number === 7) return "UNAUTHENTICATED"; // PERMISSION_DENIED
  if (number === 10) return "UNAVAILABLE"; // ABORTED
  return "INTERNAL";
}

/** A failed call of grpc-js as FlightError; `endpoint` is named where nobody answered. */
export function fromGrpcFailure(error: unknown, endpoint: string): FlightError {
  if (error instanceof FlightError) return error;
  const { code, details } = error as Partial<GrpcFailure>;
  if (typeof code !== "number") {
    const text = error instanceof Error ? error.message : String(error);
    return new FlightError("INTERNAL", text, { cause: error });
  }
  const text = details || (error as Error).message;
  // A connection that broke in the middle of a call comes as INTERNAL or CANCELLED, by the HTTP/2
  // code that the stream was reset with; to the caller it is one thing: ask again.
  const broken = /RST_STREAM|EPIPE|ECONNRESET/.test(text) &&
    code !== CODE_NUMBERS.RESOURCE_EXHAUSTED;
  const known = broken ? "UNAVAILABLE" : codeOf(code);
  const message = known === "UNAVAILABLE" ? `Flight server ${endpoint}: ${text}` : text;
  return new FlightError(known, message, { cause: error });
}
