import { type Binary, type Data, makeData, type Utf8 } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { ByteCopier } from "./_byte_copier.ts";
import { Validity } from "./_validity.ts";

/** Working bytes a value at first; the columns of token-transfer events hold up to 69. */
const INITIAL_BYTES_PER_ROW = 64;

/** Offsets are int32, so one column of a batch cannot hold more. */
const MAX_BYTES = 0x7fff_ffff;

/** What text and binary columns share: values end to end in one buffer, and where each ends. */
export abstract class VariableBytesColumn implements Column {
  length = 0;
  /** Values end to end; `used` bytes of it are taken. */
  protected bytes = new Uint8Array(INITIAL_ROWS * INITIAL_BYTES_PER_ROW);
  protected used = 0;
  private readonly copier = new ByteCopier(this.bytes);
  /** offsets[n] is where value n starts, offsets[n+1] where it ends. */
  private offsets = new Int32Array(INITIAL_ROWS + 1);
  private readonly validity = new Validity();

  protected constructor(readonly type: Utf8 | Binary) {}

  get byteLength(): number {
    return this.used + (this.length + 1) * 4 + this.validity.byteLength(this.length);
  }

  /** Appends the bytes src[start,end). */
  appendBytes(src: Uint8Array, start: number, end: number): void {
    const from = this.used;
    const to = from + (end - start);
    if (to > this.bytes.length) this.growBytes(to);
    this.copier.copy(src, start, end, from);
    this.endValue(to);
  }

  appendNull(): void {
    this.validity.setNull(this.length);
    this.endValue(this.used);
  }

  truncate(n: number): void {
    if (n >= this.length) return;
    this.validity.truncate(n, this.length);
    this.length = n;
    this.used = this.offsets[n]!;
  }

  toData(): Data {
    const length = this.length;
    const nullCount = this.validity.nullCount;
    const nullBitmap = this.validity.take(length);
    const valueOffsets = this.offsets.slice(0, length + 1);
    const data = this.bytes.slice(0, this.used);
    this.length = 0;
    this.used = 0;
    const type = this.type as Binary;
    return makeData({ type, length, nullCount, nullBitmap, valueOffsets, data });
  }

  /** Makes the bytes written since the last value, up to `end`, the next value. */
  protected endValue(end: number): void {
    const n = this.length + 1;
    if (n === this.offsets.length) {
      const offsets = new Int32Array(this.offsets.length * 2);
      offsets.set(this.offsets);
      this.offsets = offsets;
    }
    this.offsets[n] = end;
    this.used = end;
    this.length = n;
  }

  /** Makes room for `needed` bytes in all. */
  protected growBytes(needed: number): void {
    if (needed > MAX_BYTES) {
      throw new ArrowError(
        "TOO_LARGE",
        `A text or binary column of one batch holds at most ${MAX_BYTES} bytes: ${needed} were ` +
          "needed. Cut batches earlier.",
      );
    }
    const bytes = new Uint8Array(Math.min(MAX_BYTES, Math.max(needed, this.bytes.length * 2)));
    bytes.set(this.bytes.subarray(0, this.used));
    this.bytes = bytes;
    this.copier.moveTo(bytes);
  }
}
