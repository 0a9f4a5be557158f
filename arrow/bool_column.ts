import { Bool, type Data, makeData } from "apache-arrow";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { Validity } from "./_validity.ts";

/** A column of booleans, a bit each, lowest bit first. */
export class BoolColumn implements Column {
  readonly type = new Bool();
  length = 0;
  private bits = new Uint8Array(INITIAL_ROWS / 8);
  private readonly validity = new Validity();

  get byteLength(): number {
    return ((this.length + 7) >> 3) + this.validity.byteLength(this.length);
  }

  /** Appends true or false. */
  append(v: boolean): void {
    const n = this.length;
    const at = n >> 3;
    if (at === this.bits.length) this.grow();
    // Each bit is written either way, so bits left by truncated rows do no harm.
    if (v) this.bits[at]! |= 1 << (n & 7);
    else this.bits[at]! &= ~(1 << (n & 7));
    this.length = n + 1;
  }

  appendNull(): void {
    this.validity.setNull(this.length);
    this.append(false);
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
    const data = this.bits.slice(0, (length + 7) >> 3);
    // Bits past the last value are zero, so that equal columns have equal bytes.
    if ((length & 7) !== 0) data[data.length - 1]! &= (1 << (length & 7)) - 1;
    return makeData({ type: this.type, length, nullCount, nullBitmap, data });
  }

  /** Doubles the working memory. */
  private grow(): void {
    const bits = new Uint8Array(this.bits.length * 2);
    bits.set(this.bits);
    this.bits = bits;
  }
}
