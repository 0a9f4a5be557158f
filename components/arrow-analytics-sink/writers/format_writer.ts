import type { RowBatch, TableField } from "../rows/mod.ts";

/** How the rows of a table become files: one implementation a format, each with the same parts. */
export interface FormatWriter {
  /** Name of the format, and of its folder under OUTPUT_PATH where it has one. */
  readonly format: "parquet" | "json" | "csv";
  /** Ending of file names, without a dot. */
  readonly extension: string;
  /** What of the configuration all files of a table must have in common, beside the format. */
  readonly setting?: FormatSetting;
  /** A buffer for the rows of one file to be. */
  createBuffer(fields: readonly TableField[]): RowBuffer;
  /**
   * The values of some columns, row by row, as text, of a file that this format wrote with these
   * fields. Throws OutputFileError when it is not one.
   */
  readTexts(
    file: Uint8Array,
    fields: readonly TableField[],
    columns: readonly string[],
  ): string[][];
}

/** How a format is written: kept in the table's metadata, so that no run mixes two. */
export interface FormatSetting {
  /** Key in `metaData.configuration`. */
  readonly key: string;
  /** The variable that says it. */
  readonly variable: string;
  readonly value: string;
}

/** A place in a buffer, to begin a file at. */
export interface BufferMark {
  readonly row: number;
  readonly byte: number;
}

/**
 * The rows of one file to be. The same rows give the same bytes, however they were appended: in
 * one go, ledger by ledger, or partly read back from smaller files of the same format.
 */
export interface RowBuffer {
  /** Rows held. */
  readonly rows: number;
  /** Appends rows [start, end). */
  append(rows: RowBatch, start: number, end: number): void;
  /** Appends all rows of a file that this format wrote. Throws when it is not one. */
  load(file: Uint8Array, rows: number): void;
  /** Forgets all rows and keeps the memory. */
  clear(): void;
  /** The present end. */
  mark(): BufferMark;
  /** A whole file of the rows from a mark on (default: all) with its Delta statistics as JSON. */
  encode(from?: BufferMark): EncodedFile;
}

/** A finished file. */
export interface EncodedFile {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Delta statistics as JSON text. */
  readonly statistics: string;
}

/** An output file that cannot be read back. */
export class OutputFileError extends Error {
  override readonly name = "OutputFileError";
  /** A damaged file stays damaged; one that could not be fetched is a StorageError. */
  readonly isFinal = true;
}
