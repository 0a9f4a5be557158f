import { FlightError, type FlightErrorCode } from "../../flight/mod.ts";
import { LakeError, type LakeErrorCode } from "../../stellar/lake/mod.ts";
import { BadLedgerError } from "./bad_ledger_error.ts";

/** What a client is told of a lake's error (Flight contract: a ledger is never skipped silently). */
const CODES: Readonly<Record<LakeErrorCode, FlightErrorCode>> = {
  before_first: "OUT_OF_RANGE",
  gap: "DATA_LOSS",
  batch: "DATA_LOSS",
  config: "FAILED_PRECONDITION",
  not_found: "UNAVAILABLE",
  io: "UNAVAILABLE",
};

/** The error that a client gets for what went wrong here, with the same sentence. */
export function asFlightError(error: unknown): unknown {
  if (error instanceof LakeError) {
    return new FlightError(CODES[error.code], error.message, { cause: error });
  }
  if (error instanceof BadLedgerError) {
    return new FlightError("DATA_LOSS", error.message, { cause: error });
  }
  return error;
}
