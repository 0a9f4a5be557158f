import { Bool, type Data, makeData } from "apache-arrow";
import { INITIAL_ROWS, Presence, type RowColumn } from "./row_column.ts";

/** Booleans, one byte each; packed to Arrow's bits only when a file is written. */
export class FlagColumn implements RowColumn {
  length = 0;
  #values = new Uint8Array(INITIAL_ROWS);
  readonly #presence = new Presence();

  get nullCount(): number {
    return this.#presence.nullCount;
  }

  isNull(i: number): boolean {
    return this.#presence.isNull(i);
  }

  append(value: boolean): void {
    this.#reserve(1);
    this.#values[this.length++] = value ? 1 : 0;
  }

  appendNull(): void {
    this.append(false);
    this.#presence.setNull(this.length - 1);
  }

  appendRange(from: RowColumn, start: number, end: number): void {
    const source = from as FlagColumn;
    this.#reserve(end - start);
    this.#values.set(source.#values.subarray(start, end), this.length);
    this.#presence.copyRange(source.#presence, start, end, this.length);
    this.length += end - start;
  }

  /** Value i; false when it is null. */
  flagAt(i: number): boolean {
    return this.#values[i] === 1;
  }

  toData(): Data {
    const bits = new Uint8Array((this.length + 7) >> 3);
    for (let i = 0; i < this.length; i++) bits[i >> 3]! |= this.#values[i]! << (i & 7);
    return makeData({
      type: new Bool(),
      length: this.length,
      nullCount: this.nullCount,
      nullBitmap: this.#presence.toBitmap(this.length),
      data: bits,
    });
  }

  clear(): void {
    this.length = 0;
    this.#presence.clear();
  }

  #reserve(n: number): void {
    const needed = this.length + n;
    if (needed > this.#values.length) {
      const grown = new Uint8Array(Math.max(needed, this.#values.length * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#presence.reserve(needed);
  }
}
