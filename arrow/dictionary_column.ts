import {
  type Data,
  Dictionary,
  Int,
  type Int8,
  makeData,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { type Column, INITIAL_ROWS } from "./column.ts";
import { Validity } from "./_validity.ts";

/** Values that an 8-bit index can tell apart. */
const MAX_INT8_VALUES = 128;

/**
 * A column of text from a fixed list of values, held as indices into it. All batches of one
 * column share one dictionary, so that a stream sends it once.
 */
export class DictionaryColumn implements Column {
  readonly type: Dictionary<Utf8, Int8>;
  length = 0;
  private indices: Int8Array | Int32Array;
  private readonly dictionary: Vector<Utf8>;
  private readonly validity = new Validity();

  /** `indexBits` must be what the schema says; the schemas of this project have 8. */
  constructor(readonly values: readonly string[], indexBits: 8 | 32 = 8) {
    if (indexBits === 8 && values.length > MAX_INT8_VALUES) {
      throw new ArrowError(
        "TOO_LARGE",
        `A dictionary with 8-bit indices has at most ${MAX_INT8_VALUES} values: ${values.length} ` +
          "were given. Use 32-bit indices.",
      );
    }
    // The id is a placeholder: the record batch takes its schema's type, id included.
    this.type = new Dictionary(new Utf8(), new Int(true, indexBits) as unknown as Int8, 0);
    this.indices = indexBits === 8 ? new Int8Array(INITIAL_ROWS) : new Int32Array(INITIAL_ROWS);
    this.dictionary = vectorFromArray([...values], new Utf8());
  }

  get byteLength(): number {
    return this.length * this.indices.BYTES_PER_ELEMENT + this.validity.byteLength(this.length);
  }

  /** Appends values[index]. An index outside the list is an error: readers do not check it. */
  append(index: number): void {
    if (!(index >= 0 && index < this.values.length)) {
      throw new ArrowError(
        "SCHEMA_MISMATCH",
        `A dictionary index must be from 0 to ${this.values.length - 1}: ${index}.`,
      );
    }
    this.put(index);
  }

  appendNull(): void {
    this.validity.setNull(this.length);
    this.put(0);
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
    // Typed as 8-bit; arrow-js goes by the type's own width.
    const data = this.indices.slice(0, length) as Int8Array;
    const dictionary = this.dictionary;
    return makeData({ type: this.type, length, nullCount, nullBitmap, data, dictionary });
  }

  /** Appends an index that has been checked. */
  private put(index: number): void {
    const n = this.length;
    if (n === this.indices.length) this.grow();
    this.indices[n] = index;
    this.length = n + 1;
  }

  /** Doubles the working memory. */
  private grow(): void {
    const old = this.indices;
    const indices = old instanceof Int8Array
      ? new Int8Array(old.length * 2)
      : new Int32Array(old.length * 2);
    indices.set(old);
    this.indices = indices;
  }
}
