import { type Data, FixedSizeBinary, makeData } from "apache-arrow";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { ByteCopier } from "./_byte_copier.ts";
import { Validity } from "./_validity.ts";

/** A column of byte strings of one width, such as 32-byte hashes. */
export class FixedBinaryColumn implements Column {
  readonly type: FixedSizeBinary;
  length = 0;
  private values: Uint8Array;
  private readonly copier: ByteCopier;
  private readonly validity = new Validity();

  /** `width` is in bytes. */
  constructor(readonly width: number) {
    this.type = new FixedSizeBinary(width);
    this.values = new Uint8Array(width * INITIAL_ROWS);
    this.copier = new ByteCopier(this.values);
  }

  get byteLength(): number {
    return this.length * this.width + this.validity.byteLength(this.length);
  }

  /** Appends `width` bytes of src from `at` on. */
  appendBytes(src: Uint8Array, at: number): void {
    const to = this.length * this.width;
    if (to === this.values.length) this.grow();
    this.copier.copy(src, at, at + this.width, to);
    this.length++;
  }

  appendNull(): void {
    const to = this.length * this.width;
    if (to === this.values.length) this.grow();
    this.values.fill(0, to, to + this.width);
    this.validity.setNull(this.length);
    this.length++;
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
    const data = this.values.slice(0, length * this.width);
    return makeData({ type: this.type, length, nullCount, nullBitmap, data });
  }

  /** Doubles the working memory. */
  private grow(): void {
    const values = new Uint8Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
    this.copier.moveTo(values);
  }
}
