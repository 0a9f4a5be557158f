const TWO_32 = 0x1_0000_0000;
/** Divisor of one step of the decimal conversion: remainder · 2^32 stays below 2^53. */
const STEP = 1_000_000;
const STEP_DIGITS = 6;
/** Digits of -2^127, with its sign. */
export const MAX_AMOUNT_DIGITS = 40;
const MINUS = 0x2d;
const ZERO = 0x30;

/**
 * A signed 128-bit integer in four 32-bit words, two's complement, changed in place: amounts are
 * computed and written without making an object or a BigInt for each.
 *
 * `w3` is the highest word; all words are held as int32.
 */
export class Amount {
  w3 = 0;
  w2 = 0;
  w1 = 0;
  w0 = 0;

  setWords(w3: number, w2: number, w1: number, w0: number): this {
    this.w3 = w3 | 0;
    this.w2 = w2 | 0;
    this.w1 = w1 | 0;
    this.w0 = w0 | 0;
    return this;
  }

  setZero(): this {
    return this.setWords(0, 0, 0, 0);
  }

  /** Reads the XDR int64 at `p`. */
  setInt64(view: DataView, p: number): this {
    const high = view.getInt32(p);
    return this.setWords(high >> 31, high >> 31, high, view.getInt32(p + 4));
  }

  /** Reads the XDR Int128Parts (hi int64, lo uint64) at `p`. */
  setInt128(view: DataView, p: number): this {
    return this.setWords(
      view.getInt32(p),
      view.getInt32(p + 4),
      view.getInt32(p + 8),
      view.getInt32(p + 12),
    );
  }

  set(other: Amount): this {
    return this.setWords(other.w3, other.w2, other.w1, other.w0);
  }

  add(other: Amount): this {
    const s0 = (this.w0 >>> 0) + (other.w0 >>> 0);
    const s1 = (this.w1 >>> 0) + (other.w1 >>> 0) + (s0 >= TWO_32 ? 1 : 0);
    const s2 = (this.w2 >>> 0) + (other.w2 >>> 0) + (s1 >= TWO_32 ? 1 : 0);
    const s3 = (this.w3 >>> 0) + (other.w3 >>> 0) + (s2 >= TWO_32 ? 1 : 0);
    return this.setWords(s3, s2, s1, s0);
  }

  subtract(other: Amount): this {
    const d0 = (this.w0 >>> 0) - (other.w0 >>> 0);
    const d1 = (this.w1 >>> 0) - (other.w1 >>> 0) - (d0 < 0 ? 1 : 0);
    const d2 = (this.w2 >>> 0) - (other.w2 >>> 0) - (d1 < 0 ? 1 : 0);
    const d3 = (this.w3 >>> 0) - (other.w3 >>> 0) - (d2 < 0 ? 1 : 0);
    return this.setWords(d3, d2, d1, d0);
  }

  negate(): this {
    const d0 = -(this.w0 >>> 0);
    const d1 = -(this.w1 >>> 0) - (d0 < 0 ? 1 : 0);
    const d2 = -(this.w2 >>> 0) - (d1 < 0 ? 1 : 0);
    const d3 = -(this.w3 >>> 0) - (d2 < 0 ? 1 : 0);
    return this.setWords(d3, d2, d1, d0);
  }

  abs(): this {
    return this.isNegative ? this.negate() : this;
  }

  /** Keeps the low 64 bits, as int64 arithmetic would. */
  wrapInt64(): this {
    return this.setWords(this.w1 >> 31, this.w1 >> 31, this.w1, this.w0);
  }

  get isNegative(): boolean {
    return this.w3 < 0;
  }

  get isZero(): boolean {
    return (this.w3 | this.w2 | this.w1 | this.w0) === 0;
  }

  /** The same value as a BigInt, for comparisons off the hot path. */
  toBigInt(): bigint {
    const part = (word: number, shift: bigint) => BigInt(word >>> 0) << shift;
    return (BigInt(this.w3) << 96n) | part(this.w2, 64n) | part(this.w1, 32n) | part(this.w0, 0n);
  }
}

/**
 * Writes integers as decimal ASCII, right-aligned in its own buffer: after `write`, the text is
 * `bytes[start, end)`.
 */
export class DecimalText {
  readonly bytes: Uint8Array = new Uint8Array(MAX_AMOUNT_DIGITS);
  start = MAX_AMOUNT_DIGITS;
  readonly end = MAX_AMOUNT_DIGITS;
  readonly #rest = new Amount();

  /** Writes the 128-bit integer of these words (see {@linkcode Amount}). */
  write(w3: number, w2: number, w1: number, w0: number): void {
    const rest = this.#rest.setWords(w3, w2, w1, w0);
    const negative = rest.isNegative;
    if (negative) rest.negate();
    // Most amounts fit a double exactly; -2^127 negates to itself and is read as unsigned below.
    let at = rest.w3 === 0 && rest.w2 === 0 && rest.w1 >>> 0 < 0x20_0000
      ? this.#writeSafe((rest.w1 >>> 0) * TWO_32 + (rest.w0 >>> 0))
      : this.#writeLarge(rest);
    if (negative) this.bytes[--at] = MINUS;
    this.start = at;
  }

  /** Writes the unsigned 64-bit integer of these words. */
  writeUint64(high: number, low: number): void {
    this.start = high >>> 0 < 0x20_0000
      ? this.#writeSafe((high >>> 0) * TWO_32 + (low >>> 0))
      : this.#writeLarge(this.#rest.setWords(0, 0, high, low));
  }

  #writeSafe(value: number): number {
    let at = this.end;
    while (value > 0x7fff_ffff) {
      const quotient = Math.floor(value / 10);
      this.bytes[--at] = ZERO + (value - quotient * 10);
      value = quotient;
    }
    let small = value | 0;
    do {
      const quotient = (small / 10) | 0;
      this.bytes[--at] = ZERO + (small - quotient * 10);
      small = quotient;
    } while (small !== 0);
    return at;
  }

  /** Long division by a million: six digits a round. */
  #writeLarge(rest: Amount): number {
    let at = this.end;
    for (;;) {
      let remainder = 0;
      remainder = this.#divideWord(rest, 3, remainder);
      remainder = this.#divideWord(rest, 2, remainder);
      remainder = this.#divideWord(rest, 1, remainder);
      remainder = this.#divideWord(rest, 0, remainder);
      const last = rest.isZero;
      for (let digit = 0; digit < STEP_DIGITS && !(last && remainder === 0); digit++) {
        const quotient = (remainder / 10) | 0;
        this.bytes[--at] = ZERO + (remainder - quotient * 10);
        remainder = quotient;
      }
      if (last) return at;
    }
  }

  #divideWord(rest: Amount, index: 0 | 1 | 2 | 3, remainder: number): number {
    const word = index === 3 ? rest.w3 : index === 2 ? rest.w2 : index === 1 ? rest.w1 : rest.w0;
    const value = remainder * TWO_32 + (word >>> 0);
    const quotient = Math.floor(value / STEP) | 0;
    if (index === 3) rest.w3 = quotient;
    else if (index === 2) rest.w2 = quotient;
    else if (index === 1) rest.w1 = quotient;
    else rest.w0 = quotient;
    return value - Math.floor(value / STEP) * STEP;
  }
}
