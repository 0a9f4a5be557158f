/**
 * The validity bitmap of a column: bit 1 is a value, 0 a null. It exists only once there is a
 * null, and starts as all ones, so that appending a value costs nothing here.
 */
export class Validity {
  nullCount = 0;
  #bits: Uint8Array | undefined;

  /** Bytes that the bitmap of `length` values takes in a batch. */
  byteLength(length: number): number {
    return this.nullCount === 0 ? 0 : (length + 7) >> 3;
  }

  /** Marks value `index`, the newest one, as null. */
  setNull(index: number): void {
    const at = index >> 3;
    let bits = this.#bits;
    if (bits === undefined || at >= bits.length) bits = this.#grow(at);
    bits[at]! &= ~(1 << (index & 7));
    this.nullCount++;
  }

  /** Forgets the nulls at `from` and after, of `length` values. */
  truncate(from: number, length: number): void {
    const bits = this.#bits;
    if (this.nullCount === 0 || bits === undefined) return;
    const end = Math.min(length, bits.length * 8);
    for (let i = from; i < end; i++) {
      const mask = 1 << (i & 7);
      if ((bits[i >> 3]! & mask) === 0) {
        bits[i >> 3]! |= mask;
        this.nullCount--;
      }
    }
  }

  /** A bitmap of exact size for `length` values, or undefined when none is null; clears. */
  take(length: number): Uint8Array | undefined {
    const bits = this.#bits;
    if (this.nullCount === 0 || bits === undefined) return undefined;
    const bytes = (length + 7) >> 3;
    const out = new Uint8Array(bytes).fill(0xff);
    out.set(bits.subarray(0, Math.min(bytes, bits.length)));
    // Bits past the last value are zero, so that equal columns have equal bytes.
    if ((length & 7) !== 0) out[bytes - 1]! &= (1 << (length & 7)) - 1;
    bits.fill(0xff, 0, Math.min(bytes, bits.length));
    this.nullCount = 0;
    return out;
  }

  #grow(at: number): Uint8Array {
    const old = this.#bits;
    const bits = new Uint8Array(Math.max(128, (old?.length ?? 0) * 2, at + 1)).fill(0xff);
    if (old !== undefined) bits.set(old);
    this.#bits = bits;
    return bits;
  }
}
