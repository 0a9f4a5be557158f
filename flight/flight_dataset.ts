import type { RecordBatch, Schema } from "apache-arrow";
import type { LedgerRow } from "../arrow/mod.ts";

/** Which events of a range are wanted; all that are given must hold. */
export interface EventFilters {
  /** Event types: transfer, mint, burn, clawback, fee. */
  event_types?: string[];
  /** Assets: `native`, `CODE`, `CODE:ISSUER` or a contract id. */
  assets?: string[];
  /** Accounts or contracts, as sender or receiver. */
  accounts?: string[];
  /** Smallest amount, a whole number as text, any i128. */
  min_amount?: string;
  /** Largest amount, a whole number as text, any i128. */
  max_amount?: string;
  /** Whether fees of failed transactions are wanted. */
  include_failed?: boolean;
}

/** A range of ledgers of one dataset: what a ticket says. */
export interface RangeRequest {
  /** Name of the dataset. */
  dataset: string;
  /** First ledger; undefined leaves it to the dataset. */
  startLedger?: number;
  /** Last ledger, included; undefined or 0 follows the tip. */
  endLedger?: number;
  /** Which rows are wanted; undefined: all. */
  filters?: EventFilters;
}

/** What every batch says about itself: `app_metadata` as JSON with exactly these names. */
export interface BatchMetadata {
  /** First ledger that the batch covers. */
  first_ledger: number;
  /** Last ledger that the batch covers, included. */
  last_ledger: number;
  /** Newest ledger that the server knew of. */
  tip: number;
  /** Set on all but the last batch of one ledger. */
  partial?: true;
  /** The facts of each ledger covered, also of those without rows. */
  ledgers?: LedgerRow[];
  /** Further facts that a dataset sends along. */
  [extra: string]: unknown;
}

/** A record batch and the ledgers it covers. */
export interface FlightBatch {
  /** The rows. */
  batch: RecordBatch;
  /** Which ledgers they cover. */
  metadata: BatchMetadata;
}

/** What can be asked for now. */
export interface DatasetBounds {
  /** First ledger. */
  first: number;
  /** Undefined when there is nothing yet. */
  last: number | undefined;
  /** Rows of the whole dataset, where known. */
  totalRecords?: number;
}

/** Who reads a stream. */
export interface FlightReader {
  /** What the consumer calls itself; undefined where it says nothing. */
  readonly consumer: string | undefined;
}

/** One named table of rows by ledger that a FlightServer serves. */
export interface FlightDataset {
  /** Name in descriptors and tickets. */
  readonly name: string;
  /** Schema of every batch. */
  readonly schema: Schema;
  /** Bounds of what can be asked for now. Throws FlightError. */
  bounds(): Promise<DatasetBounds>;
  /**
   * Splits a range for parallel reading, and says what the dataset takes where the request names no
   * ledger; without it there is one endpoint, the request. Throws FlightError.
   */
  endpoints?(request: RangeRequest): Promise<RangeRequest[]>;
  /** Rows of a range, where they are known without reading it. */
  countRecords?(request: RangeRequest): Promise<number | undefined>;
  /**
   * The batches of a range, in ledger order. Following the tip it waits for new ledgers, and ends
   * when the signal aborts. `reader` says for whom; absent where nobody reads over Flight. Throws
   * FlightError.
   */
  read(
    request: RangeRequest,
    signal: AbortSignal,
    reader?: FlightReader,
  ): AsyncIterable<FlightBatch>;
  /** Takes batches that a client writes (DoPut); resolves when they are kept. */
  put?(batches: AsyncIterable<FlightBatch>, signal: AbortSignal): Promise<void>;
}

/** A named action of a server (DoAction). */
export interface FlightAction {
  /** Name by which clients call it. */
  readonly type: string;
  /** One sentence for ListActions. */
  readonly description: string;
  /**
   * Answers with a value that is sent as JSON; undefined sends nothing. The signal aborts when the
   * client leaves, when the time of a request is over, and when the server stops and its grace is
   * over; what comes after that is sent to nobody. Throws FlightError.
   */
  run(body: Uint8Array, signal: AbortSignal): Promise<unknown>;
}
