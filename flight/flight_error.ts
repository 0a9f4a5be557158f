import { GrpcError, type GrpcErrorCode, grpcErrorCode, type GrpcFailure } from "../grpc/mod.ts";

/** Why a Flight call failed; the names are gRPC's. */
export type FlightErrorCode = GrpcErrorCode;

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
export class FlightError extends GrpcError {
  /** Name of the class. */
  override readonly name = "FlightError";

  /** Whether the same call may go better later, or at another server. */
  get isCurable(): boolean {
    return CURABLE.has(this.code);
  }
}

/** A GrpcError as FlightError; anything else stays what it is. */
export function asFlightError(error: unknown): unknown {
  if (!(error instanceof GrpcError) || error instanceof FlightError) return error;
  return new FlightError(error.code, error.message, { cause: error.cause });
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
  const named = grpcErrorCode(code);
  if (named === "UNAVAILABLE" && details === REFUSED_BY_SERVER) {
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
  const broken = /RST_STREAM|EPIPE|ECONNRESET/.test(text) && named !== "RESOURCE_EXHAUSTED";
  const known = broken ? "UNAVAILABLE" : named;
  const message = known === "UNAVAILABLE" ? `Flight server ${endpoint}: ${text}` : text;
  return new FlightError(known, message, { cause: error });
}
