import type { Schema } from "apache-arrow";
import { type LedgerRow, ledgerSchema, ttpEventSchema, withNetwork } from "../../arrow/mod.ts";
import {
  type BatchMetadata,
  type DatasetBounds,
  type FlightBatch,
  type FlightDataset,
  FlightError,
  type RangeRequest,
} from "../../flight/mod.ts";
import { NO_FILTERS } from "./delta/mod.ts";
import {
  HUBBLE_TABLE,
  LEDGER_FIELDS,
  recordCount,
  RowBatch,
  toServedBatch,
  TTP_EVENT_FIELDS,
} from "./rows/mod.ts";
import { orderedRows, type StoredGroup, StoredRows } from "./stored_rows.ts";
import type { AnalyticsStore } from "./tables/mod.ts";
import { type ParquetWriter, timeText } from "./writers/mod.ts";

/** Rows of a served batch at most, unless one ledger has more: some megabytes. */
const MAX_BATCH_ROWS = 16_384;

/** Ledgers of a served batch at most: their facts travel as JSON, two thirds of a kilobyte each. */
const MAX_BATCH_LEDGERS = 500;

/** Bytes of a served batch's rows at most: some megabytes, as all components send them. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Share of a message for its rows; the facts of ledgers and the framing take the rest. */
const MESSAGE_SHARE = 1 / 4;

/** Takes batches that a client writes. */
export type PutBatches = (
  batches: AsyncIterable<FlightBatch>,
  signal: AbortSignal,
) => Promise<void>;

/**
 * What the sink stored, served over Flight from the committed Parquet files: `ttp_event` with the
 * facts of its ledgers, or `ledger`. Following the tip it goes on with each commit.
 */
export class StoredDataset implements FlightDataset {
  /** DoPut, where the dataset takes it. */
  readonly put?: PutBatches;
  readonly #events: StoredRows | undefined;
  readonly #ledgers: StoredRows | undefined;
  private readonly maxBatchBytes: number;

  /** `maxMessageBytes` is the largest message that the server sends. */
  constructor(
    readonly name: "ttp_event" | "ledger",
    private readonly store: AnalyticsStore,
    parquet: ParquetWriter | undefined,
    maxMessageBytes: number,
    put?: PutBatches,
  ) {
    this.maxBatchBytes = Math.min(MAX_BATCH_BYTES, maxMessageBytes * MESSAGE_SHARE);
    if (put !== undefined) this.put = put;
    if (parquet === undefined) return;
    this.#events = new StoredRows(store.eventTables[0]!, parquet);
    this.#ledgers = new StoredRows(store.ledgerTables[0]!, parquet);
  }

  /** The schema, with the network, events mode and filters of the tables once they are known. */
  get schema(): Schema {
    const base = this.name === "ttp_event" ? ttpEventSchema : ledgerSchema;
    const { identity } = this.store;
    if (identity === undefined) return base;
    const schema = withNetwork(base, identity.networkPassphrase);
    if (this.name === "ttp_event") {
      schema.metadata.set("events_mode", identity.eventsMode);
      if (identity.eventFilters !== NO_FILTERS) {
        schema.metadata.set("event_filters", identity.eventFilters);
      }
    }
    return schema;
  }

  bounds(): Promise<DatasetBounds> {
    const { totals, firstLedger } = this.store;
    return Promise.resolve({
      first: firstLedger ?? 0,
      last: this.#last,
      totalRecords: this.name === "ttp_event" ? totals.events : totals.ledgers,
    });
  }

  async countRecords(request: RangeRequest): Promise<number | undefined> {
    const { events, ledgers } = this.#readable();
    const [stored, column] = this.name === "ttp_event"
      ? [events, "ledger_sequence"]
      : [ledgers, "sequence"];
    const first = request.startLedger ?? this.store.firstLedger ?? 0;
    const last = Math.min(request.endLedger || Infinity, this.#last ?? -1);
    if (last < first) return 0;
    let count = 0;
    for (const group of stored.groups(first, last)) {
      // Only groups at the ends of the range have rows outside of it and must be read.
      count += group.first >= first && group.last <= last
        ? group.files.reduce((sum, file) => sum + recordCount(file.stats), 0)
        : orderedRows(await stored.read(group), column, undefined, first, last).length;
    }
    return count;
  }

  async *read(request: RangeRequest, signal: AbortSignal): AsyncIterable<FlightBatch> {
    this.#readable();
    if (request.filters !== undefined) {
      throw new FlightError("UNIMPLEMENTED", "Stored events are served whole: leave filters out.");
    }
    const end = request.endLedger || Infinity;
    let at = request.startLedger ?? await this.#firstLedger(signal);
    const { firstLedger } = this.store;
    if (firstLedger !== undefined && at < firstLedger) {
      throw new FlightError(
        "OUT_OF_RANGE",
        `Ledger ${at} is not stored: the first one here is ${firstLedger}.`,
      );
    }
    while (at <= end && !signal.aborted) {
      const last = Math.min(this.#last ?? -1, end);
      if (last < at) {
        await this.#nextCommit(signal);
        continue;
      }
      yield* this.#range(at, last, signal);
      at = last + 1;
    }
  }

  /** Last ledger that both tables have. */
  get #last(): number | undefined {
    return this.store.cursor;
  }

  #readable(): { events: StoredRows; ledgers: StoredRows } {
    if (this.#events === undefined || this.#ledgers === undefined) {
      throw new FlightError(
        "FAILED_PRECONDITION",
        'Only Parquet is read back: put "parquet" into OUTPUT_FORMATS.',
      );
    }
    if (this.name === "ttp_event" && this.#events.table.options.schema === HUBBLE_TABLE) {
      throw new FlightError(
        "FAILED_PRECONDITION",
        "The events are stored in Hubble's columns, which do not have all of ttp_event.",
      );
    }
    return { events: this.#events, ledgers: this.#ledgers };
  }

  async #firstLedger(signal: AbortSignal): Promise<number> {
    while (this.store.firstLedger === undefined && !signal.aborted) await this.#nextCommit(signal);
    return this.store.firstLedger ?? 0;
  }

  #nextCommit(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const stop = this.store.onCommit(done);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    });
  }

  /**
   * Ledgers [first, last], all committed. Batches cover them without holes: those that the source
   * lacked have no row, and are named as `missing` by the batch that covers them.
   */
  async *#range(first: number, last: number, signal: AbortSignal): AsyncIterable<FlightBatch> {
    const { events, ledgers } = this.#readable();
    const groups = this.name === "ttp_event" ? events.groups(first, last) : [];
    let at = first;
    for (const facts of ledgers.groups(first, last)) {
      const factRows = await ledgers.read(facts);
      const order = orderedRows(factRows, "sequence", undefined, at, Math.min(last, facts.last));
      let rows: { group: StoredGroup; batch: RowBatch } | undefined;
      for (let from = 0; from < order.length && !signal.aborted;) {
        const to = this.#cut(factRows, order, from);
        const piece = order.slice(from, to);
        const sequences = piece.map((row) => factRows.fixed("sequence").numberAt(row));
        const span = { first: at, last: sequences.at(-1)! };
        const missing = missingBefore(at, sequences);
        const metadata = {
          first_ledger: span.first,
          last_ledger: span.last,
          tip: this.#last!,
          ...(missing.length === 0 ? {} : { missing }),
        };
        if (this.name === "ledger") {
          yield { batch: toServedBatch(this.schema, factRows, piece), metadata };
        } else {
          const found = groups.filter((g) => g.first <= span.last && g.last >= span.first);
          const runs: Run[] = [];
          for (const group of found) {
            // Groups are read in order: the last one is mostly the one wanted again.
            if (rows?.group !== group) rows = { group, batch: await events.read(group) };
            const wanted = orderedRows(
              rows.batch,
              "ledger_sequence",
              "event_index",
              span.first,
              span.last,
            );
            if (wanted.length > 0) runs.push({ rows: rows.batch, order: wanted });
          }
          const ledgerRows = piece.map((row) => ledgerRow(factRows, row));
          for (const batch of this.#eventBatches(runs, metadata, ledgerRows)) {
            if (signal.aborted) return;
            yield batch;
          }
        }
        at = span.last + 1;
        from = to;
      }
    }
    if (at > last || signal.aborted) return;
    const fields = this.name === "ttp_event" ? TTP_EVENT_FIELDS : LEDGER_FIELDS;
    yield {
      batch: toServedBatch(this.schema, new RowBatch(fields), []),
      metadata: {
        first_ledger: at,
        last_ledger: last,
        tip: this.#last!,
        missing: [[at, last]],
        ...(this.name === "ttp_event" ? { ledgers: [] } : {}),
      },
    };
  }

  /**
   * The rows of one range as batches. Rows of a ledger are never in two runs; where one run has
   * more bytes than a message may, it is cut, within a ledger as `partial`.
   */
  *#eventBatches(
    runs: readonly Run[],
    range: BatchMetadata,
    ledgers: readonly LedgerRow[],
  ): Iterable<FlightBatch> {
    const { schema } = this;
    if (runs.length === 0) {
      const batch = toServedBatch(schema, new RowBatch(TTP_EVENT_FIELDS), []);
      yield { batch, metadata: { ...range, ledgers: [...ledgers] } };
      return;
    }
    let first = range.first_ledger;
    let names: Record<string, unknown> = range["missing"] === undefined
      ? {}
      : { missing: range["missing"] };
    for (const run of runs) {
      const { rows, order } = run;
      const column = rows.fixed("ledger_sequence");
      const ledgerOf = (at: number) => column.numberAt(order[at]!);
      for (let from = 0; from < order.length;) {
        const to = this.#cutBytes(run, from);
        const isEnd = to === order.length;
        const partial = !isEnd && ledgerOf(to) === ledgerOf(to - 1);
        const last = partial
          ? ledgerOf(to)
          : !isEnd
          ? ledgerOf(to) - 1
          : run === runs.at(-1)
          ? range.last_ledger
          : ledgerOf(to - 1);
        // The facts of a ledger come with its last part.
        const whole = partial ? last - 1 : last;
        yield {
          batch: toServedBatch(schema, rows, order.slice(from, to)),
          metadata: {
            first_ledger: first,
            last_ledger: last,
            tip: range.tip,
            ...(partial ? { partial } : {}),
            ...names,
            ledgers: ledgers.filter((row) => row.sequence >= first && row.sequence <= whole),
          },
        };
        names = {};
        first = whole + 1;
        from = to;
      }
    }
  }

  /** Where the batch that begins at `from` ends, so that it fits a message; at least one row. */
  #cutBytes({ rows, order }: Run, from: number): number {
    let bytes = 0;
    let to = from;
    for (; to < order.length; to++) {
      bytes += rows.rowBytes(order[to]!);
      if (bytes > this.maxBatchBytes && to > from) break;
    }
    return to;
  }

  /** Where the batch that begins at `from` ends: whole ledgers, not too many rows. */
  #cut(facts: RowBatch, order: readonly number[], from: number): number {
    const counts = facts.fixed("event_count");
    let rows = 0;
    let to = from;
    while (to < order.length && to - from < MAX_BATCH_LEDGERS) {
      rows += this.name === "ledger" ? 1 : counts.numberAt(order[to]!);
      if (to > from && rows > MAX_BATCH_ROWS) break;
      to++;
    }
    return to;
  }
}

/** Ranges of ledgers from `first` on that are not among sequences in order, up to the last one. */
function missingBefore(first: number, sequences: readonly number[]): [number, number][] {
  const missing: [number, number][] = [];
  let at = first;
  for (const sequence of sequences) {
    if (sequence > at) missing.push([at, sequence - 1]);
    at = sequence + 1;
  }
  return missing;
}

/** Rows of stored files, and which of them in what order are served. */
interface Run {
  readonly rows: RowBatch;
  readonly order: readonly number[];
}

/** The facts of a stored ledger as they travel in `app_metadata`. */
function ledgerRow(rows: RowBatch, row: number): LedgerRow {
  const facts: Record<string, unknown> = {};
  for (const field of rows.fields) {
    if (field.type === "string") facts[field.name] = rows.text(field.name).textAt(row);
    else if (field.type === "timestamp") {
      facts[field.name] = timeText(rows.fixed(field.name).int64At(row));
    } else if (INT64_TEXT.has(field.name)) {
      facts[field.name] = String(rows.fixed(field.name).int64At(row));
    } else facts[field.name] = rows.fixed(field.name).numberAt(row);
  }
  return facts as unknown as LedgerRow;
}

/** Facts that are 64-bit integers and travel as text. */
const INT64_TEXT = new Set(["total_coins", "fee_pool", "total_fees"]);
