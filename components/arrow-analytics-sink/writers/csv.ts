import { type RowBatch, type TableField, TextColumn } from "../rows/mod.ts";
import {
  type FormatSetting,
  type FormatWriter,
  OutputFileError,
  type RowBuffer,
} from "./format_writer.ts";
import { cellText } from "./_cell_text.ts";
import { type ByteSink, TextBuffer } from "./_text_buffer.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** RFC 4180: lines end with CR LF. */
const LINE_END = utf8("\r\n");

/**
 * Writes CSV files as RFC 4180 has them: a header line, CR LF after every line, quotes where a
 * value has a delimiter, a quote or a line break. Null is nothing between two delimiters, an empty
 * text is `""`.
 */
export class CsvWriter implements FormatWriter {
  readonly format = "csv";
  readonly extension = "csv";
  readonly setting: FormatSetting;

  /** The delimiter is one ASCII character other than a quote or a line break. */
  constructor(private readonly delimiter: string) {
    if (!/^[\t\x20-\x7e]$/.test(delimiter) || delimiter === '"') {
      throw new RangeError(`CSV_DELIMITER must be one ASCII character: "${delimiter}".`);
    }
    this.setting = { key: "stellar.csv_delimiter", variable: "CSV_DELIMITER", value: delimiter };
  }

  createBuffer(fields: readonly TableField[]): RowBuffer {
    const head = fields.map((field) => field.name).join(this.delimiter) + "\r\n";
    return new TextBuffer(
      { head: utf8(head), separator: LINE_END, tail: LINE_END },
      rowWriter(fields, this.delimiter),
    );
  }

  readTexts(
    file: Uint8Array,
    _fields: readonly TableField[],
    columns: readonly string[],
  ): string[][] {
    const text = new TextDecoder().decode(file);
    const end = text.indexOf("\r\n");
    const names = text.slice(0, Math.max(end, 0)).split(this.delimiter);
    const at = columns.map((name) => names.indexOf(name));
    if (at.includes(-1)) {
      throw new OutputFileError(`The CSV file does not begin with a line of column names.`);
    }
    const rows = recordsOf(text.slice(end + 2), this.delimiter);
    return rows.map((row) => at.map((column) => row[column] ?? ""));
  }
}

function rowWriter(
  fields: readonly TableField[],
  delimiter: string,
): (sink: ByteSink, rows: RowBatch, row: number) => void {
  const delimiterBytes = utf8(delimiter);
  const delimiterCode = delimiterBytes[0]!;
  return (sink, rows, row) => {
    for (let i = 0; i < fields.length; i++) {
      if (i > 0) sink.push(delimiterBytes);
      const column = rows.columns[i]!;
      if (column.isNull(row)) continue;
      if (column instanceof TextColumn) pushText(sink, column, row, delimiterCode);
      else {
        const text = cellText(fields[i]!.type, column, row);
        sink.pushAscii(text.includes(delimiter) ? `"${text}"` : text);
      }
    }
  };
}

function pushText(sink: ByteSink, column: TextColumn, row: number, delimiterCode: number): void {
  const start = column.offsets[row]!;
  const end = column.offsets[row + 1]!;
  let plain = end > start;
  for (let i = start; i < end && plain; i++) {
    const byte = column.bytes[i]!;
    plain = byte !== delimiterCode && byte !== 0x22 && byte !== 0x0a && byte !== 0x0d;
  }
  if (plain) sink.push(column.bytes, start, end);
  else sink.pushText(`"${column.textAt(row).replaceAll('"', '""')}"`);
}

/** Records of CSV text without its header: fields by delimiter, quotes taken off. */
function recordsOf(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length;) {
    let field = "";
    if (text[at] === '"') {
      // Up to the quote that is not doubled.
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) throw new OutputFileError("The CSV file ends within quotes.");
      field = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\r") at++;
      field = text.slice(start, at);
    }
    record.push(field);
    if (text[at] === delimiter) at++;
    else {
      records.push(record);
      record = [];
      at += 2;
    }
  }
  return records;
}
