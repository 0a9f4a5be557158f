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

/** What is said of the moment and not of what was asked for. */
const CURABLE: ReadonlySet<FlightErrorCode> = new Set<FlightErrorCode>([
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "RESOURCE_EXHAUSTED",
  "CANCELLED",
  "INTERNAL",
]);

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

  /** Whether the same call may go better later, or at another server. */
  get isCurable(): boolean {
    return CURABLE.has(this.code);
  }
}

/**
 * Longest error text put into HTTP/2 trailers, in bytes as grpc-js sends it, percent-encoded: most
 * peers limit the whole block of headers to 8 KiB, and a stream that exceeds it tells no error.
 */
export const MAX_DETAILS_BYTES = 4096;

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
  const details = cutToSend(flight.message);
  return Object.assign(new Error(details), { code: CODE_NUMBERS[flight.code], details });
}

/** As much of a text from its beginning as may be sent, whole characters only. */
function cutToSend(text: string): string {
  // encodeURI is what grpc-js encodes with; it throws on lone surrogates.
  const sound = text.toWellFormed();
  // A UTF-16 unit takes nine bytes at most: three of UTF-8, each as "%AB".
  if (sound.length * 9 <= MAX_DETAILS_BYTES) return sound;
  let bytes = 0;
  let end = 0;
  for (const character of sound) {
    bytes += encodeURI(character).length;
    if (bytes > MAX_DETAILS_BYTES) break;
    end += character.length;
  }
  return sound.slice(0, end);
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

/** What grpc-js says of a stream reset as REFUSED_STREAM, as a FlightServer resets stalled ones. */
const REFUSED_BY_SERVER = "Stream refused by server";

/** A failed call of grpc-js as FlightError; `endpoint` is named where nobody answered. */
export function fromGrpcFailure(error: unknown, endpoint: string): FlightError {
  if (error instanceof FlightError) return error;
  const { code, details } = error as Partial<GrpcFailure>;
  if (typeof code !== "number") {
    const text = error instanceof Error ? error.message : String(error);
    return new FlightError("INTERNAL", text, { cause: error });
  }
  if (code === CODE_NUMBERS.UNAVAILABLE && details === REFUSED_BY_SERVER) {
    return new FlightError(
      "UNAVAILABLE",
      `Flight server ${endpoint} ended this stream: nothing was taken of it for a while, and ` +
        "others waited. Ask again from the ledger after the last one received.",
      { cause: error },
    );
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
