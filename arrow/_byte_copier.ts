/**
 * Up to this many bytes a loop over 8-byte words (3 ns each) is faster than `set(subarray())`,
 * which makes a view object each time (36 ns whatever the length).
 */
export const LOOP_BYTES = 72;

/**
 * Copies short byte strings into one growing buffer. It keeps a DataView of the buffer and of the
 * last source, which is the same for many values in a row (a ledger, a strkey's scratch bytes).
 */
export class ByteCopier {
  #out: Uint8Array;
  #outView: DataView;
  #source: Uint8Array = new Uint8Array(0);
  #sourceView = new DataView(this.#source.buffer);

  /** `out` is where copies go, until `moveTo`. */
  constructor(out: Uint8Array) {
    this.#out = out;
    this.#outView = new DataView(out.buffer, out.byteOffset, out.byteLength);
  }

  /** Copies go to another buffer from now on. */
  moveTo(out: Uint8Array): void {
    this.#out = out;
    this.#outView = new DataView(out.buffer, out.byteOffset, out.byteLength);
  }

  /** Copies src[start,end) to the buffer at outAt. */
  copy(src: Uint8Array, start: number, end: number, outAt: number): void {
    if (end - start > LOOP_BYTES) {
      this.#out.set(src.subarray(start, end), outAt);
      return;
    }
    if (src !== this.#source) {
      this.#source = src;
      this.#sourceView = new DataView(src.buffer, src.byteOffset, src.byteLength);
    }
    const from = this.#sourceView;
    const to = this.#outView;
    for (const words = end - 7; start < words; start += 8, outAt += 8) {
      to.setBigInt64(outAt, from.getBigInt64(start, true), true);
    }
    const out = this.#out;
    while (start < end) out[outAt++] = src[start++]!;
  }
}
