/** Why a call failed; the names are gRPC's. */
export type GrpcErrorCode =
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

/** An error that the other side of a call is told with the same code and sentence. */
export class GrpcError extends Error {
  /** Name of the class. */
  override readonly name: string = "GrpcError";

  /** `message` is one sentence that the other side is shown. */
  constructor(readonly code: GrpcErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
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

/** An error as grpc-js sends it: GrpcErrors as they are, the rest as INTERNAL without details. */
export function toGrpcFailure(error: unknown): GrpcFailure {
  const told = error instanceof GrpcError
    ? error
    : new GrpcError("INTERNAL", "The server failed on this call. Its log has the reason.");
  const details = cutToSend(told.message);
  return Object.assign(new Error(details), { code: CODE_NUMBERS[told.code], details });
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
const CODE_NUMBERS: Readonly<Record<GrpcErrorCode, number>> = {
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
export function grpcErrorCode(number: number): GrpcErrorCode {
  for (const [code, n] of Object.entries(CODE_NUMBERS)) {
    if (n === number) return code as GrpcErrorCode;
  }
  if (number === 6) return "FAILED_PRECONDITION"; // ALREADY_EXISTS
  if (number === 7) return "UNAUTHENTICATED"; // PERMISSION_DENIED
  if (number === 10) return "UNAVAILABLE"; // ABORTED
  return "INTERNAL";
}
