import { type Data, DataType, type RecordBatch, type Vector } from "apache-arrow";

/**
 * Text of one cell; undefined for null. `quoted` says that JSON needs quotes around it. The conventions
 * are those of the sink's files: integers with all their digits, decimals as text, hashes in hex, times in
 * ISO 8601.
 */
interface CellReader {
  readonly name: string;
  readonly quoted: boolean;
  read(row: number): string | undefined;
}

/** The rows of a batch as JSON, one object a line. */
export function toNdjson(batch: RecordBatch): string {
  const readers = cellReaders(batch);
  let text = "";
  for (let row = 0; row < batch.numRows; row++) {
    let line = "";
    for (const { name, quoted, read } of readers) {
      const cell = read(row);
      const value = cell === undefined ? "null" : quoted ? JSON.stringify(cell) : cell;
      line += `${line === "" ? "{" : ","}"${name}":${value}`;
    }
    text += `${line}}\n`;
  }
  return text;
}

/** The header line of CSV: the names of the columns. */
export function csvHeader(batch: RecordBatch): string {
  return batch.schema.fields.map(({ name }) => name).join(",") + "\r\n";
}

/** The rows of a batch as CSV (RFC 4180) without header; null is empty, an empty text is `""`. */
export function toCsv(batch: RecordBatch): string {
  const readers = cellReaders(batch);
  let text = "";
  for (let row = 0; row < batch.numRows; row++) {
    text += readers.map(({ read }) => csvCell(read(row))).join(",") + "\r\n";
  }
  return text;
}

function csvCell(cell: string | undefined): string {
  if (cell === undefined) return "";
  return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function cellReaders(batch: RecordBatch): CellReader[] {
  return batch.schema.fields.map(({ name }, i) => {
    const vector = batch.getChildAt(i)!;
    const { quoted, read } = valueReader(vector);
    const data = vector.data[0]!;
    return { name, quoted, read: (row) => isNull(data, row) ? undefined : read(row) };
  });
}

function isNull(data: Data, row: number): boolean {
  return data.nullCount > 0 && !data.getValid(row);
}

/** Reads typed arrays where `get` would make a lossy value: arrow-js gives times as floats. */
function valueReader(vector: Vector): { quoted: boolean; read: (row: number) => string } {
  const { type } = vector;
  const values = vector.data[0]!.values;
  if (DataType.isTimestamp(type)) {
    return { quoted: true, read: (row) => isoTime((values as BigInt64Array)[row]!) };
  }
  if (DataType.isFixedSizeBinary(type)) {
    const width = type.byteWidth;
    const bytes = values as Uint8Array;
    return { quoted: true, read: (row) => bytes.subarray(row * width, (row + 1) * width).toHex() };
  }
  if (DataType.isDecimal(type)) {
    return { quoted: true, read: (row) => String(decimalAt(values as Uint32Array, row)) };
  }
  const quoted = DataType.isUtf8(type) || DataType.isDictionary(type);
  return { quoted, read: (row) => String(vector.get(row)) };
}

function decimalAt(words: Uint32Array, row: number): bigint {
  const at = row * 4;
  let value = BigInt(words[at + 3]! | 0);
  for (let k = 2; k >= 0; k--) value = (value << 32n) | BigInt(words[at + k]!);
  return value;
}

/** Close times are whole seconds. */
function isoTime(micros: bigint): string {
  return new Date(Number(micros / 1000n)).toISOString().replace(".000Z", "Z");
}
