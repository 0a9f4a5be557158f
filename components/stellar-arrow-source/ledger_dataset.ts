import type { RecordBatch, Schema } from "apache-arrow";
import { columnBytes } from "../../arrow/mod.ts";
import {
  type DatasetBounds,
  type FlightBatch,
  type FlightDataset,
  FlightError,
  type FlightErrorCode,
  type FlightReader,
  type RangeRequest,
  splitRange,
} from "../../flight/mod.ts";
import type { BatchDone, ComponentFlow } from "../../flowctl/mod.ts";
import type { Lake } from "../../stellar/lake/mod.ts";
import { asFlightError } from "./as_flight_error.ts";
import { ledgerBatches, type LedgerBatchOptions, type LedgerBatchRange } from "./ledger_batches.ts";
import type { SourceStats } from "./source_stats.ts";

/** What the source serves; START_LEDGER and END_LEDGER stand in where a request names none. */
export interface LedgerDatasetOptions extends LedgerBatchOptions {
  readonly startLedger: number | undefined;
  /** 0 follows the tip. */
  readonly endLedger: number;
  /** How fast readers are sent ledgers. */
  readonly flow: Pick<ComponentFlow, "paceOf">;
  /** Told when a range begins or ends with a ledger that is not there yet and is waited for. */
  readonly onWaiting?: (ledger: number, tip: number | undefined) => void;
  /** Told of each batch that a reader's connection took, with its `read_at_ms`. */
  readonly onSent?: BatchDone;
}

/** First ledger that a lake can hold: the genesis ledger before it is in none. */
const FIRST_LEDGER = 2;

/** What a client brings about by what it asks for, which says nothing of the source's health. */
const CLIENT_ERRORS: ReadonlySet<FlightErrorCode> = new Set<FlightErrorCode>([
  "INVALID_ARGUMENT",
  "OUT_OF_RANGE",
  "NOT_FOUND",
  "CANCELLED",
]);

/** The dataset `stellar_ledger` over a lake. Any number of ranges may be read at once. */
export class LedgerDataset implements FlightDataset {
  readonly name = "stellar_ledger";
  readonly schema: Schema;
  readonly #lake: Lake;
  readonly #options: LedgerDatasetOptions;
  readonly #stats: SourceStats;

  constructor(lake: Lake, options: LedgerDatasetOptions, stats: SourceStats) {
    this.schema = options.schema;
    this.#lake = lake;
    this.#options = options;
    this.#stats = stats;
  }

  /** First and last ledger of the lake; while it is empty, the ledger it is expected to begin with. */
  async bounds(): Promise<DatasetBounds> {
    try {
      const bounds = await this.#lake.bounds();
      if (bounds === undefined) {
        return { first: this.#options.startLedger ?? FIRST_LEDGER, last: undefined };
      }
      return this.#isExact
        ? { ...bounds, totalRecords: bounds.last - bounds.first + 1 }
        : { ...bounds };
    } catch (error) {
      throw asFlightError(error);
    }
  }

  /** Sub-ranges of a range, and its first and last ledger where the request leaves them to the source. */
  async endpoints(request: RangeRequest): Promise<RangeRequest[]> {
    const { last } = await this.bounds();
    const { start, end = 0 } = await this.#range(request);
    return splitRange({ ...request, startLedger: start, endLedger: end }, last);
  }

  /** One row a ledger, where the whole range is there already and ledgers must not be missing. */
  async countRecords(request: RangeRequest): Promise<number | undefined> {
    const { first, last } = await this.bounds();
    const { start, end } = await this.#range(request);
    const known = end !== undefined && last !== undefined && end <= last && start >= first;
    return known && this.#isExact ? end - start + 1 : undefined;
  }

  /** Whether a range that is read to its end has a row for each of its ledgers. */
  get #isExact(): boolean {
    return !this.#options.allowGaps && this.#options.quarantine === undefined;
  }

  /** The ledgers of a range; beyond the tip it waits for them. Throws FlightError. */
  async *read(
    request: RangeRequest,
    signal: AbortSignal,
    reader?: FlightReader,
  ): AsyncGenerator<FlightBatch, void, void> {
    this.#stats.activeStreams++;
    using pace = this.#options.flow.paceOf(reader?.consumer);
    try {
      const range = await this.#range(request);
      await this.#tellOfWaiting(range);
      const options = { ...this.#options, batchLedgers: (most: number) => pace.batchLedgers(most) };
      for await (const flightBatch of ledgerBatches(this.#lake, range, options, signal)) {
        const { batch, metadata } = flightBatch;
        const bytes = columnBytes(batch);
        await pace.take(batch.numRows, bytes, signal);
        yield flightBatch;
        this.#stats.sent(batch.numRows, bytes, metadata.last_ledger, closedAtMs(batch));
        this.#options.onSent?.(metadata.read_at_ms);
      }
    } catch (error) {
      // Whoever aborts the stream knows why it ended.
      if (signal.aborted) return;
      const told = asFlightError(error);
      this.#stats.failedStreams++;
      if (told instanceof FlightError && told.code === "DATA_LOSS") this.#stats.decodeErrors++;
      if (!(told instanceof FlightError && CLIENT_ERRORS.has(told.code))) {
        this.#stats.lastError = told instanceof Error ? told.message : String(told);
      }
      throw told;
    } finally {
      this.#stats.activeStreams--;
    }
  }

  /** A mistyped number must not look like a source that hangs. */
  async #tellOfWaiting({ start, end }: LedgerBatchRange): Promise<void> {
    const { last } = await this.bounds();
    const wanted = start > (last ?? 0) ? start : end;
    if (wanted !== undefined && wanted > (last ?? 0)) this.#options.onWaiting?.(wanted, last);
  }

  async #range(request: RangeRequest): Promise<LedgerBatchRange> {
    if (request.filters !== undefined) {
      throw new FlightError(
        "INVALID_ARGUMENT",
        "stellar_ledger takes no filters: ask the processor's ttp_event for filtered events.",
      );
    }
    const start = request.startLedger ?? this.#options.startLedger ?? (await this.bounds()).first;
    const end = request.endLedger ?? this.#options.endLedger;
    if (end === 0) return { start };
    if (end < start) {
      throw new FlightError(
        "INVALID_ARGUMENT",
        `The range from ledger ${start} to ${end} is reversed: the end must not be before the start.`,
      );
    }
    return { start, end };
  }
}

/** When the last ledger of a batch was closed; undefined for one without rows. */
function closedAtMs(batch: RecordBatch): number | undefined {
  const times: BigInt64Array | undefined = batch.getChild("closed_at")?.data[0]?.values;
  const last = times?.[batch.numRows - 1];
  return last === undefined ? undefined : Number(last / 1000n);
}
