import type { FlightBatch } from "../../../flight/mod.ts";
import {
  IdentityError,
  identityOf,
  NO_FILTERS,
  type PartitionBy,
  type TableIdentity,
} from "../delta/mod.ts";
import {
  appendHubbleRows,
  HUBBLE_FIELDS,
  HUBBLE_TABLE,
  LEDGER_TABLE,
  RowBatch,
  RowsError,
  type TableSchema,
  TTP_EVENT_TABLE,
} from "../rows/mod.ts";
import { joinPath, type Storage, StorageError, type StorageLock } from "../storage/mod.ts";
import type { FormatWriter } from "../writers/mod.ts";
import { type EventsByType, noEvents } from "./event_counts.ts";
import { committedHashes, LedgerChain } from "./ledger_chain.ts";
import { LedgerSequence, type LedgerUnit, SequenceError } from "./ledger_sequence.ts";
import { OutputTable } from "./output_table.ts";
import { UnitReader, type UnitRows } from "./unit_rows.ts";

/** Name of the lock file in OUTPUT_PATH; it names the process that writes there. */
export const LOCK_NAME = ".sink.lock";

/**
 * While files of events are closed one after the other, as in history, a file of ledgers stays open
 * for thousands of ledgers. So often its rows are committed as a small file, so that the cursor,
 * which is the lowest of all tables, keeps up.
 */
const LEDGER_COMMIT_INTERVAL_MS = 1_000;

/** What is stored where. */
export interface StoreOptions {
  readonly storage: Storage;
  /** OUTPUT_PATH. */
  readonly path: string;
  /** One writer a format. */
  readonly writers: readonly FormatWriter[];
  readonly partitionBy: PartitionBy;
  readonly parquetSchema: "native" | "hubble";
  /** A file is closed at the first ledger at which its group has as many rows. */
  readonly rowsPerFile: number;
  /** First ledger of empty tables. */
  readonly startLedger: number | undefined;
  /** Last ledger, undefined to go on for ever. */
  readonly endLedger: number | undefined;
  /** Whether each ledger's `previous_hash` must be the hash of the one before; default true. */
  readonly verifyChain?: boolean;
  /** The M… address of an account and a numeric id, for Hubble's `to_muxed`. */
  readonly muxedAddress: (account: string, id: string) => string | undefined;
  /** What the lock file says: pid and start of this process. */
  readonly holder: string;
  readonly now: () => number;
}

/** What is wrong with the store as a whole. */
export type StoreErrorCode = "LOCKED" | "FAILED";

/** A store that cannot be opened or continued; the message says why and what helps. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(readonly code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** What is committed, over all tables. */
export interface StoreTotals {
  /** Last ledger that every table has. */
  cursor: number | undefined;
  ledgers: number;
  events: number;
  eventsByType: EventsByType;
  files: number;
  bytes: number;
}

/**
 * All tables under one OUTPUT_PATH, written together: whole ledgers go in, one after the other, and
 * each table commits them at its own boundaries. After an error nothing more is written; opening
 * the store again goes on from what is committed.
 */
export class AnalyticsStore {
  /** Times that tables were committed. */
  commits = 0;
  /** Batches that were refused for what is in them. */
  refusals = 0;
  readonly #reader = new UnitReader();
  readonly #sequence: LedgerSequence;
  readonly #commitListeners = new Set<() => void>();
  #eventsMode: string | undefined;
  #hasIdentity = false;
  #failure: unknown;
  /** When the tables of ledgers were last made to follow, in milliseconds. */
  #ledgersFlushedAt: number;
  #closed = false;
  /** Calls take turns: a flush never runs in the middle of an append. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: StoreOptions,
    private readonly lock: StorageLock,
    /** Tables of events, the first of the first format, and so on. */
    readonly eventTables: readonly OutputTable[],
    /** Tables of ledgers in the same order. */
    readonly ledgerTables: readonly OutputTable[],
    /** Undefined when the chain is not verified. */
    private readonly chain: LedgerChain | undefined,
  ) {
    this.#ledgersFlushedAt = options.now();
    this.#sequence = new LedgerSequence(lowest(this.#tables.map((table) => table.next)));
  }

  /** Takes the lock and opens all tables. Throws StoreError, LogError, IdentityError. */
  static async open(options: StoreOptions): Promise<AnalyticsStore> {
    const { storage, path } = options;
    await storage.makeFolder(path);
    const lock = await takeLock(storage, path, options.holder);
    try {
      // Where some tables are there and one is not, the new one begins where they did.
      const found = await openTables(options, options.startLedger);
      const first = lowest(found.map((table) => table.firstLedger));
      const isPartlyNew = found.some((table) => table.firstLedger === undefined);
      const tables = isPartlyNew && options.startLedger === undefined && first !== undefined
        ? await openTables(options, first)
        : found;
      await allDone(tables.map((table) => table.prepare()));
      const ledgerTables = tables.filter((table) => table.options.schema.dataset === "ledger");
      return new AnalyticsStore(
        options,
        lock,
        tables.filter((table) => table.options.schema.dataset === "ttp_event"),
        ledgerTables,
        options.verifyChain === false ? undefined : new LedgerChain(
          path,
          await committedHashes(ledgerTables, lowest(tables.map((table) => table.next))),
        ),
      );
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get #tables(): OutputTable[] {
    return [...this.eventTables, ...this.ledgerTables];
  }

  /** Last ledger that every table has committed; undefined while one is empty. */
  get cursor(): number | undefined {
    const cursors = this.#tables.map((table) => table.cursor);
    return cursors.includes(undefined) ? undefined : Math.min(...cursors as number[]);
  }

  /** First ledger of the tables, undefined while there are none. */
  get firstLedger(): number | undefined {
    return lowest(this.#tables.map((table) => table.firstLedger));
  }

  /** The ledger to ask for next; undefined leaves it to the one who is asked. */
  get next(): number | undefined {
    return this.#sequence.expected;
  }

  /** Whether parts of a ledger wait for the rest. */
  get isPartial(): boolean {
    return this.#sequence.isPartial;
  }

  /** Whether END_LEDGER is committed. */
  get isFinished(): boolean {
    const { endLedger } = this.options;
    return endLedger !== undefined && (this.cursor ?? -1) >= endLedger;
  }

  /** Identity of the tables, where one is made already. */
  get identity(): TableIdentity | undefined {
    for (const table of this.#tables) {
      const { metaData } = table.log.snapshot;
      if (metaData) return identityOf(metaData);
    }
    return undefined;
  }

  /** What is committed. */
  get totals(): StoreTotals {
    const [events, ledgers] = [this.eventTables[0]!, this.ledgerTables[0]!];
    const tables = this.#tables;
    return {
      cursor: this.cursor,
      ledgers: ledgers.totals.rows,
      events: events.totals.rows,
      eventsByType: { ...noEvents(), ...events.totals.eventsByType },
      files: tables.reduce((sum, table) => sum + table.totals.files, 0),
      bytes: tables.reduce((sum, table) => sum + table.totals.bytes, 0),
    };
  }

  /** What this process committed to the first output; `totals` counts earlier processes too. */
  get committed(): Pick<StoreTotals, "ledgers" | "events" | "eventsByType"> {
    const [events, ledgers] = [this.eventTables[0]!, this.ledgerTables[0]!];
    return {
      ledgers: ledgers.written.new.rows,
      events: events.written.new.rows,
      eventsByType: events.writtenEvents,
    };
  }

  /**
   * Says what the batches to come are about. Throws IdentityError when the tables hold something
   * else; nothing has changed then. Without an events mode the tables' own counts, else that of the
   * first event to come. Without filters the batches have all events.
   */
  setIdentity(
    networkPassphrase: string,
    eventsMode: string | undefined,
    filters?: string,
  ): void {
    const mode = eventsMode ?? this.identity?.eventsMode;
    const identity = {
      networkPassphrase,
      // What is not known yet cannot differ; an empty table is not committed before it is known.
      eventsMode: mode ?? DEFAULT_EVENTS_MODE,
      eventFilters: filters || NO_FILTERS,
    };
    for (const table of this.#tables) table.checkIdentity(identity);
    for (const table of this.#tables) table.setIdentity(identity);
    this.#eventsMode = mode;
    this.#hasIdentity = true;
  }

  /** Calls back after every commit; the answer stops it. */
  onCommit(listener: () => void): () => void {
    this.#commitListeners.add(listener);
    return () => void this.#commitListeners.delete(listener);
  }

  /** Takes in a batch. Throws SequenceError, RowsError, StoreError. */
  append(batch: FlightBatch): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#hasIdentity) throw new TypeError("setIdentity() must come before append().");
      const unit = this.#sequence.push(batch);
      if (unit === undefined) return;
      await this.#appendUnit(unit, this.#readUnit(unit));
    });
  }

  /** Forgets parts of a ledger whose stream broke off; they come again. */
  dropParts(): void {
    this.#sequence.dropParts();
  }

  /** Commits everything that waits. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      const isPending = this.#tables.some((table) => table.hasPending);
      for (const table of this.#tables) await table.flush();
      if (isPending) this.#committed();
    });
  }

  /** Commits everything that waits and leaves the files that an undisturbed run would leave. */
  finish(): Promise<void> {
    return this.#inTurn(async () => {
      for (const table of this.#tables) await table.compact();
      this.#committed();
    });
  }

  /** Commits what waits and releases the lock; after a failure it only releases. */
  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      if (this.#failure === undefined) await this.flush();
    } finally {
      this.#closed = true;
      await this.lock.release();
    }
  }

  /** Rows of whole ledgers; when they are refused, the right ones may still come. */
  #readUnit(unit: LedgerUnit): UnitRows {
    try {
      const rows = this.#reader.read(unit, this.#eventsMode);
      this.chain?.follow(rows.facts, unit.last);
      const mode = this.#reader.firstMode;
      if (this.#eventsMode === undefined && mode !== undefined) this.#learnMode(mode);
      return rows;
    } catch (error) {
      this.#sequence.takeBack(unit);
      throw error;
    }
  }

  async #appendUnit(unit: LedgerUnit, rows: UnitRows): Promise<void> {
    const hubble = this.#hubbleRows(rows);
    for (let ledger = unit.first; ledger <= unit.last; ledger++) {
      const i = ledger - unit.first;
      const [start, end] = [rows.starts[i]!, rows.starts[i + 1]!];
      let hasClosed = false;
      for (const table of this.eventTables) {
        const source = table.options.schema === HUBBLE_TABLE ? hubble! : rows.events;
        const closing = table.append(ledger, source, start, end);
        hasClosed ||= closing !== undefined;
        await closing;
      }
      for (const table of this.ledgerTables) {
        const closing = table.append(
          ledger,
          rows.ledgers,
          rows.ledgerStarts[i]!,
          rows.ledgerStarts[i + 1]!,
        );
        hasClosed ||= closing !== undefined;
        await closing;
      }
      if (hasClosed) await this.#afterClose();
    }
    if (unit.last !== this.options.endLedger) return;
    // The end counts as a boundary: what the clock forced before it must leave no trace.
    for (const table of this.#tables) await table.compact();
    this.#committed();
  }

  /** After a file of some table was closed: lets the tables of ledgers follow those of events. */
  async #afterClose(): Promise<void> {
    const now = this.options.now();
    if (Math.abs(now - this.#ledgersFlushedAt) >= LEDGER_COMMIT_INTERVAL_MS) {
      this.#ledgersFlushedAt = now;
      for (const table of this.ledgerTables) await table.flush();
    }
    this.#committed();
  }

  /** Tables take the mode of the first event, if nothing said it before. */
  #learnMode(mode: string): void {
    const identity = { ...this.eventTables[0]!.identity!, eventsMode: mode };
    for (const table of this.#tables) table.setIdentity(identity);
    this.#eventsMode = mode;
  }

  #hubbleRows(rows: UnitRows): RowBatch | undefined {
    if (this.options.parquetSchema !== "hubble") return undefined;
    const hubble = new RowBatch(HUBBLE_FIELDS);
    appendHubbleRows(hubble, rows.events, 0, rows.events.rows, this.options.muxedAddress);
    return hubble;
  }

  #committed(): void {
    this.commits++;
    for (const listener of this.#commitListeners) listener();
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(async () => {
      if (this.#closed) throw new StoreError("FAILED", "The store is closed.");
      if (this.#failure !== undefined) {
        throw new StoreError("FAILED", "The store has failed before and must be opened again.", {
          cause: this.#failure,
        });
      }
      try {
        await run();
      } catch (error) {
        // Input is refused before a table is touched. After anything else, what is in memory may
        // no longer be what is on disk; the log knows what is committed.
        if (isRefusal(error)) this.refusals++;
        else this.#failure = error;
        throw error;
      }
    });
    this.#turn = result.catch(() => {});
    return result;
  }
}

/** Whether an error is about what came in, not about what is stored. */
function isRefusal(error: unknown): boolean {
  return error instanceof SequenceError || error instanceof RowsError ||
    error instanceof IdentityError;
}

/** Mode of a network without a single event so far; the processor's own default. */
const DEFAULT_EVENTS_MODE = "reconstructed";

function openTables(options: StoreOptions, startLedger: number | undefined) {
  const { storage, path, writers, partitionBy, rowsPerFile, now } = options;
  return allDone(writers.flatMap((writer) => {
    const isParquet = writer.format === "parquet";
    const events = isParquet && options.parquetSchema === "hubble" ? HUBBLE_TABLE : TTP_EVENT_TABLE;
    return [events, LEDGER_TABLE].map((schema) =>
      OutputTable.open({
        storage,
        folder: joinPath(path, isParquet ? "" : writer.format, schema.dataset),
        logName: isParquet ? "_delta_log" : "_log",
        schema,
        writer,
        partitionBy: partitionOf(schema, partitionBy),
        rowsPerFile,
        startLedger,
        now,
      })
    );
  }));
}

/**
 * Results of all, or the first error once every one has ended: nothing goes on writing after the
 * lock has been released.
 */
async function allDone<T>(running: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(running);
  return await Promise.all(running);
}

/** A ledger has a time, but no asset and no event type. */
function partitionOf(schema: TableSchema, by: PartitionBy): PartitionBy {
  return schema.dataset === "ledger" && by !== "date" && by !== "hour" ? "none" : by;
}

async function takeLock(storage: Storage, path: string, holder: string): Promise<StorageLock> {
  try {
    return await storage.lock(joinPath(path, LOCK_NAME), holder);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "LOCKED") throw error;
    throw new StoreError(
      "LOCKED",
      `OUTPUT_PATH "${path}" is being written by another process (${error.message.trim()}). ` +
        `Stop it, or use another folder.`,
      { cause: error },
    );
  }
}

/** The lowest number; undefined values do not count. */
function lowest(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}
