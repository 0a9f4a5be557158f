import type { RecordBatch } from "apache-arrow";
import type { LedgerRow } from "../../arrow/mod.ts";
import { LedgerError, pairedLedgerRow } from "../../stellar/mod.ts";
import { EventBatch } from "./event_batch.ts";
import { EventFilter, type EventFilterOptions } from "./event_filter.ts";
import { BalanceMismatchError, LedgerVerification } from "./ledger_verification.ts";
import { type EventsMode, LedgerTransfers, TokenTransferError } from "./token_transfer/mod.ts";

/** Ledgers in one batch at the most, unless told otherwise. */
export const DEFAULT_BATCH_LEDGERS = 100;
/**
 * Size from which a batch is finished: large enough that the cost of a message does not count, small
 * enough that several fit into the memory that streams may hold.
 */
export const DEFAULT_BATCH_BYTES: number = 4 * 1024 * 1024;

/** A batch may grow to this many times its usual size before a single ledger is split. */
const SPLIT_FACTOR = 2;
/** Bytes of an event's columns as a rule; what they really take is measured before a split. */
const TYPICAL_EVENT_BYTES = 512;
/** Events between two looks at the size of a large ledger's part. */
const DEFAULT_SPLIT_CHECK_EVENTS = 1024;

/** What a {@linkcode LedgerProcessor} is told. */
export interface LedgerProcessorOptions {
  readonly networkPassphrase: string;
  readonly mode?: EventsMode;
  /** Events are kept that all of these keep. */
  readonly filters?: readonly EventFilterOptions[];
  readonly batchLedgers?: number;
  readonly batchBytes?: number;
  /** Events between two looks at the size of a large ledger's part. */
  readonly splitCheckEvents?: number;
  /** Whether a ledger is refused whose events its ledger-entry changes do not prove. */
  readonly verifyEvents?: boolean;
}

/** Events of consecutive ledgers, and the row of each ledger covered. */
export interface ProcessedBatch {
  readonly batch: RecordBatch;
  readonly firstLedger: number;
  readonly lastLedger: number;
  /** One row per ledger; none on all but the last part of a ledger that was split. */
  readonly ledgers: readonly LedgerRow[];
  /** More of the same ledger's events follow in the next batch. */
  readonly partial: boolean;
}

/**
 * Turns ledgers, one after the other, into record batches of `ttp_event`: the processor without its
 * network. A ledger's events stay in one batch unless they alone are larger than a batch may be.
 */
export class LedgerProcessor {
  readonly transfers: LedgerTransfers;
  /** Events by type since the start, before the filter. */
  readonly eventsByType = new Float64Array(5);
  /** What came out of the proofs, whether each ledger is proven or only those that {@linkcode verify} is given. */
  readonly verification = new LedgerVerification();

  readonly #events: EventBatch;
  readonly #filters: readonly EventFilter[];
  readonly #batchLedgers: number;
  readonly #batchBytes: number;
  readonly #splitCheckEvents: number;
  readonly #verifyEvents: boolean;
  #ledgers: LedgerRow[] = [];
  #firstLedger = 0;
  #finished: ProcessedBatch[] = [];

  constructor(options: LedgerProcessorOptions) {
    const mode = options.mode ?? "reconstructed";
    this.transfers = new LedgerTransfers(options.networkPassphrase, mode);
    this.#events = new EventBatch(options.networkPassphrase, mode);
    this.#filters = (options.filters ?? [])
      .map((filter) => new EventFilter(filter))
      .filter((filter) => !filter.keepsAll);
    this.#batchLedgers = options.batchLedgers ?? DEFAULT_BATCH_LEDGERS;
    this.#batchBytes = options.batchBytes ?? DEFAULT_BATCH_BYTES;
    this.#splitCheckEvents = options.splitCheckEvents ?? DEFAULT_SPLIT_CHECK_EVENTS;
    this.#verifyEvents = options.verifyEvents ?? false;
  }

  /**
   * Processes one LedgerCloseMeta. When it throws, nothing of that ledger is kept, and what came before it
   * can still be taken.
   *
   * `expected` is the sequence that the ledger is said to have.
   *
   * @throws {XdrError}, {LedgerError} or {TokenTransferError}, see {@linkcode LedgerTransfers.read}.
   * @throws {BalanceMismatchError} when events are to be verified and are not proven.
   */
  add(bytes: Uint8Array, expected?: number): void {
    const { transfers } = this;
    const sequence = this.#read(bytes, expected);
    if (this.#verifyEvents) {
      const mismatches = this.verification.check(transfers);
      if (mismatches.length > 0) throw new BalanceMismatchError(sequence, mismatches);
    }
    const due = transfers.context.rows.length * TYPICAL_EVENT_BYTES;
    // A ledger that would make the batch too large gets one of its own, and then may be split.
    if (this.#events.byteLength + due > this.#batchBytes * SPLIT_FACTOR) this.flush();
    if (this.#ledgers.length === 0) this.#firstLedger = sequence;
    const before = this.#events.rows;
    const parts: ProcessedBatch[] = [];
    try {
      const count = this.#appendEvents(sequence, parts);
      const { index, context } = transfers;
      const row = pairedLedgerRow(index, context.networkId, context.pairing);
      this.#ledgers.push({ ...row, event_count: count });
    } catch (error) {
      this.#events.truncate(parts.length > 0 ? 0 : before);
      // An index that has no place in an id, a TOID or a column.
      if (!(error instanceof RangeError)) throw error;
      throw new TokenTransferError(sequence, `Ledger ${sequence}: ${error.message}`, {
        cause: error,
      });
    }
    this.#finished.push(...parts);
    for (let row = 0; row < transfers.context.rows.length; row++) {
      this.eventsByType[transfers.context.rows.type(row)]!++;
    }
    const full = this.#ledgers.length >= this.#batchLedgers ||
      this.#events.byteLength >= this.#batchBytes;
    if (full) this.flush();
  }

  /**
   * Proves the events of one LedgerCloseMeta without keeping them; what comes out is counted in
   * {@linkcode verification}. Throws as {@linkcode add} does, but not for mismatches.
   */
  verify(bytes: Uint8Array, expected?: number): void {
    this.#read(bytes, expected);
    this.verification.check(this.transfers);
  }

  /** Finishes the batch at hand, if there is one. */
  flush(): void {
    if (this.#ledgers.length === 0) return;
    this.#finished.push(this.#finish(this.#ledgers.at(-1)!.sequence, false));
  }

  /** The batches that are finished; they are the caller's from now on. */
  take(): ProcessedBatch[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  /** Reads a ledger and returns its sequence, which must be the expected one. */
  #read(bytes: Uint8Array, expected: number | undefined): number {
    this.transfers.read(bytes);
    const { sequence } = this.transfers.index;
    if (expected === undefined || sequence === expected) return sequence;
    throw new LedgerError(
      expected,
      `Ledger ${expected} is due, the bytes are of ledger ${sequence}`,
    );
  }

  /** Appends the ledger's events that the filter keeps; parts of a very large one go to `parts`. */
  #appendEvents(sequence: number, parts: ProcessedBatch[]): number {
    const { transfers } = this;
    const { rows } = transfers.context;
    let count = 0;
    for (let row = 0; row < rows.length; row++) {
      if (!this.#keeps(row)) continue;
      this.#events.append(transfers, row);
      count++;
      if (count % this.#splitCheckEvents !== 0 || this.#ledgers.length > 0) continue;
      if (this.#events.byteLength >= this.#batchBytes * SPLIT_FACTOR) {
        parts.push(this.#finish(sequence, true));
      }
    }
    return count;
  }

  #keeps(row: number): boolean {
    for (const filter of this.#filters) {
      if (!filter.keeps(this.transfers, row)) return false;
    }
    return true;
  }

  #finish(lastLedger: number, partial: boolean): ProcessedBatch {
    const batch = {
      batch: this.#events.finish(),
      firstLedger: this.#firstLedger,
      lastLedger,
      ledgers: this.#ledgers,
      partial,
    };
    this.#ledgers = [];
    return batch;
  }
}
