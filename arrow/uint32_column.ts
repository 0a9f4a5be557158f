import { type Data, Int, makeData } from "apache-arrow";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { Validity } from "./_validity.ts";

/** A column of unsigned 32-bit integers. */
export class Uint32Column implements Column {
  readonly type = new Int(false, 32);
  length = 0;
  private values = new Uint32Array(INITIAL_ROWS);
  private readonly validity = new Validity();

  get byteLength(): number {
    return this.length * 4 + this.validity.byteLength(this.length);
  }

  /** Appends an integer from 0 to 2^32 − 1. */
  append(v: number): void {
    const n = this.length;
    if (n === this.values.length) this.grow();
    this.values[n] = v;
    this.length = n + 1;
  }

  appendNull(): void {
    this.validity.setNull(this.length);
    this.append(0);
  }

  truncate(n: number): void {
    if (n >= this.length) return;
    this.validity.truncate(n, this.length);
    this.length = n;
  }

  toData(): Data {
    const length = this.length;
    const nullCount = this.validity.nullCount;
    const nullBitmap = this.validity.take(length);
    this.length = 0;
    const data = this.values.slice(0, length);
    return makeData({ type: this.type, length, nullCount, nullBitmap, data });
  }

  /** Doubles the working memory. */
  private grow(): void {
    const values = new Uint32Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
  }
}
