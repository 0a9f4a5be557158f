import { type Data, makeData, RecordBatch, type Schema, Struct, type Vector } from "apache-arrow";
import type { LedgerEncoding, LedgerRow } from "../../arrow/mod.ts";
import type { EventFilterOptions } from "./event_filter.ts";
import type { ProcessedBatch } from "./ledger_processor.ts";
import type { VerificationResult } from "./ledger_verification.ts";

/** What a thread does with ledgers: make batches of their events, or only prove these. */
export type LedgerTask = "events" | "verification";

/** Ledgers for a thread to turn into events. */
export interface LedgerJob {
  readonly id: number;
  readonly task: LedgerTask;
  /** All ledgers end to end; its buffer goes over to the thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each ledger ends in `bytes`. */
  readonly ends: Uint32Array;
  /** Sequence of each ledger, as the source says. */
  readonly sequences: Uint32Array;
  readonly encodings: readonly LedgerEncoding[];
  /** The filter of the stream, beside the thread's own. */
  readonly filter: EventFilterOptions | undefined;
}

/** What a thread makes of a job. Batches come before the error: they are of the ledgers before it. */
export interface LedgerJobResult {
  readonly id: number;
  readonly batches: readonly PackedBatch[];
  readonly eventsByType: readonly number[];
  /** Time that the thread was at it, in milliseconds. */
  readonly workMs: number;
  /** What came out for the ledgers that were verified. */
  readonly verification: VerificationResult;
  /** Why the ledger after the last batch has no events. */
  readonly error?: { readonly ledger: number; readonly message: string };
  /** Why the job came to nothing, by no fault of a ledger. */
  readonly failure?: string;
}

/** What a thread is told at first. */
export interface LedgerThreadOptions {
  readonly networkPassphrase: string;
  readonly mode: "reconstructed" | "unified";
  readonly filter: EventFilterOptions;
  readonly batchLedgers: number;
  /** Whether a ledger is refused whose events its ledger-entry changes do not prove. */
  readonly verifyEvents: boolean;
}

/** A {@linkcode ProcessedBatch} as plain buffers, which go from thread to thread without a copy. */
export interface PackedBatch {
  readonly rows: number;
  readonly columns: readonly PackedColumn[];
  readonly firstLedger: number;
  readonly lastLedger: number;
  readonly ledgers: readonly LedgerRow[];
  readonly partial: boolean;
}

type Buffers = Data["buffers"];

interface PackedColumn {
  readonly nullCount: number;
  readonly nullBitmap: Buffers[2];
  readonly valueOffsets: Buffers[0];
  readonly data: Buffers[1];
}

/** Takes a batch apart. Dictionaries stay behind: both threads have them. */
export function packBatch(processed: ProcessedBatch): PackedBatch {
  const { batch, ...rest } = processed;
  return {
    ...rest,
    rows: batch.numRows,
    columns: batch.data.children.map(({ nullCount, nullBitmap, valueOffsets, values }) => ({
      nullCount,
      nullBitmap,
      valueOffsets,
      data: values,
    })),
  };
}

/** The buffers of packed batches, to be handed over instead of copied. */
export function transferables(batches: readonly PackedBatch[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { columns } of batches) {
    for (const { nullBitmap, valueOffsets, data } of columns) {
      for (const view of [nullBitmap, valueOffsets, data]) {
        const buffer = view?.buffer;
        // Views of nothing may share one buffer, which cannot be handed over twice.
        if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffers.add(buffer);
      }
    }
  }
  return [...buffers];
}

/** Puts a batch together again, with the dictionaries of `like`, an empty batch of the same kind. */
export function unpackBatch(packed: PackedBatch, like: RecordBatch): ProcessedBatch {
  const { rows, columns, ...rest } = packed;
  const children = columns.map((column, i) => {
    const empty = like.data.children[i]!;
    // makeData is typed by kind of column; the buffers are those that it gave for this very kind.
    const parts = { ...column, type: empty.type, length: rows, dictionary: empty.dictionary };
    return makeData(parts as unknown as Parameters<typeof makeData>[0]) as Data;
  });
  const type = new Struct(like.schema.fields);
  const data = makeData({ type, length: rows, nullCount: 0, children });
  return { ...rest, batch: new RecordBatch(like.schema as Schema, data) };
}

/** The columns of a `stellar_ledger` batch as a job. */
export function ledgerJob(
  id: number,
  batch: RecordBatch,
  filter: EventFilterOptions | undefined,
  task: LedgerTask,
): LedgerJob {
  const xdr = child(batch, "ledger_xdr").data[0]!;
  const offsets = xdr.valueOffsets as Int32Array;
  const first = offsets[0] ?? 0;
  const bytes = new Uint8Array((offsets[batch.numRows] ?? first) - first);
  bytes.set((xdr.values as Uint8Array).subarray(first, first + bytes.length));
  const encoding = child(batch, "ledger_xdr_encoding");
  return {
    id,
    task,
    bytes,
    ends: Uint32Array.from({ length: batch.numRows }, (_, row) => offsets[row + 1]! - first),
    sequences: (child(batch, "sequence").toArray() as Uint32Array).slice(),
    encodings: Array.from({ length: batch.numRows }, (_, row) => encoding.get(row)),
    filter,
  };
}

function child(batch: RecordBatch, name: string): Vector {
  const column = batch.getChild(name);
  if (column === null) throw new TypeError(`The source's batch has no column "${name}"`);
  return column;
}
