import type { Data } from "apache-arrow";

/** Rows that a new column has room for before it first grows. */
export const INITIAL_ROWS = 256;

/**
 * A growable column of stored rows. Ranges are copied from one column to another in bulk; no value
 * becomes a JS object on the way into a Parquet file.
 */
export interface RowColumn {
  /** Values held, nulls included. */
  readonly length: number;
  /** Nulls among them. */
  readonly nullCount: number;
  /** Appends values [start, end) of a column of the same class. */
  appendRange(from: RowColumn, start: number, end: number): void;
  /** Appends a null. */
  appendNull(): void;
  /** Whether value i is null. */
  isNull(i: number): boolean;
  /** The values as Arrow data. Views of this column's memory: write before appending again. */
  toData(): Data;
  /** Forgets all values and keeps the memory. */
  clear(): void;
}

/** Which values are there, one byte each; packed to Arrow's bits only when a file is written. */
export class Presence {
  nullCount = 0;
  #present = new Uint8Array(INITIAL_ROWS).fill(1);

  isNull(i: number): boolean {
    return this.nullCount > 0 && this.#present[i] === 0;
  }

  /** Room for n values; new ones are present. */
  reserve(n: number): void {
    if (n <= this.#present.length) return;
    const grown = new Uint8Array(Math.max(n, this.#present.length * 2)).fill(1);
    grown.set(this.#present);
    this.#present = grown;
  }

  setNull(i: number): void {
    this.reserve(i + 1);
    this.#present[i] = 0;
    this.nullCount++;
  }

  /** Copies [start, end) of another to position at. */
  copyRange(from: Presence, start: number, end: number, at: number): void {
    this.reserve(at + end - start);
    if (from.nullCount === 0) return;
    for (let i = start; i < end; i++) {
      if (from.#present[i] === 0) this.setNull(at + i - start);
    }
  }

  /** Arrow's validity bitmap of the first n values, undefined when none is null. */
  toBitmap(n: number): Uint8Array | undefined {
    if (this.nullCount === 0) return undefined;
    const bits = new Uint8Array((n + 7) >> 3);
    for (let i = 0; i < n; i++) bits[i >> 3]! |= this.#present[i]! << (i & 7);
    return bits;
  }

  clear(): void {
    if (this.nullCount > 0) this.#present.fill(1);
    this.nullCount = 0;
  }
}
