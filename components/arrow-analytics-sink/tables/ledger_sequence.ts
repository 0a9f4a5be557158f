import type { FlightBatch } from "../../../flight/mod.ts";

/** What is wrong with the order of ledgers. */
export type SequenceErrorCode = "GAP" | "REPEAT" | "BAD_BATCH" | "CHAIN";

/** Ledgers that do not follow each other; the message names them. */
export class SequenceError extends Error {
  override readonly name = "SequenceError";
  /** The same ledgers come again, and do not fit again. */
  readonly isFinal = true;
  constructor(readonly code: SequenceErrorCode, message: string) {
    super(message);
  }
}

/** Whole ledgers: one or more batches that cover [first, last] together. */
export interface LedgerUnit {
  first: number;
  last: number;
  batches: FlightBatch[];
}

/**
 * Turns batches into whole ledgers that follow each other. Parts of a ledger wait for the last
 * part; a ledger that is missing or comes twice is an error, never skipped.
 */
export class LedgerSequence {
  #parts: FlightBatch[] = [];

  /** `next` is the ledger that has to come first; undefined takes any. */
  constructor(private next: number | undefined) {}

  /** The ledger that has to come next. */
  get expected(): number | undefined {
    return this.next;
  }

  /** Whether parts of a ledger wait for the rest. */
  get isPartial(): boolean {
    return this.#parts.length > 0;
  }

  /** Forgets waiting parts: the stream they came on has ended and they will come again. */
  dropParts(): void {
    this.#parts = [];
  }

  /** Undoes the push that completed these ledgers: they were refused. */
  takeBack(unit: LedgerUnit): void {
    this.next = unit.first;
  }

  /** Takes a batch; whole ledgers when they are complete. Throws SequenceError. */
  push(batch: FlightBatch): LedgerUnit | undefined {
    const { first_ledger: first, last_ledger: last, partial } = batch.metadata;
    if (!isLedger(first) || !isLedger(last) || last < first) {
      throw new SequenceError(
        "BAD_BATCH",
        `A batch must say which ledgers it covers: first_ledger is ${first}, last_ledger ${last}.`,
      );
    }
    const before = this.#parts.at(-1);
    const expected = before === undefined ? this.next : before.metadata.last_ledger;
    if (expected !== undefined && first !== expected) {
      const what = before === undefined
        ? `Ledger ${expected} must come next`
        : `The rest of ledger ${expected} must come next`;
      const code = first > expected ? "GAP" : "REPEAT";
      const range = first === last ? `ledger ${first}` : `ledgers ${first} to ${last}`;
      const missing = first - 1 === expected ? `${expected}` : `${expected} to ${first - 1}`;
      throw new SequenceError(
        code,
        `${what}: ${range} came` +
          (code === "GAP"
            ? `, so that ${missing} would be missing.`
            : ", which were there before."),
      );
    }
    this.#parts.push(batch);
    if (partial === true) return undefined;
    const unit = { first: this.#parts[0]!.metadata.first_ledger, last, batches: this.#parts };
    this.#parts = [];
    this.next = last + 1;
    return unit;
  }
}

function isLedger(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}
