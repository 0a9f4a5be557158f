/** Ledger sequences are uint32; names count down from the last one, so that the newest sorts first. */
export const MAX_LEDGER_SEQUENCE = 0xffffffff;

/** File name ends: the one SEP-54 has now, and the one of older lakes. */
export const BATCH_EXTENSIONS = [".xdr.zst", ".xdr.zstd"] as const;

/** End of a batch file's name. */
export type BatchExtension = typeof BATCH_EXTENSIONS[number];

/** Range of ledgers, both ends included. */
export interface LedgerRange {
  /** First ledger. */
  readonly startSequence: number;
  /** Last ledger, included. */
  readonly endSequence: number;
}

/** Where a batch of ledgers lies in a lake. */
export interface BatchLocation extends LedgerRange {
  /** Partition and file name, joined by `/`; only the file name where there are no partitions. */
  readonly key: string;
}

/** A batch file's name, taken apart. */
export interface BatchName extends LedgerRange {
  /** How the name ends. */
  readonly extension: BatchExtension;
}

const BATCH_NAME = /^([0-9A-F]{8})--(0|[1-9][0-9]{0,9})(?:-([1-9][0-9]{0,9}))?(\.xdr\.zstd?)$/;
const PARTITION_NAME = /^([0-9A-F]{8})--(0|[1-9][0-9]{0,9})-([1-9][0-9]{0,9})$/;

/**
 * Reads a batch file's name, such as `FCD285FF--53312000.xdr.zst` or
 * `FFFFFFBF--64-127.xdr.zstd` (SEP-54); undefined when it is none.
 *
 * @example
 * ```ts
 * import { parseBatchName } from "./batch_layout.ts";
 *
 * console.assert(parseBatchName("FCD285FF--53312000.xdr.zst")?.startSequence === 53312000);
 * console.assert(parseBatchName("notes.txt") === undefined);
 * ```
 */
export function parseBatchName(name: string): BatchName | undefined {
  const match = BATCH_NAME.exec(name);
  const range = match && rangeOf(match[1]!, match[2]!, match[3] ?? match[2]!);
  return range ? { ...range, extension: match[4] as BatchExtension } : undefined;
}

/** Reads a partition folder's name, such as `FC3E15FF--63040000-63103999`; undefined when it is none. */
export function parsePartitionName(name: string): LedgerRange | undefined {
  const match = PARTITION_NAME.exec(name);
  return match ? rangeOf(match[1]!, match[2]!, match[3]!) : undefined;
}

function rangeOf(countdown: string, start: string, end: string): LedgerRange | undefined {
  const startSequence = Number(start);
  const endSequence = Number(end);
  return startSequence <= endSequence && endSequence <= MAX_LEDGER_SEQUENCE &&
      parseInt(countdown, 16) === MAX_LEDGER_SEQUENCE - startSequence
    ? { startSequence, endSequence }
    : undefined;
}

/**
 * How a lake cuts ledgers into batches and batches into partitions, and what they are called
 * (SEP-54).
 */
export class BatchLayout {
  /** Ledgers in each file, at least 1. */
  readonly ledgersPerBatch: number;
  /** Files in each folder; 1 puts them into the root. */
  readonly batchesPerPartition: number;
  /**
   * Where counting begins: 0 as the Go writer does, so that the first batch of 64 is called 0-63
   * and holds 2 to 63; or 2 as SEP-54's text has it.
   */
  readonly origin: 0 | 2;
  /** How file names end. */
  readonly extension: BatchExtension;

  constructor(options: {
    readonly ledgersPerBatch: number;
    readonly batchesPerPartition: number;
    readonly origin?: 0 | 2;
    readonly extension?: BatchExtension;
  }) {
    this.ledgersPerBatch = options.ledgersPerBatch;
    this.batchesPerPartition = options.batchesPerPartition;
    this.origin = options.origin ?? 0;
    this.extension = options.extension ?? BATCH_EXTENSIONS[0];
  }

  /** The batch that holds a ledger. */
  batchAt(sequence: number): BatchLocation {
    const { startSequence, endSequence } = this.#align(sequence, this.ledgersPerBatch);
    const name = countdown(startSequence) +
      (this.ledgersPerBatch === 1 ? `${startSequence}` : `${startSequence}-${endSequence}`) +
      this.extension;
    const partition = this.partitionAt(sequence);
    return { startSequence, endSequence, key: partition === "" ? name : `${partition}/${name}` };
  }

  /** Folder of the partition that holds a ledger; empty when there is one batch each. */
  partitionAt(sequence: number): string {
    if (this.batchesPerPartition === 1) return "";
    const size = this.ledgersPerBatch * this.batchesPerPartition;
    const { startSequence, endSequence } = this.#align(sequence, size);
    return `${countdown(startSequence)}${startSequence}-${endSequence}`;
  }

  #align(sequence: number, size: number): LedgerRange {
    const startSequence = sequence - (sequence - this.origin) % size;
    return { startSequence, endSequence: startSequence + size - 1 };
  }
}

function countdown(startSequence: number): string {
  const left = MAX_LEDGER_SEQUENCE - startSequence;
  return `${left.toString(16).toUpperCase().padStart(8, "0")}--`;
}
