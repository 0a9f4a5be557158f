import {
  type BalanceMismatch,
  BalanceVerification,
  type LedgerTransfers,
} from "./token_transfer/mod.ts";

/** Mismatches that are kept with all they say; more are only counted. A right ledger has none. */
export const MAX_NAMED_MISMATCHES = 100;

/** A mismatch and the ledger that it is in. */
export interface LedgerMismatch extends BalanceMismatch {
  readonly ledger: number;
}

/** What came out for some ledgers. */
export interface VerificationResult {
  /** Ledgers whose events were held against their changes. */
  readonly ledgers: number;
  /** Events of these ledgers, before any filter. */
  readonly events: number;
  /** All mismatches. */
  readonly mismatchCount: number;
  /** The first of them, {@linkcode MAX_NAMED_MISMATCHES} at the most. */
  readonly mismatches: readonly LedgerMismatch[];
}

/** What came out where no ledger was verified. */
export const NOTHING_VERIFIED: VerificationResult = {
  ledgers: 0,
  events: 0,
  mismatchCount: 0,
  mismatches: [],
};

/** A ledger whose events say something else than its ledger-entry changes. It names the first mismatch. */
export class BalanceMismatchError extends Error {
  override readonly name = "BalanceMismatchError";
  readonly ledger: number;
  readonly mismatches: readonly BalanceMismatch[];

  constructor(ledger: number, mismatches: readonly BalanceMismatch[]) {
    const more = mismatches.length - 1;
    super(
      mismatchText({ ...mismatches[0]!, ledger }) +
        (more === 0 ? "" : ` (and ${more} more in this ledger)`),
    );
    this.ledger = ledger;
    this.mismatches = mismatches;
  }
}

/** A mismatch as a sentence. */
export function mismatchText(mismatch: LedgerMismatch): string {
  const { ledger, transactionIndex, transactionHash, holder, asset, byEvents, byChanges } =
    mismatch;
  return `Ledger ${ledger}, transaction ${transactionIndex} (${transactionHash}): the balance of ` +
    `${holder} in ${asset} changes by ${byEvents} by its events, but by ${byChanges} by the ` +
    "ledger-entry changes";
}

/** Verifies ledgers one after the other and counts. */
export class LedgerVerification {
  readonly #verification = new BalanceVerification();
  #ledgers = 0;
  #events = 0;
  #mismatchCount = 0;
  #mismatches: LedgerMismatch[] = [];

  /**
   * Verifies the ledger that `transfers` has just read; returns its mismatches.
   *
   * @throws {TokenTransferError} see {@linkcode BalanceVerification.verify}.
   */
  check(transfers: LedgerTransfers): readonly BalanceMismatch[] {
    const found = this.#verification.verify(transfers);
    const ledger = transfers.index.sequence;
    this.#ledgers++;
    this.#events += transfers.context.rows.length;
    this.#mismatchCount += found.length;
    const room = MAX_NAMED_MISMATCHES - this.#mismatches.length;
    for (const mismatch of found.slice(0, room)) this.#mismatches.push({ ...mismatch, ledger });
    return found;
  }

  /** What came out since the last call. */
  take(): VerificationResult {
    const result = {
      ledgers: this.#ledgers,
      events: this.#events,
      mismatchCount: this.#mismatchCount,
      mismatches: this.#mismatches,
    };
    this.#ledgers = this.#events = this.#mismatchCount = 0;
    this.#mismatches = [];
    return result;
  }
}
