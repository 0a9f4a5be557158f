import type { AddAction, Partitioning } from "../delta/mod.ts";
import { recordCount, type RowBatch, type TextColumn } from "../rows/mod.ts";
import type { BufferMark, EncodedFile, FormatWriter, RowBuffer } from "../writers/mod.ts";
import {
  addEvents,
  countEvents,
  type EventsByType,
  noEvents,
  parseEventsTag,
} from "./event_counts.ts";
import { ledgersOf } from "./file_name.ts";

/** Ledgers that have rows in a file to be. */
export interface LedgerSpan {
  first: number;
  last: number;
}

/** The part of a group that belongs to one partition: one file when the group is closed. */
export interface GroupPart {
  readonly folder: string;
  readonly values: Record<string, string | null>;
  readonly buffer: RowBuffer;
  /** Committed files of the part so far; one or none unless the clock forced small ones. */
  files: AddAction[];
  /** Span and counts of all rows. */
  span: LedgerSpan;
  events: EventsByType;
  /** Span, counts and place of the rows that are in no file yet. */
  pending: { span: LedgerSpan; events: EventsByType; mark: BufferMark } | undefined;
}

/** A file to be written. */
export interface GroupFile {
  readonly part: GroupPart;
  readonly span: LedgerSpan;
  readonly events: EventsByType;
  readonly encode: () => EncodedFile;
}

/** Empty buffers that are kept: enough for the partitions that most groups have. */
const MAX_FREE_BUFFERS = 8;

/**
 * The rows between two canonical boundaries, in memory until the second is reached, partition by
 * partition. They stay although small files of them may have been committed, so that the final
 * files can be written without reading anything back.
 */
export class FileGroup {
  /** First ledger with rows: names the group in the tags of its files. */
  id: number | undefined;
  rows = 0;
  readonly parts = new Map<string, GroupPart>();
  readonly #free: RowBuffer[] = [];

  constructor(
    private readonly writer: FormatWriter,
    private readonly partitioning: Partitioning,
    private readonly eventTypeColumn: string | undefined,
  ) {}

  /** Whether rows wait that are in no file yet. */
  get hasPending(): boolean {
    for (const part of this.parts.values()) if (part.pending) return true;
    return false;
  }

  /** Most files that one partition has. */
  get mostFiles(): number {
    let most = 0;
    for (const part of this.parts.values()) most = Math.max(most, part.files.length);
    return most;
  }

  /** Appends a ledger's rows [start, end). */
  append(ledger: number, rows: RowBatch, start: number, end: number): void {
    if (start === end) return;
    this.id ??= ledger;
    const types: TextColumn | undefined = this.eventTypeColumn === undefined
      ? undefined
      : rows.text(this.eventTypeColumn);
    for (let at = start; at < end;) {
      const runEnd = this.partitioning.runEnd(rows, at, end);
      const part = this.#part(this.partitioning.valuesOf(rows, at), ledger);
      part.pending ??= {
        span: { first: ledger, last: ledger },
        events: noEvents(),
        mark: part.buffer.mark(),
      };
      part.buffer.append(rows, at, runEnd);
      part.span.last = part.pending.span.last = ledger;
      if (types) countEvents(part.pending.events, types, at, runEnd);
      at = runEnd;
    }
    this.rows += end - start;
  }

  /** Takes a committed file of the group back in; files of a partition come in their order. */
  load(add: AddAction, bytes: Uint8Array): void {
    const span = ledgersOf(add.path)!;
    const part = this.#part(add.partitionValues, span.first);
    const rows = recordCount(add.stats);
    part.buffer.load(bytes, rows);
    part.files.push(add);
    part.span.last = span.last;
    addEvents(part.events, parseEventsTag(add.tags?.["events"]));
    this.rows += rows;
  }

  /** Files of the rows that are in none yet. */
  pendingFiles(): GroupFile[] {
    return [...this.parts.values()].flatMap((part) => {
      const { pending } = part;
      if (!pending) return [];
      return { part, ...pending, encode: () => part.buffer.encode(pending.mark) };
    });
  }

  /** Files that replace the several small ones of a partition. */
  mergedFiles(): GroupFile[] {
    return [...this.parts.values()].filter((part) => part.files.length > 1).map((part) => ({
      part,
      span: part.span,
      events: part.events,
      encode: () => part.buffer.encode(),
    }));
  }

  /** Marks the pending rows of a part as being in a committed file. */
  committed(part: GroupPart, add: AddAction): void {
    part.files.push(add);
    if (part.pending) addEvents(part.events, part.pending.events);
    part.pending = undefined;
  }

  /** Begins the next group; the buffers of this one are used again. */
  reset(): void {
    for (const { buffer } of this.parts.values()) {
      if (this.#free.length === MAX_FREE_BUFFERS) break;
      buffer.clear();
      this.#free.push(buffer);
    }
    this.parts.clear();
    this.id = undefined;
    this.rows = 0;
  }

  #part(values: Record<string, string | null>, ledger: number): GroupPart {
    const folder = this.partitioning.folderOf(values);
    let part = this.parts.get(folder);
    if (part === undefined) {
      part = {
        folder,
        values,
        buffer: this.#free.pop() ?? this.writer.createBuffer(
          // Other programs read the columns of a partition from the log; JSON and CSV files are
          // read one by one and keep theirs.
          this.writer.format === "parquet"
            ? this.partitioning.fileFields
            : this.partitioning.rowFields,
        ),
        files: [],
        span: { first: ledger, last: ledger },
        events: noEvents(),
        pending: undefined,
      };
      this.parts.set(folder, part);
    }
    return part;
  }
}
