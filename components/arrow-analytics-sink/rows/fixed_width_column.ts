import { type Data, type DataType, makeData, type TimeUnit } from "apache-arrow";
import { INITIAL_ROWS, Presence, type RowColumn } from "./row_column.ts";

/** What a fixed-width column stores: bytes a value, and Arrow's type of it. */
export interface FixedWidth {
  readonly widthBytes: 4 | 8 | 16;
  readonly arrowType: DataType;
  readonly unit?: TimeUnit;
}

/**
 * Integers of 32 and 64 bits, times, doubles and decimals, as little-endian bytes. 64-bit values
 * are read and written as two words, because a BigInt for each would cost more than the copy.
 */
export class FixedWidthColumn implements RowColumn {
  length = 0;
  /** The values as 32-bit words, low word first. Replaced when the column grows. */
  words: Int32Array;
  readonly #wordsPerValue: number;
  readonly #presence = new Presence();

  constructor(readonly kind: FixedWidth) {
    this.#wordsPerValue = kind.widthBytes / 4;
    this.words = new Int32Array(INITIAL_ROWS * this.#wordsPerValue);
  }

  get nullCount(): number {
    return this.#presence.nullCount;
  }

  isNull(i: number): boolean {
    return this.#presence.isNull(i);
  }

  /** Appends n values to be filled in through `words`; returns the index of the first word. */
  extend(n: number): number {
    const at = this.length * this.#wordsPerValue;
    const needed = at + n * this.#wordsPerValue;
    if (needed > this.words.length) {
      const grown = new Int32Array(Math.max(needed, this.words.length * 2));
      grown.set(this.words);
      this.words = grown;
    }
    this.length += n;
    this.#presence.reserve(this.length);
    return at;
  }

  /** Appends a 64-bit integer. */
  appendInt64(value: bigint): void {
    const at = this.extend(1);
    this.words[at] = Number(BigInt.asIntN(32, value));
    this.words[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }

  /** Appends a double. */
  appendDouble(value: number): void {
    const at = this.extend(1);
    new Float64Array(this.words.buffer)[at / 2] = value;
  }

  /** Appends a 32-bit integer. */
  appendInt32(value: number): void {
    this.words[this.extend(1)] = value;
  }

  appendNull(): void {
    const at = this.extend(1);
    this.words.fill(0, at, at + this.#wordsPerValue);
    this.#presence.setNull(this.length - 1);
  }

  /** Marks value i null; it must not be null yet. */
  setNull(i: number): void {
    const at = i * this.#wordsPerValue;
    this.words.fill(0, at, at + this.#wordsPerValue);
    this.#presence.setNull(i);
  }

  appendRange(from: RowColumn, start: number, end: number): void {
    const source = from as FixedWidthColumn;
    const first = this.length;
    const at = this.extend(end - start);
    const width = this.#wordsPerValue;
    this.words.set(source.words.subarray(start * width, end * width), at);
    this.#presence.copyRange(source.#presence, start, end, first);
  }

  /** Value i of a 64-bit column. */
  int64At(i: number): bigint {
    return BigInt(this.words[2 * i + 1]!) << 32n | BigInt(this.words[2 * i]! >>> 0);
  }

  /** Value i of a 64-bit column as a number, exact within ±2^53. */
  numberAt(i: number): number {
    return this.words[2 * i + 1]! * 0x1_0000_0000 + (this.words[2 * i]! >>> 0);
  }

  /** Value i of a column of doubles. */
  doubleAt(i: number): number {
    return new Float64Array(this.words.buffer)[i]!;
  }

  /** Value i of a decimal column. */
  decimalAt(i: number): bigint {
    let value = BigInt(this.words[4 * i + 3]!);
    for (let word = 2; word >= 0; word--) {
      value = value << 32n | BigInt(this.words[4 * i + word]! >>> 0);
    }
    return value;
  }

  toData(): Data {
    const { arrowType, widthBytes } = this.kind;
    const words = this.words.subarray(0, this.length * this.#wordsPerValue);
    const data = arrowType.ArrayType === BigInt64Array
      ? new BigInt64Array(words.buffer, 0, this.length)
      : arrowType.ArrayType === Float64Array
      ? new Float64Array(words.buffer, 0, this.length)
      : widthBytes === 16
      ? new Uint32Array(words.buffer, 0, words.length)
      : words;
    return makeData(
      {
        type: arrowType,
        length: this.length,
        nullCount: this.nullCount,
        nullBitmap: this.#presence.toBitmap(this.length),
        data,
      } as Parameters<typeof makeData>[0],
    );
  }

  clear(): void {
    this.length = 0;
    this.#presence.clear();
  }
}
