import { type RowBatch, type TableField, TextColumn } from "../rows/mod.ts";
import {
  type FormatSetting,
  type FormatWriter,
  OutputFileError,
  type RowBuffer,
} from "./format_writer.ts";
import { cellText } from "./_cell_text.ts";
import { type ByteSink, TextBuffer, type TextFraming } from "./_text_buffer.ts";

/** Values of JSON_FORMAT. */
export type JsonFormat = "json" | "jsonl" | "pretty";

const utf8 = (text: string) => new TextEncoder().encode(text);

const FRAMINGS: Readonly<Record<JsonFormat, TextFraming>> = {
  jsonl: { head: utf8(""), separator: utf8("\n"), tail: utf8("\n") },
  json: { head: utf8("[\n"), separator: utf8(",\n"), tail: utf8("\n]\n") },
  pretty: { head: utf8("[\n"), separator: utf8(",\n"), tail: utf8("\n]\n") },
};

/**
 * Writes JSON files: one object a line (`jsonl`), an array with one object a line (`json`), or an
 * array of indented objects (`pretty`). Integers are numbers with all their digits; decimals are
 * text, because few readers keep 38 digits of a number.
 */
export class JsonWriter implements FormatWriter {
  readonly format = "json";
  readonly extension: string;
  readonly setting: FormatSetting;

  constructor(private readonly style: JsonFormat) {
    this.extension = style === "jsonl" ? "jsonl" : "json";
    this.setting = { key: "stellar.json_format", variable: "JSON_FORMAT", value: style };
  }

  createBuffer(fields: readonly TableField[]): RowBuffer {
    return new TextBuffer(FRAMINGS[this.style], rowWriter(fields, this.style === "pretty"));
  }

  readTexts(
    file: Uint8Array,
    _fields: readonly TableField[],
    columns: readonly string[],
  ): string[][] {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(file);
      const rows: Record<string, unknown>[] = this.style === "jsonl"
        ? text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
        : JSON.parse(text);
      return rows.map((row) => columns.map((name) => String(row[name])));
    } catch (error) {
      throw new OutputFileError("The JSON file cannot be read.", { cause: error });
    }
  }
}

function rowWriter(
  fields: readonly TableField[],
  pretty: boolean,
): (sink: ByteSink, rows: RowBatch, row: number) => void {
  const names = fields.map((field, i) =>
    utf8(
      pretty
        ? `${i === 0 ? "  {\n" : ",\n"}    ${JSON.stringify(field.name)}: `
        : `${i === 0 ? "{" : ","}${JSON.stringify(field.name)}:`,
    )
  );
  const end = utf8(pretty ? "\n  }" : "}");
  const nothing = utf8("null");
  const quote = utf8('"');
  return (sink, rows, row) => {
    for (let i = 0; i < fields.length; i++) {
      sink.push(names[i]!);
      const type = fields[i]!.type;
      const column = rows.columns[i]!;
      if (column.isNull(row)) sink.push(nothing);
      else if (column instanceof TextColumn) pushText(sink, column, row, quote);
      else if (type === "timestamp" || type === "decimal(38,0)" || type === "date") {
        sink.push(quote);
        sink.pushAscii(cellText(type, column, row));
        sink.push(quote);
      } else sink.pushAscii(cellText(type, column, row));
    }
    sink.push(end);
  };
}

function pushText(sink: ByteSink, column: TextColumn, row: number, quote: Uint8Array): void {
  const start = column.offsets[row]!;
  const end = column.offsets[row + 1]!;
  for (let i = start; i < end; i++) {
    const byte = column.bytes[i]!;
    // Control characters, `"` and `\` need an escape; everything else stays as it is.
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) {
      sink.pushText(JSON.stringify(column.textAt(row)));
      return;
    }
  }
  sink.push(quote);
  sink.push(column.bytes, start, end);
  sink.push(quote);
}
