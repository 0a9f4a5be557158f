/**
 * File formats: Parquet, JSON and CSV, each a writer with the same parts.
 *
 * @module
 */
export { timeText } from "./_cell_text.ts";
export { CsvWriter } from "./csv.ts";
export {
  type BufferMark,
  type EncodedFile,
  type FormatSetting,
  type FormatWriter,
  OutputFileError,
  type RowBuffer,
} from "./format_writer.ts";
export { type JsonFormat, JsonWriter } from "./json.ts";
export { encodeRecordBatch, type ParquetCompression, ParquetWriter } from "./parquet.ts";
export { loadParquetWasm, type ParquetWasm } from "./_parquet_wasm.ts";
