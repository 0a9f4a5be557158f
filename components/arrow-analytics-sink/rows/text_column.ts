import { type Data, makeData, Utf8 } from "apache-arrow";
import { INITIAL_ROWS, Presence, type RowColumn } from "./row_column.ts";

/** Bytes a text that a new column has room for; most addresses take 56. */
const INITIAL_BYTES_PER_ROW = 16;

/** Text as UTF-8 in one buffer; value i is `bytes[offsets[i], offsets[i + 1])`. */
export class TextColumn implements RowColumn {
  length = 0;
  /** Replaced when the column grows. */
  bytes = new Uint8Array(INITIAL_ROWS * INITIAL_BYTES_PER_ROW);
  /** Replaced when the column grows. */
  offsets = new Int32Array(INITIAL_ROWS + 1);
  readonly #presence = new Presence();

  get nullCount(): number {
    return this.#presence.nullCount;
  }

  isNull(i: number): boolean {
    return this.#presence.isNull(i);
  }

  /** Makes room for n more values and for more bytes. */
  reserve(n: number, bytes: number): void {
    const rows = this.length + n;
    if (rows + 1 > this.offsets.length) {
      const grown = new Int32Array(Math.max(rows + 1, this.offsets.length * 2));
      grown.set(this.offsets);
      this.offsets = grown;
    }
    const end = this.offsets[this.length]! + bytes;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.#presence.reserve(rows);
  }

  /** Appends the UTF-8 text source[start, end). */
  appendBytes(source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.reserve(1, size);
    const at = this.offsets[this.length]!;
    // Short texts are copied faster by hand than through a view of their own.
    const bytes = this.bytes;
    if (size <= 32) { for (let i = 0; i < size; i++) bytes[at + i] = source[start + i]!; }
    else bytes.set(source.subarray(start, end), at);
    this.offsets[++this.length] = at + size;
  }

  appendText(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.appendBytes(bytes, 0, bytes.length);
  }

  appendNull(): void {
    this.reserve(1, 0);
    this.#presence.setNull(this.length);
    this.offsets[this.length + 1] = this.offsets[this.length]!;
    this.length++;
  }

  /** Appends n texts that lie one after the other: text i is bytes[offsets[i], offsets[i + 1]). */
  appendTexts(
    bytes: Uint8Array,
    offsets: Int32Array,
    n: number,
    first: number,
    last: number,
  ): void {
    this.reserve(n, last - first);
    const row = this.length;
    const shift = this.offsets[row]! - first;
    this.bytes.set(bytes.subarray(first, last), first + shift);
    for (let i = 1; i <= n; i++) this.offsets[row + i] = offsets[i]! + shift;
    this.length = row + n;
  }

  /** Marks value i null; it must not be null yet. Bytes that it has are left where they are. */
  setNull(i: number): void {
    this.#presence.setNull(i);
  }

  appendRange(from: RowColumn, start: number, end: number): void {
    const source = from as TextColumn;
    const first = source.offsets[start]!;
    const last = source.offsets[end]!;
    this.reserve(end - start, last - first);
    const row = this.length;
    const shift = this.offsets[row]! - first;
    this.bytes.set(source.bytes.subarray(first, last), first + shift);
    for (let i = start; i < end; i++) {
      this.offsets[row + 1 + i - start] = source.offsets[i + 1]! + shift;
    }
    this.#presence.copyRange(source.#presence, start, end, row);
    this.length = row + end - start;
  }

  /** Value i; empty when it is null. */
  textAt(i: number): string {
    return new TextDecoder().decode(this.bytes.subarray(this.offsets[i]!, this.offsets[i + 1]!));
  }

  toData(): Data {
    return makeData({
      type: new Utf8(),
      length: this.length,
      nullCount: this.nullCount,
      nullBitmap: this.#presence.toBitmap(this.length),
      valueOffsets: this.offsets.subarray(0, this.length + 1),
      data: this.bytes.subarray(0, this.offsets[this.length]!),
    });
  }

  clear(): void {
    this.length = 0;
    this.#presence.clear();
  }
}
