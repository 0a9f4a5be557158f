import { type Data, Decimal, makeData } from "apache-arrow";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { AMOUNT_PRECISION } from "./schemas.ts";
import { Validity } from "./_validity.ts";

/**
 * A column of decimal128(38, 0). Whoever appends sees to it that the value has at most 38 digits
 * (|v| < 10^38): i128 reaches further, and such values are null here.
 *
 * Slots of one value in memory: [4n] w0 (low) … [4n+3] w3 (high), two's complement.
 */
export class Decimal128Column implements Column {
  readonly type = new Decimal(0, AMOUNT_PRECISION, 128);
  length = 0;
  private words = new Int32Array(INITIAL_ROWS * 4);
  private readonly validity = new Validity();

  get byteLength(): number {
    return this.length * 16 + this.validity.byteLength(this.length);
  }

  /** Appends the integer of four 32-bit words, w3 the highest (its top bit is the sign). */
  appendWords(w3: number, w2: number, w1: number, w0: number): void {
    const at = this.length * 4;
    if (at === this.words.length) this.grow();
    const words = this.words;
    words[at] = w0;
    words[at + 1] = w1;
    words[at + 2] = w2;
    words[at + 3] = w3;
    this.length++;
  }

  /** Appends a bigint of at most 38 digits. */
  appendBigInt(v: bigint): void {
    const word = (shift: bigint) => Number(BigInt.asIntN(32, v >> shift));
    this.appendWords(word(96n), word(64n), word(32n), word(0n));
  }

  appendNull(): void {
    this.validity.setNull(this.length);
    this.appendWords(0, 0, 0, 0);
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
    const data = new Uint32Array(this.words.slice(0, length * 4).buffer);
    return makeData({ type: this.type, length, nullCount, nullBitmap, data });
  }

  /** Doubles the working memory. */
  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
  }
}
