import { DataType, RecordBatchReader, RecordBatchStreamWriter } from "apache-arrow";
import { appendArrow, RowBatch, statisticsJson, type TableField, TextColumn } from "../rows/mod.ts";
import { cellText } from "./_cell_text.ts";
import {
  type BufferMark,
  type EncodedFile,
  type FormatWriter,
  OutputFileError,
  type RowBuffer,
} from "./format_writer.ts";
import { loadParquetWasm, type ParquetWasm } from "./_parquet_wasm.ts";

/** Values of PARQUET_COMPRESSION. */
export type ParquetCompression = "none" | "snappy" | "gzip" | "lz4" | "zstd" | "brotli";

/**
 * Rows of a row group: 131,072 keep a group's working memory at some tens of megabytes; files of
 * the default size are one group.
 */
export const ROW_GROUP_ROWS = 131_072;

/** Rows that are read at once; a file of the default size comes as one batch. */
const READ_BATCH_ROWS = 65_536;

/** Writes Parquet files: one row batch a file, column by column, never row by row. */
export class ParquetWriter implements FormatWriter {
  readonly format = "parquet";
  readonly extension = "parquet";

  private constructor(
    private readonly wasm: ParquetWasm,
    private readonly compression: ParquetCompression,
  ) {}

  /** Loads the Parquet library. */
  static async create(compression: ParquetCompression): Promise<ParquetWriter> {
    return new ParquetWriter(await loadParquetWasm(), compression);
  }

  createBuffer(fields: readonly TableField[]): RowBuffer {
    return new ParquetBuffer(this, fields);
  }

  readTexts(
    file: Uint8Array,
    fields: readonly TableField[],
    columns: readonly string[],
  ): string[][] {
    const rows = new RowBatch(fields.filter((field) => columns.includes(field.name)));
    this.readRows(file, rows);
    const wanted = columns.map((name) => {
      const { type } = rows.fields.find((field) => field.name === name)!;
      return { type, column: rows.column(name) };
    });
    return Array.from(
      { length: rows.rows },
      (_, row) =>
        wanted.map(({ type, column }) =>
          column instanceof TextColumn ? column.textAt(row) : cellText(type, column, row)
        ),
    );
  }

  /** A Parquet file of all rows of a batch. */
  encodeRows(rows: RowBatch): Uint8Array {
    const columns = rows.fields.map((field) => field.name);
    return encodeRecordBatch(this.wasm, rows.toArrow(), this.compression, columns);
  }

  /** Appends all rows of a Parquet file. Throws OutputFileError when it is not one. */
  readRows(file: Uint8Array, into: RowBatch): void {
    try {
      const ipc = this.wasm.readParquet(file, { batchSize: READ_BATCH_ROWS }).intoIPCStream();
      for (const batch of RecordBatchReader.from(ipc)) appendArrow(into, batch);
    } catch (error) {
      throw new OutputFileError("The Parquet file cannot be read.", { cause: error });
    }
  }
}

/**
 * Columns whose values hardly repeat or simply grow. A dictionary of them costs time and space;
 * the deltas of sorted values nearly vanish.
 */
const COLUMN_ENCODINGS: Readonly<Record<string, "plain" | "deltaBytes" | "deltaIntegers">> = {
  event_id: "deltaBytes",
  transaction_hash: "plain",
  amount: "plain",
  amount_raw: "plain",
  ledger_sequence: "deltaIntegers",
  transaction_index: "deltaIntegers",
  event_index: "deltaIntegers",
  transaction_id: "deltaIntegers",
  operation_id: "deltaIntegers",
};

/**
 * A Parquet file of one Arrow record batch. `columns` are those that get an encoding of their own
 * where they are known to gain by it.
 */
export function encodeRecordBatch(
  wasm: ParquetWasm,
  batch: ReturnType<RowBatch["toArrow"]>,
  compression: ParquetCompression,
  columns: readonly string[] = [],
): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  const table = wasm.Table.fromIPCStream(writer.toUint8Array(true));
  const codecs: Record<ParquetCompression, number> = {
    none: wasm.Compression.UNCOMPRESSED,
    snappy: wasm.Compression.SNAPPY,
    gzip: wasm.Compression.GZIP,
    lz4: wasm.Compression.LZ4_RAW,
    zstd: wasm.Compression.ZSTD,
    brotli: wasm.Compression.BROTLI,
  };
  const encodings = {
    plain: wasm.Encoding.PLAIN,
    deltaBytes: wasm.Encoding.DELTA_BYTE_ARRAY,
    deltaIntegers: wasm.Encoding.DELTA_BINARY_PACKED,
  };
  let properties = new wasm.WriterPropertiesBuilder()
    .setCompression(codecs[compression])
    .setMaxRowGroupSize(ROW_GROUP_ROWS)
    .setDictionaryEnabled(true)
    .setStatisticsEnabled(wasm.EnabledStatistics.Page)
    .setCreatedBy("obsrvr-stellar-components")
    .setWriterVersion(wasm.WriterVersion.V1);
  for (const name of columns) {
    const encoding = COLUMN_ENCODINGS[name];
    if (encoding === undefined || !isTyped(batch, name, encoding)) continue;
    properties = properties.setColumnDictionaryEnabled(name, false)
      .setColumnEncoding(name, encodings[encoding]);
  }
  // The library takes table and properties over and frees them itself.
  return wasm.writeParquet(table, properties.build());
}

/** Whether a column of that name has the type that the encoding is for: Hubble's may not. */
function isTyped(
  batch: ReturnType<RowBatch["toArrow"]>,
  name: string,
  encoding: "plain" | "deltaBytes" | "deltaIntegers",
): boolean {
  const type = batch.schema.fields.find((field) => field.name === name)?.type;
  if (encoding === "plain") return true;
  return encoding === "deltaBytes" ? DataType.isUtf8(type) : DataType.isInt(type);
}

class ParquetBuffer implements RowBuffer {
  readonly #rows: RowBatch;
  /** Fields of the rows that were appended last, and where in them each column of the file is. */
  #sourceFields: readonly TableField[] | undefined;
  #sources: number[] = [];

  constructor(private readonly writer: ParquetWriter, fields: readonly TableField[]) {
    this.#rows = new RowBatch(fields);
  }

  get rows(): number {
    return this.#rows.rows;
  }

  append(rows: RowBatch, start: number, end: number): void {
    if (this.#sourceFields !== rows.fields) {
      // By name: the partition's columns are in the rows and not in the file.
      this.#sources = this.#rows.fields.map((field) =>
        rows.fields.findIndex((source) => source.name === field.name)
      );
      this.#sourceFields = rows.fields;
    }
    const { columns } = this.#rows;
    for (let i = 0; i < columns.length; i++) {
      columns[i]!.appendRange(rows.columns[this.#sources[i]!]!, start, end);
    }
  }

  load(file: Uint8Array, rows: number): void {
    const before = this.#rows.rows;
    this.writer.readRows(file, this.#rows);
    if (this.#rows.rows - before !== rows) {
      throw new OutputFileError(
        `The Parquet file must have ${rows} rows: it has ${this.#rows.rows - before}.`,
      );
    }
  }

  clear(): void {
    this.#rows.clear();
  }

  mark(): BufferMark {
    return { row: this.#rows.rows, byte: 0 };
  }

  encode(from?: BufferMark): EncodedFile {
    let rows = this.#rows;
    if (from !== undefined && from.row > 0) {
      rows = new RowBatch(this.#rows.fields);
      rows.appendRange(this.#rows, from.row, this.#rows.rows);
    }
    return {
      bytes: this.writer.encodeRows(rows),
      rows: rows.rows,
      statistics: statisticsJson(rows),
    };
  }
}
