import { type Data, DataType, type Vector } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";

/**
 * Checks that a column which came from a peer stays within its own buffers, so that whoever reads
 * it may do so without looking: buffers as long as the rows need, offsets that never go back and
 * end within the values, dictionary indices below the dictionary's length. arrow-js checks none
 * of this. One pass over offsets and indices; the values themselves are not read.
 *
 * Throws ArrowError BAD_MESSAGE that names the column.
 */
export function checkData(data: Data, column: string): void {
  const { type, length } = data;
  if (data.nullCount < 0 || data.nullCount > length) refuse(column, "counts more nulls than rows");
  if (data.nullCount > 0 && data.nullBitmap.length < Math.ceil(length / 8)) {
    refuse(column, "has a validity bitmap shorter than its rows");
  }
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    checkOffsets(data.valueOffsets as Int32Array, length, data.values.length, column);
  } else if (DataType.isLargeUtf8(type) || DataType.isLargeBinary(type)) {
    checkLargeOffsets(data.valueOffsets as BigInt64Array, length, data.values.length, column);
  } else if (DataType.isDictionary(type)) {
    checkIndices(data, column);
  } else if (DataType.isList(type) || DataType.isMap(type)) {
    const child = data.children[0]!;
    checkOffsets(data.valueOffsets as Int32Array, length, child.length, column);
    checkData(child, column);
  } else if (DataType.isStruct(type) || DataType.isFixedSizeList(type)) {
    const needed = DataType.isStruct(type) ? length : length * type.listSize;
    for (const child of data.children) {
      if (child.length < needed) refuse(column, "has fewer values than its rows need");
      checkData(child, column);
    }
  } else if (DataType.isBool(type)) {
    if (data.values.length < Math.ceil(length / 8)) tooShort(column);
  } else if (isFixedWidth(type)) {
    if (data.values.length < length * data.stride) tooShort(column);
  } else if (!DataType.isNull(type)) {
    refuse(column, `is of the type ${type}, which is not taken from others`);
  }
}

/** Checks the values of a dictionary. */
export function checkDictionary(dictionary: Vector, id: number): void {
  for (const data of dictionary.data) checkData(data, `the dictionary ${id}`);
}

/** Types with a number of elements of `values` for each row. */
function isFixedWidth(type: DataType): boolean {
  return DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type) ||
    DataType.isFixedSizeBinary(type) || DataType.isTimestamp(type) || DataType.isDate(type) ||
    DataType.isTime(type) || DataType.isDuration(type) || DataType.isInterval(type);
}

function checkOffsets(offsets: Int32Array, rows: number, end: number, column: string): void {
  if (rows === 0) return;
  if (offsets.length <= rows) tooShort(column);
  // The sign bit of `wrong` tells of an offset below zero or before its predecessor: without a
  // branch for each row. Differences of offsets that are not negative fit 32 bits.
  let previous = offsets[0]!;
  let wrong = previous;
  for (let i = 1; i <= rows; i++) {
    const offset = offsets[i]!;
    wrong |= offset | (offset - previous);
    previous = offset;
  }
  if (wrong < 0) refuse(column, "has offsets that go back");
  if (previous > end) refuse(column, `has offsets up to ${previous}, for values of ${end}`);
}

function checkLargeOffsets(
  offsets: BigInt64Array,
  rows: number,
  end: number,
  column: string,
): void {
  if (rows === 0) return;
  if (offsets.length <= rows) tooShort(column);
  let previous = 0n;
  for (let i = 0; i <= rows; i++) {
    const offset = offsets[i]!;
    if (offset < previous) refuse(column, "has offsets that go back");
    previous = offset;
  }
  if (previous > BigInt(end)) {
    refuse(column, `has offsets up to ${previous}, for values of ${end}`);
  }
}

function checkIndices(data: Data, column: string): void {
  const { length } = data;
  const indices = data.values as Int32Array | BigInt64Array;
  const known = data.dictionary?.length ?? 0;
  if (indices.length < length) tooShort(column);
  if (indices instanceof BigInt64Array || indices instanceof BigUint64Array) {
    for (let i = 0; i < length; i++) checkIndex(data, i, Number(indices[i]!), known, column);
    return;
  }
  let wrong = 0;
  for (let i = 0; i < length; i++) wrong |= indices[i]! | (known - 1 - indices[i]!);
  if (wrong >= 0) return;
  // What stands at a null may be anything; only where there are such values are nulls looked up.
  for (let i = 0; i < length; i++) checkIndex(data, i, indices[i]!, known, column);
}

function checkIndex(data: Data, row: number, index: number, known: number, column: string): void {
  if (index >= 0 && index < known) return;
  if (data.nullCount > 0 && !data.getValid(row)) return;
  refuse(column, `has the dictionary index ${index}, for a dictionary of ${known} values`);
}

function tooShort(column: string): never {
  refuse(column, "has a buffer shorter than its rows need");
}

function refuse(column: string, what: string): never {
  throw new ArrowError("BAD_MESSAGE", `An Arrow message is malformed: ${column} ${what}.`);
}
