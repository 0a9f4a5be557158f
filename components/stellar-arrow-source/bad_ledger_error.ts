import { ArrowError } from "../../arrow/mod.ts";
import { LedgerError, XdrError } from "../../stellar/mod.ts";
import { VerificationError } from "./ledger_verifier.ts";

/** A ledger that does not decode or verify, named. */
export class BadLedgerError extends Error {
  override readonly name = "BadLedgerError";
  /** A ledger that is bad stays so. */
  readonly isFinal = true;

  constructor(readonly sequence: number, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * The error of a ledger that is bad itself, with its sequence and the path of its file; undefined
 * when something else went wrong.
 *
 * Valid XDR may hold any number: what no column takes (RangeError, ArrowError) is the ledger's fault.
 */
export function asBadLedger(
  sequence: number,
  file: string,
  error: unknown,
): BadLedgerError | undefined {
  const bad = (sentence: string) => new BadLedgerError(sequence, sentence, { cause: error });
  if (error instanceof XdrError) {
    return bad(`Ledger ${sequence} in ${file} is damaged: ${error.message}.`);
  }
  if (error instanceof LedgerError || error instanceof VerificationError) {
    return bad(`${withoutStop(error.message)} (in ${file}).`);
  }
  if (error instanceof RangeError || error instanceof ArrowError) {
    return bad(`Ledger ${sequence} in ${file} makes no row: ${withoutStop(error.message)}.`);
  }
  return undefined;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
