import type { RecordBatch, Schema } from "apache-arrow";
import { columnBytes } from "../../arrow/mod.ts";
import {
  type BatchMetadata,
  type CheckSchema,
  type DatasetBounds,
  type EventFilters,
  type FlightBatch,
  type FlightDataset,
  FlightError,
  type FlightReader,
  type InflightBudget,
  ledgersIn,
  type RangeReader,
  type RangeRequest,
  splitRange,
} from "../../flight/mod.ts";
import type { BatchDone, ComponentFlow } from "../../flowctl/mod.ts";
import { EventFilter, type EventFilterOptions } from "./event_filter.ts";
import { type LedgerJobResult, unpackBatch } from "./ledger_job.ts";
import type { LedgerThreads } from "./ledger_threads.ts";
import { orderedMap } from "./ordered_map.ts";
import type { ProcessorStats } from "./processor_stats.ts";

/** Name of the dataset that is read upstream. */
export const SOURCE_DATASET = "stellar_ledger";

/** What an {@linkcode EventDataset} works with. */
export interface EventDatasetOptions {
  readonly upstream: RangeReader;
  readonly threads: LedgerThreads;
  /** A batch without rows, of the schema that is served. */
  readonly empty: RecordBatch;
  readonly networkPassphrase: string;
  readonly stats: ProcessorStats;
  /** Batches of ledgers of one stream that are worked on at once. */
  readonly jobsPerStream: number;
  /** How fast readers are sent events: a fast one gets no part of what a slow one is read for. */
  readonly flow: Pick<ComponentFlow, "paceOf">;
  /** Told of each batch that a reader's connection took, with its `read_at_ms`. */
  readonly onSent?: BatchDone;
  /** Bounds the ledgers and bytes that are worked on, over all streams. */
  readonly inHand: InflightBudget;
  /** Told of ledgers that are done: how many, the milliseconds of work, and those since they came. */
  readonly onDone: (ledgers: number, workMs: number, sinceMs: number) => void;
}

/**
 * The dataset `ttp_event`: whoever asks for a range gets it made from the source's ledgers of that range.
 * Each reader has a stream of its own up to the source; nothing is kept between readers.
 */
export class EventDataset implements FlightDataset {
  readonly name = "ttp_event";
  readonly schema: Schema;
  readonly #options: EventDatasetOptions;

  constructor(options: EventDatasetOptions) {
    this.schema = options.empty.schema;
    this.#options = options;
  }

  /** What the source has. Throws FlightError. */
  async bounds(): Promise<DatasetBounds> {
    const { upstream } = this.#options;
    const info = await upstream.getFlightInfo({ dataset: SOURCE_DATASET });
    return { first: info.firstLedger ?? 0, last: info.lastLedger };
  }

  /** Sub-ranges of a range, as far as the source has its ledgers. Throws FlightError. */
  async endpoints(request: RangeRequest): Promise<RangeRequest[]> {
    checkedFilter(request.filters);
    const { filters: _ours, ...range } = request;
    const { endpoints, lastLedger } = await this.#options.upstream.getFlightInfo({
      ...range,
      dataset: SOURCE_DATASET,
    });
    const startLedger = endpoints[0]?.startLedger ?? request.startLedger;
    if (startLedger === undefined) return [request];
    const endLedger = endpoints.at(-1)?.endLedger ?? request.endLedger ?? 0;
    return splitRange({ ...request, startLedger, endLedger }, lastLedger);
  }

  /**
   * The events of a range, batch by batch.
   *
   * @throws {FlightError} of the source, or DATA_LOSS that names a ledger from which no events can be made;
   * the events of the ledgers before it have been given then.
   */
  async *read(
    request: RangeRequest,
    signal: AbortSignal,
    reader?: FlightReader,
  ): AsyncGenerator<FlightBatch, void, void> {
    const { upstream, threads, networkPassphrase, jobsPerStream, stats, inHand, onDone } =
      this.#options;
    const filter = checkedFilter(request.filters);
    const { filters: _taken, ...range } = request;
    const ended = new AbortController();
    const over = AbortSignal.any([signal, ended.signal]);
    const share = inHand.share(inHand.limit);
    using pace = this.#options.flow.paceOf(reader?.consumer);
    const ledgers = upstream.doGet(
      { ...range, dataset: SOURCE_DATASET },
      over,
      checkNetwork(networkPassphrase),
    );
    stats.activeStreams++;
    try {
      const processed = orderedMap(ledgers, jobsPerStream, async ({ batch, metadata }) => {
        const job = { rows: batch.numRows, bytes: columnBytes(batch), cameAt: performance.now() };
        await inHand.acquire(share, job.bytes, over, job.rows);
        const result = await threads.process(batch, filter);
        if (result.failure !== undefined) throw new Error(result.failure);
        return { result, metadata, job };
      }, () => ended.abort());
      for await (const { result, metadata, job } of processed) {
        for (const flightBatch of this.#flightBatches(result, metadata)) {
          await pace.take(ledgersIn(flightBatch.metadata), columnBytes(flightBatch.batch), over);
          yield flightBatch;
          stats.sent(flightBatch);
          this.#options.onSent?.(flightBatch.metadata.read_at_ms);
        }
        inHand.release(share, job.bytes, job.rows);
        onDone(job.rows, result.workMs, performance.now() - job.cameAt);
        this.#count(result);
      }
    } catch (error) {
      if (signal.aborted) return;
      stats.failed(error);
      throw error;
    } finally {
      inHand.release(share, share.used, share.ledgers);
      stats.activeStreams--;
    }
  }

  /**
   * The batches made of one upstream batch. Together they cover the ledgers that it covers, those without
   * a row too: ledgers that the lake lacks or that are in quarantine, which the source names.
   */
  #flightBatches(result: LedgerJobResult, upstream: BatchMetadata): FlightBatch[] {
    const { empty } = this.#options;
    const { first_ledger, last_ledger, tip, read_at_ms, ...names } = upstream;
    const readAt = read_at_ms === undefined ? {} : { read_at_ms };
    const batches: FlightBatch[] = result.batches.map((packed) => {
      const { batch, firstLedger, lastLedger, ledgers, partial } = unpackBatch(packed, empty);
      const metadata: BatchMetadata = {
        first_ledger: firstLedger,
        last_ledger: lastLedger,
        tip,
        ledgers: [...ledgers],
        ...readAt,
      };
      return { batch, metadata: partial ? { ...metadata, partial } : metadata };
    });
    const whole = result.error === undefined;
    if (batches.length === 0) {
      if (!whole) return [];
      return [{
        batch: empty,
        metadata: { first_ledger, last_ledger, tip, ledgers: [], ...readAt, ...names },
      }];
    }
    const [first, last] = [batches[0]!, batches.at(-1)!];
    first.metadata = { ...first.metadata, ...names, first_ledger };
    if (whole) last.metadata = { ...last.metadata, last_ledger };
    return batches;
  }

  #count(result: LedgerJobResult): void {
    const { stats } = this.#options;
    for (const { ledgers } of result.batches) stats.ledgers += ledgers.length;
    result.eventsByType.forEach((count, type) => stats.eventsByType[type]! += count);
    stats.verified(result.verification);
    if (result.error === undefined) return;
    // A ledger that is refused for its mismatches has events; they are counted as mismatches.
    if (result.verification.mismatchCount === 0) stats.decodeErrors++;
    throw new FlightError("DATA_LOSS", result.error.message);
  }
}

/**
 * Refuses streams of another network: a source that was restarted with one, or another source that
 * is gone over to, must not be mixed in. Throws FlightError.
 */
export function checkNetwork(networkPassphrase: string): CheckSchema {
  return (schema, endpoint) => {
    const theirs = schema.metadata.get("network_passphrase");
    if (theirs === networkPassphrase) return;
    throw new FlightError(
      "FAILED_PRECONDITION",
      `The source at ${endpoint} serves the network "${theirs}", this processor was started for ` +
        `"${networkPassphrase}". Restart it, or name other sources.`,
    );
  };
}

/** The filter of a request. Throws FlightError INVALID_ARGUMENT for values that no event can have. */
function checkedFilter(filters: EventFilters | undefined): EventFilterOptions | undefined {
  const options = filterOptions(filters);
  try {
    new EventFilter(options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FlightError("INVALID_ARGUMENT", `Filter: ${cause.message}.`, { cause });
  }
  return options;
}

function filterOptions(filters: EventFilters | undefined): EventFilterOptions | undefined {
  if (filters === undefined) return undefined;
  const { event_types, assets, accounts, min_amount, max_amount, include_failed } = filters;
  return {
    ...(event_types && { eventTypes: event_types }),
    ...(assets && { assets }),
    ...(accounts && { accounts }),
    ...(min_amount !== undefined && { minAmount: BigInt(min_amount) }),
    ...(max_amount !== undefined && { maxAmount: BigInt(max_amount) }),
    ...(include_failed !== undefined && { includeFailed: include_failed }),
  };
}
