import {
  type Action,
  type AddAction,
  APP_ID,
  checkIdentity,
  checkPartitioning,
  checkSetting,
  decodePath,
  DeltaLog,
  encodePath,
  firstLedgerOf,
  identityOf,
  LogError,
  newMetaData,
  type PartitionBy,
  Partitioning,
  PROTOCOL,
  type TableIdentity,
  writeDurably,
} from "../delta/mod.ts";
import { recordCount, type RowBatch, type TableSchema } from "../rows/mod.ts";
import { joinPath, type Storage } from "../storage/mod.ts";
import { type FormatWriter, OutputFileError } from "../writers/mod.ts";
import {
  addEvents,
  type EventsByType,
  eventsTag,
  noEvents,
  parseEventsTag,
} from "./event_counts.ts";
import { FileGroup, type GroupFile } from "./file_group.ts";
import { fileName, isOwnName, ledgersOf } from "./file_name.ts";

/**
 * Small files of one group that the clock may force before they are merged into one: readers open
 * few files, and each row is rewritten a few times at most.
 */
export const MAX_SMALL_FILES = 32;

/** How a table is written. */
export interface OutputTableOptions {
  readonly storage: Storage;
  readonly folder: string;
  /** Folder of the log inside it: `_delta_log` for Parquet, `_log` for the others. */
  readonly logName: string;
  readonly schema: TableSchema;
  readonly writer: FormatWriter;
  readonly partitionBy: PartitionBy;
  /** A file is closed at the first ledger at which its group has as many rows. */
  readonly rowsPerFile: number;
  /** First ledger of a new table; undefined takes the first that comes. */
  readonly startLedger: number | undefined;
  /** Milliseconds; only the log carries times. */
  readonly now: () => number;
}

/** What a table holds, as its log says. */
export interface TableTotals {
  rows: number;
  files: number;
  bytes: number;
  eventsByType: EventsByType;
}

/** Files with new rows, and merged ones that replace small files. */
export const WRITTEN_KINDS = ["new", "merged"] as const;

/** What this process wrote of one kind. */
export interface WrittenCounts {
  files: number;
  rows: number;
  bytes: number;
}

/**
 * One table on disk: rows come ledger by ledger, files are committed through the log, and the last
 * ledger committed is the table's cursor.
 *
 * Boundaries of files are canonical: a group of rows is closed at the first ledger at which it has
 * `rowsPerFile` rows, counted from the boundary before. `flush()` commits what waits as small
 * files; when the group is closed they are replaced by the canonical ones. So neither the clock
 * nor a restart leaves a trace in the final files.
 */
export class OutputTable {
  readonly totals: TableTotals = { rows: 0, files: 0, bytes: 0, eventsByType: noEvents() };
  /** What this process wrote and committed. */
  readonly written: Readonly<Record<typeof WRITTEN_KINDS[number], WrittenCounts>> = {
    new: { files: 0, rows: 0, bytes: 0 },
    merged: { files: 0, rows: 0, bytes: 0 },
  };
  /** Events of new rows that this process committed, by type. */
  readonly writtenEvents: EventsByType = noEvents();
  readonly partitioning: Partitioning;
  readonly #group: FileGroup;
  /** Last ledger taken in, committed or not. */
  #appended: number | undefined;
  /** First ledger taken in by this object. */
  #firstAppended: number | undefined;
  #identity: TableIdentity | undefined;
  /** Files that no commit names, to be deleted. */
  #leftovers: readonly string[] = [];

  private constructor(readonly options: OutputTableOptions, readonly log: DeltaLog) {
    this.partitioning = new Partitioning(options.partitionBy, options.schema.fields);
    this.#group = this.#newGroup();
    this.#appended = this.cursor;
    for (const add of log.snapshot.files.values()) this.#count(add, 1);
  }

  /**
   * Opens a table, or what will be one, and changes nothing yet: `prepare()` has to follow. Throws
   * LogError, IdentityError.
   */
  static async open(options: OutputTableOptions): Promise<OutputTable> {
    const { storage, folder, logName, now } = options;
    const log = await DeltaLog.open(storage, joinPath(folder, logName), now);
    const table = new OutputTable(options, log);
    const { metaData } = log.snapshot;
    if (metaData) {
      checkPartitioning(folder, metaData, table.partitioning.columnNames);
      checkSetting(folder, metaData, options.writer.setting);
      checkIdentity(folder, identityOf(metaData), { schemaVersion: options.schema.version });
    }
    table.#leftovers = await table.#findLeftovers("");
    table.#checkLeftovers();
    return table;
  }

  /**
   * Deletes the leftovers of an interrupted run and reads the open group's rows back. Only for the
   * holder of the lock, and once the other tables are open: what is wrong with one must not cost
   * another its files.
   */
  async prepare(): Promise<void> {
    await this.log.clean();
    for (const path of this.#leftovers) {
      await this.options.storage.remove(joinPath(this.options.folder, path));
    }
    this.#leftovers = [];
    await this.#deleteRemoved();
    await this.#openGroup();
  }

  /** Last ledger that is committed. */
  get cursor(): number | undefined {
    return this.log.snapshot.cursor;
  }

  /** First ledger of the table, undefined when it has none yet. */
  get firstLedger(): number | undefined {
    const { metaData } = this.log.snapshot;
    return metaData && firstLedgerOf(metaData);
  }

  /** The next ledger that the table takes; undefined takes any. */
  get next(): number | undefined {
    return this.#appended === undefined ? this.options.startLedger : this.#appended + 1;
  }

  /** What the table is about, undefined while that is not known. */
  get identity(): TableIdentity | undefined {
    return this.#identity;
  }

  /** Whether ledgers wait that no commit covers. */
  get hasPending(): boolean {
    return this.#appended !== this.cursor;
  }

  /** Sets what a new table is about, or throws IdentityError when an existing one differs. */
  setIdentity(identity: Omit<TableIdentity, "schemaVersion">): void {
    const wanted = { ...identity, schemaVersion: this.options.schema.version };
    this.checkIdentity(wanted);
    this.#identity = wanted;
  }

  /** Throws IdentityError when the table has ledgers of something else, committed or not. */
  checkIdentity(wanted: Partial<TableIdentity>): void {
    const { folder } = this.options;
    const { metaData } = this.log.snapshot;
    if (metaData) checkIdentity(folder, identityOf(metaData), wanted);
    else if (this.#firstAppended !== undefined && this.#identity) {
      // The mode is left out: ledgers without events may wait before it is known.
      const { networkPassphrase, eventFilters } = this.#identity;
      checkIdentity(folder, { networkPassphrase, eventFilters }, wanted);
    }
  }

  /**
   * Takes in the rows [start, end) of a ledger; one that the table already has is skipped. At a
   * canonical boundary the group's files are committed before this resolves.
   */
  append(ledger: number, rows: RowBatch, start: number, end: number): Promise<void> | undefined {
    const { next } = this;
    if (next !== undefined && ledger < next) return undefined;
    this.#group.append(ledger, rows, start, end);
    this.#appended = ledger;
    this.#firstAppended ??= ledger;
    return this.#group.rows >= this.options.rowsPerFile ? this.#close() : undefined;
  }

  /** Commits everything that waits, as small files where no boundary is reached. */
  async flush(): Promise<void> {
    if (this.hasPending) await this.#commitPending();
    if (this.#group.mostFiles >= MAX_SMALL_FILES) await this.compact();
    await this.#deleteRemoved();
  }

  /** Replaces the small files of the open group by one a partition. */
  async compact(): Promise<void> {
    if (this.hasPending) await this.#commitPending();
    const files = this.#group.mergedFiles();
    if (files.length === 0) return;
    const now = this.options.now();
    const adds = await this.#write(files, false);
    const removes: Action[] = files.flatMap(({ part }) =>
      part.files.map(({ path, partitionValues, size }) => ({
        remove: {
          path,
          deletionTimestamp: now,
          dataChange: false,
          extendedFileMetadata: true,
          partitionValues,
          size,
        },
      }))
    );
    await this.log.commit([...removes, ...adds.map((add) => ({ add }))]);
    for (const [i, { part }] of files.entries()) {
      for (const old of part.files) this.#count(old, -1);
      this.#count(adds[i]!, 1);
      this.#countWritten(adds[i]!, "merged");
      part.files = [adds[i]!];
    }
    await this.#deleteRemoved();
  }

  async #close(): Promise<void> {
    // Small files first take the rest of the rows, as data; then they are replaced, which is no
    // change of data. A reader of changes sees each row once.
    await this.#commitPending();
    await this.compact();
    this.#group.reset();
    await this.#deleteRemoved();
  }

  async #commitPending(): Promise<void> {
    const appended = this.#appended!;
    const now = this.options.now();
    const files = this.#group.pendingFiles();
    const adds = await this.#write(files, true);
    const actions: Action[] = [];
    if (this.log.snapshot.version < 0) actions.push(...await this.#creation(now));
    actions.push(...adds.map((add) => ({ add })));
    // The last line: a commit that was cut short lacks it.
    actions.push({ txn: { appId: APP_ID, version: appended, lastUpdated: now } });
    await this.log.commit(actions);
    for (const [i, { part }] of files.entries()) {
      this.#group.committed(part, adds[i]!);
      this.#count(adds[i]!, 1);
      this.#countWritten(adds[i]!, "new");
      addEvents(this.writtenEvents, parseEventsTag(adds[i]!.tags?.["events"]));
    }
  }

  async #creation(now: number): Promise<Action[]> {
    if (!this.#identity) throw new TypeError("setIdentity() must come before the first commit.");
    const { schema, writer } = this.options;
    const metaData = await newMetaData({
      dataset: schema.dataset,
      format: writer.format,
      identity: this.#identity,
      firstLedger: this.#firstAppended!,
      columns: this.partitioning.tableFields,
      partitionColumns: this.partitioning.columnNames,
      createdTime: now,
      setting: writer.setting,
    });
    return [{ protocol: PROTOCOL }, { metaData }];
  }

  async #write(files: readonly GroupFile[], dataChange: boolean): Promise<AddAction[]> {
    const { storage, folder, writer, now } = this.options;
    const adds: AddAction[] = [];
    const folders = new Set<string>();
    for (const { part, span, events, encode } of files) {
      const encoded = encode();
      const target = joinPath(folder, part.folder);
      if (!folders.has(target)) await storage.makeFolder(target);
      folders.add(target);
      const name = fileName(span.first, span.last, writer.extension);
      const temporary = joinPath(target, `.${name}.tmp`);
      await writeDurably(storage, temporary, encoded.bytes);
      await storage.rename(temporary, joinPath(target, name));
      const tags: Record<string, string> = { group: String(this.#group.id) };
      if (this.options.schema.dataset === "ttp_event") tags["events"] = eventsTag(events);
      adds.push({
        path: encodePath(joinPath(part.folder, name)),
        partitionValues: part.values,
        size: encoded.bytes.length,
        modificationTime: now(),
        dataChange,
        stats: encoded.statistics,
        tags,
      });
    }
    for (const target of folders) await storage.syncFolder(target);
    return adds;
  }

  #newGroup(): FileGroup {
    const { writer, schema } = this.options;
    const column = schema.fields.find(({ name }) =>
      name === "event_type" || name === "event_topic"
    );
    return new FileGroup(writer, this.partitioning, column?.name);
  }

  /** Reads the last group back, and finishes what an interrupted close left undone. */
  async #openGroup(): Promise<void> {
    const files = [...this.log.snapshot.files.values()];
    const id = files.reduce((max, add) => Math.max(max, groupOf(add)), NO_GROUP);
    if (id === NO_GROUP) return;
    const last = files.filter((add) => groupOf(add) === id);
    last.sort((a, b) => ledgersOf(a.path)!.first - ledgersOf(b.path)!.first);
    const rows = last.reduce((sum, add) => sum + recordCount(add.stats), 0);
    const partitions = new Set(last.map((add) => this.partitioning.folderOf(add.partitionValues)));
    const closed = rows >= this.options.rowsPerFile;
    if (closed && partitions.size === last.length) return;
    this.#group.id = id;
    for (const add of last) {
      const path = joinPath(this.options.folder, decodePath(add.path));
      try {
        this.#group.load(add, await this.options.storage.read(path));
      } catch (error) {
        if (!(error instanceof OutputFileError)) throw error;
        throw new OutputFileError(
          `"${path}": ${error.message} Put it back from a copy, or use another OUTPUT_PATH.`,
          { cause: error },
        );
      }
    }
    if (!closed) return;
    await this.compact();
    this.#group.reset();
  }

  /** Files of this program's naming in a folder and those below that the log does not name. */
  async #findLeftovers(folder: string): Promise<string[]> {
    const { storage, logName } = this.options;
    const { files, removed } = this.log.snapshot;
    const found: string[] = [];
    for (const { name, isFolder } of await storage.list(joinPath(this.options.folder, folder))) {
      const path = joinPath(folder, name);
      if (isFolder) {
        if (path !== logName && name.includes("=")) found.push(...await this.#findLeftovers(path));
      } else if (isOwnName(name)) {
        const encoded = encodePath(path);
        if (!files.has(encoded) && !removed.has(encoded)) found.push(path);
      }
    }
    return found;
  }

  /**
   * An interrupted run leaves files of ledgers after the cursor, or merged ones whose rows are in
   * live files too. A file of covered ledgers that no live file has rows of was committed once, and
   * so was all but the first file of a folder without a log. Throws LogError `DAMAGED`.
   */
  #checkLeftovers(): void {
    const live = new Map<string, { first: number; last: number }[]>();
    for (const { path } of this.log.snapshot.files.values()) {
      const span = ledgersOf(path);
      // Another program has rewritten the table, so that its files do not say which ledgers.
      if (span === undefined) return;
      const folder = folderOf(decodePath(path));
      live.set(folder, [...live.get(folder) ?? [], span]);
    }
    for (const path of this.#leftovers) {
      const span = ledgersOf(path);
      if (span === undefined) continue;
      const folder = folderOf(path);
      const spans = live.get(folder) ?? [];
      const isLost = this.log.snapshot.version < 0
        ? spans.push(span) > 1
        : span.last <= (this.cursor ?? -1) &&
          !spans.some(({ first, last }) => first <= span.last && span.first <= last);
      live.set(folder, spans);
      if (!isLost) continue;
      throw new LogError(
        "DAMAGED",
        `"${joinPath(this.options.folder, path)}" has rows of ledgers ${span.first} to ` +
          `${span.last}, but no commit names it: a commit was lost or cut short. Nothing was ` +
          `deleted. Put "${joinPath(this.options.folder, this.options.logName)}" back from a ` +
          `copy, or use another OUTPUT_PATH.`,
      );
    }
  }

  /**
   * Deletes replaced files. Readers of Delta tables may still be at Parquet files, for a day; text
   * is read with a glob, which would find the rows twice.
   */
  async #deleteRemoved(): Promise<void> {
    for (const path of this.log.forgetRemoved(this.options.writer.format !== "parquet")) {
      await this.options.storage.remove(joinPath(this.options.folder, decodePath(path)));
    }
  }

  #countWritten(add: AddAction, kind: keyof OutputTable["written"]): void {
    const counts = this.written[kind];
    counts.files++;
    counts.rows += recordCount(add.stats);
    counts.bytes += add.size;
  }

  #count(add: AddAction, sign: 1 | -1): void {
    this.totals.rows += sign * recordCount(add.stats);
    this.totals.files += sign;
    this.totals.bytes += sign * add.size;
    const events = parseEventsTag(add.tags?.["events"]);
    if (sign < 0) {
      for (const type of Object.keys(events)) {
        events[type as keyof EventsByType] *= -1;
      }
    }
    addEvents(this.totals.eventsByType, events);
  }
}

/** Group of a file that another program wrote, for example when it compacted the table. */
const NO_GROUP = -1;

function groupOf(add: AddAction): number {
  const id = Number(add.tags?.["group"] ?? NO_GROUP);
  return ledgersOf(add.path) === undefined ? NO_GROUP : id;
}

/** The folder of a path, empty for a bare name. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
