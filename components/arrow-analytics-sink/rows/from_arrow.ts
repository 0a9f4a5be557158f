import { type Data, type RecordBatch, Type } from "apache-arrow";
import { FixedWidthColumn } from "./fixed_width_column.ts";
import { FlagColumn } from "./flag_column.ts";
import type { RowBatch } from "./row_batch.ts";
import type { RowColumn } from "./row_column.ts";
import { TextColumn } from "./text_column.ts";

/** Record batches that do not have the columns that a table stores. */
export class RowsError extends Error {
  override readonly name = "RowsError";
  /** The same columns come again. */
  readonly isFinal = true;
}

/**
 * Appends all rows of a record batch, column by column: fixed-size binary becomes lower-case hex,
 * a dictionary its text, an unsigned integer a 64-bit one. Columns are found by name; those that
 * the table does not have are left aside. Throws RowsError when one is missing or of another kind.
 */
export function appendArrow(rows: RowBatch, batch: RecordBatch): void {
  const names = batch.schema.fields.map((field) => field.name);
  for (const [i, field] of rows.fields.entries()) {
    const at = names.indexOf(field.name);
    if (at < 0) {
      throw new RowsError(`Column "${field.name}" is missing: the batch has ${names.join(", ")}.`);
    }
    const data = batch.data.children[at]!;
    if (!appendColumn(rows.columns[i]!, data)) {
      throw new RowsError(
        `Column "${field.name}" must be readable as ${field.type}: it is ${data.type}.`,
      );
    }
  }
}

function appendColumn(column: RowColumn, data: Data): boolean {
  const isNull = nullTest(data);
  if (column instanceof TextColumn) return appendText(column, data, isNull);
  if (column instanceof FixedWidthColumn) return appendFixed(column, data, isNull);
  if (!(column instanceof FlagColumn) || data.typeId !== Type.Bool) return false;
  const bits = data.values as Uint8Array;
  for (let i = 0; i < data.length; i++) {
    const bit = data.offset + i;
    if (isNull?.(i)) column.appendNull();
    else column.append((bits[bit >> 3]! >> (bit & 7) & 1) === 1);
  }
  return true;
}

function nullTest(data: Data): ((i: number) => boolean) | undefined {
  const bits = data.nullBitmap;
  if (data.nullCount === 0 || bits === undefined || bits.length === 0) return undefined;
  // A sliced batch keeps its whole bitmap; only `offset` says where its first value is.
  return (i) => (bits[(data.offset + i) >> 3]! >> ((data.offset + i) & 7) & 1) === 0;
}

function appendText(
  column: TextColumn,
  data: Data,
  isNull: ((i: number) => boolean) | undefined,
): boolean {
  switch (data.typeId) {
    case Type.Utf8: {
      const offsets = data.valueOffsets;
      const values = data.values as Uint8Array;
      const first = offsets[0] ?? 0;
      const last = offsets[data.length] ?? first;
      const at = column.length;
      column.appendTexts(values, offsets, data.length, first, last);
      if (isNull) { for (let i = 0; i < data.length; i++) if (isNull(i)) column.setNull(at + i); }
      return true;
    }
    case Type.Dictionary: {
      const encoder = new TextEncoder();
      const words = [...data.dictionary!].map((word) => encoder.encode(word as string));
      const indices = data.values as Int32Array;
      for (let i = 0; i < data.length; i++) {
        if (isNull?.(i)) column.appendNull();
        else {
          const word = words[indices[i]!]!;
          column.appendBytes(word, 0, word.length);
        }
      }
      return true;
    }
    case Type.FixedSizeBinary: {
      appendHex(column, data.values as Uint8Array, data.stride, data.length, isNull);
      return true;
    }
    default:
      return false;
  }
}

function appendHex(
  column: TextColumn,
  values: Uint8Array,
  width: number,
  length: number,
  isNull: ((i: number) => boolean) | undefined,
): void {
  column.reserve(length, 2 * width * length);
  const digit = (n: number) => n < 10 ? 48 + n : 87 + n; // "0" is 48; "a" is 97
  const { bytes, offsets } = column;
  for (let i = 0; i < length; i++) {
    if (isNull?.(i)) {
      column.appendNull();
      continue;
    }
    let at = offsets[column.length]!;
    for (let from = i * width; from < (i + 1) * width; from++) {
      const byte = values[from]!;
      bytes[at++] = digit(byte >> 4);
      bytes[at++] = digit(byte & 15);
    }
    offsets[++column.length] = at;
  }
}

function appendFixed(
  column: FixedWidthColumn,
  data: Data,
  isNull: ((i: number) => boolean) | undefined,
): boolean {
  const { length } = data;
  const first = column.length;
  const source = data.values as Int32Array | Uint32Array | BigInt64Array | Float64Array;
  const width = column.kind.widthBytes;
  if (data.typeId === Type.Int && width === 8 && source.BYTES_PER_ELEMENT < 8) {
    const small = source as Uint32Array;
    const at = column.extend(length);
    const words = column.words;
    for (let i = 0; i < length; i++) {
      words[at + 2 * i] = small[i]!;
      words[at + 2 * i + 1] = small[i]! < 0 ? -1 : 0;
    }
  } else {
    if (data.typeId !== column.kind.arrowType.typeId) return false;
    if (source.byteLength < length * width) return false;
    const at = column.extend(length);
    column.words.set(new Int32Array(source.buffer, source.byteOffset, length * width / 4), at);
  }
  if (isNull) { for (let i = 0; i < length; i++) if (isNull(i)) column.setNull(first + i); }
  return true;
}
