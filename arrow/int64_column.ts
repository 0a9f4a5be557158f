import { type Data, type DataType, Int, makeData } from "apache-arrow";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { Validity } from "./_validity.ts";

const TWO_32 = 0x1_0000_0000;

/**
 * A column of signed 64-bit integers. Values arrive as two 32-bit words where they come from XDR,
 * so that no BigInt is made for each.
 *
 * Slots of one value in memory: [2n] low word, [2n+1] high word (little-endian).
 */
export class Int64Column implements Column {
  length = 0;
  private words = new Int32Array(INITIAL_ROWS * 2);
  private readonly validity = new Validity();

  /** `type` is another 64-bit type where the column is of one, such as a timestamp. */
  constructor(readonly type: DataType = new Int(true, 64)) {}

  get byteLength(): number {
    return this.length * 8 + this.validity.byteLength(this.length);
  }

  /** Appends high · 2^32 + low; both are taken as 32-bit patterns, signed or not. */
  appendWords(high: number, low: number): void {
    const at = this.length * 2;
    if (at === this.words.length) this.grow();
    this.words[at] = low;
    this.words[at + 1] = high;
    this.length++;
  }

  /** Appends a safe integer (|v| < 2^53). */
  appendNumber(v: number): void {
    const high = Math.floor(v / TWO_32);
    this.appendWords(high, v - high * TWO_32);
  }

  /** Appends a bigint within int64. */
  appendBigInt(v: bigint): void {
    this.appendWords(Number(BigInt.asIntN(32, v >> 32n)), Number(BigInt.asIntN(32, v)));
  }

  appendNull(): void {
    this.validity.setNull(this.length);
    this.appendWords(0, 0);
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
    const data = new BigInt64Array(this.words.slice(0, length * 2).buffer);
    return makeData({ type: this.type as Int, length, nullCount, nullBitmap, data });
  }

  /** Doubles the working memory. */
  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
  }
}
