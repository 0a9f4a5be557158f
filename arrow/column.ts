import type { Data, DataType } from "apache-arrow";

/**
 * A growable Arrow column that is filled value by value and handed over as one `Data`.
 *
 * Life: append values, `toData()` (which empties the column and keeps its working memory), append
 * again. Nothing is allocated per value; working memory doubles when it is full and stays.
 */
export interface Column {
  /** Arrow type of the column; a dictionary's id is the schema's business. */
  readonly type: DataType;
  /** Values held, nulls included. */
  readonly length: number;
  /** Bytes that the held values will take in a record batch, without padding. */
  readonly byteLength: number;
  /** Appends a null. */
  appendNull(): void;
  /** Drops all values from the n-th on; does nothing when there are not so many. */
  truncate(n: number): void;
  /** The held values in buffers of exact size, each with an ArrayBuffer of its own; clears. */
  toData(): Data;
}

/** Rows that a new column has room for: about a ledger's events, so that most never grow. */
export const INITIAL_ROWS = 1024;
