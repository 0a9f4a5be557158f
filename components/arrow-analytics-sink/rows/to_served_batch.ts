import type { RecordBatch, Schema } from "apache-arrow";
import {
  BoolColumn,
  type Column,
  Decimal128Column,
  DictionaryColumn,
  FixedBinaryColumn,
  HASH_BYTES,
  Int64Column,
  RecordBatchBuilder,
  TimestampMicrosColumn,
  Uint32Column,
  Utf8Column,
} from "../../../arrow/mod.ts";
import { FixedWidthColumn } from "./fixed_width_column.ts";
import { FlagColumn } from "./flag_column.ts";
import type { RowBatch } from "./row_batch.ts";
import type { RowColumn } from "./row_column.ts";
import { TextColumn } from "./text_column.ts";
import { DataType } from "apache-arrow";

/**
 * Stored rows as a record batch of a served schema: the columns that `appendArrow` made, turned
 * back. `order` lists the rows to take.
 */
export function toServedBatch(
  schema: Schema,
  rows: RowBatch,
  order: Int32Array | readonly number[],
): RecordBatch {
  const columns = schema.fields.map((field) =>
    servedColumn(field.type, rows.column(field.name), order)
  );
  return new RecordBatchBuilder(schema, columns).finish();
}

function servedColumn(
  type: DataType,
  from: RowColumn,
  order: Int32Array | readonly number[],
): Column {
  if (from instanceof FlagColumn) return flags(from, order);
  if (from instanceof TextColumn) {
    if (DataType.isDictionary(type)) return dictionary(from, order);
    return DataType.isFixedSizeBinary(type) ? hashes(from, order) : texts(from, order);
  }
  return numbers(type, from as FixedWidthColumn, order);
}

function flags(from: FlagColumn, order: Int32Array | readonly number[]): Column {
  const column = new BoolColumn();
  for (const row of order) {
    if (from.isNull(row)) column.appendNull();
    else column.append(from.flagAt(row));
  }
  return column;
}

function texts(from: TextColumn, order: Int32Array | readonly number[]): Column {
  const column = new Utf8Column();
  for (const row of order) {
    if (from.isNull(row)) column.appendNull();
    else column.appendBytes(from.bytes, from.offsets[row]!, from.offsets[row + 1]!);
  }
  return column;
}

function dictionary(from: TextColumn, order: Int32Array | readonly number[]): Column {
  const words = new Map<string, number>();
  const indices: number[] = [];
  for (const row of order) {
    if (from.isNull(row)) {
      indices.push(-1);
      continue;
    }
    const text = from.textAt(row);
    const index = words.get(text) ?? words.size;
    words.set(text, index);
    indices.push(index);
  }
  const column = new DictionaryColumn([...words.keys()]);
  for (const index of indices) {
    if (index < 0) column.appendNull();
    else column.append(index);
  }
  return column;
}

function hashes(from: TextColumn, order: Int32Array | readonly number[]): Column {
  const column = new FixedBinaryColumn(HASH_BYTES);
  const hash = new Uint8Array(HASH_BYTES);
  const digit = (code: number) => code < 58 ? code - 48 : code - 87; // "0" is 48; "a" is 97
  for (const row of order) {
    if (from.isNull(row)) {
      column.appendNull();
      continue;
    }
    const start = from.offsets[row]!;
    for (let i = 0; i < HASH_BYTES; i++) {
      hash[i] = digit(from.bytes[start + 2 * i]!) << 4 | digit(from.bytes[start + 2 * i + 1]!);
    }
    column.appendBytes(hash, 0);
  }
  return column;
}

function numbers(
  type: DataType,
  from: FixedWidthColumn,
  order: Int32Array | readonly number[],
): Column {
  const { words } = from;
  if (DataType.isDecimal(type)) {
    const column = new Decimal128Column();
    for (const row of order) {
      const at = 4 * row;
      if (from.isNull(row)) column.appendNull();
      else column.appendWords(words[at + 3]!, words[at + 2]!, words[at + 1]!, words[at]!);
    }
    return column;
  }
  if (DataType.isInt(type) && type.bitWidth === 32) {
    const column = new Uint32Column();
    for (const row of order) {
      if (from.isNull(row)) column.appendNull();
      else column.append(words[2 * row]! >>> 0);
    }
    return column;
  }
  const column = DataType.isTimestamp(type) ? new TimestampMicrosColumn() : new Int64Column();
  for (const row of order) {
    if (from.isNull(row)) column.appendNull();
    else column.appendWords(words[2 * row + 1]!, words[2 * row]!);
  }
  return column;
}
