/**
 * Arrow schemas of this project, columns that are filled without allocation, record batches, and
 * IPC messages.
 *
 * @module
 */
export { ArrowError, type ArrowErrorCode } from "./arrow_error.ts";
export { type Column, INITIAL_ROWS } from "./column.ts";
export { columnBytes } from "./column_bytes.ts";
export { BinaryColumn } from "./binary_column.ts";
export { BoolColumn } from "./bool_column.ts";
export { Decimal128Column } from "./decimal128_column.ts";
export { DictionaryColumn } from "./dictionary_column.ts";
export { FixedBinaryColumn } from "./fixed_binary_column.ts";
export { Int64Column } from "./int64_column.ts";
export { TimestampMicrosColumn } from "./timestamp_micros_column.ts";
export { Uint32Column } from "./uint32_column.ts";
export { Utf8Column } from "./utf8_column.ts";
export { RecordBatchBuilder } from "./record_batch_builder.ts";
export { decodeEncapsulatedSchema, IpcDecoder } from "./ipc_decoder.ts";
export { encapsulateSchema, IpcEncoder, type IpcMessage } from "./ipc_encoder.ts";
export { LEDGER_ENCODINGS, type LedgerEncoding } from "./ledger_encoding.ts";
export type { LedgerRow } from "./ledger_row.ts";
export { sameType, schemaDifference } from "./same_type.ts";
export {
  AMOUNT_PRECISION,
  HASH_BYTES,
  ledgerSchema,
  SCHEMA_VERSION,
  stellarLedgerSchema,
  ttpEventSchema,
  withNetwork,
} from "./schemas.ts";
