/**
 * Stored rows, column by column: the tables' columns, and how Arrow batches and ledger facts
 * become them.
 *
 * @module
 */
export { FixedWidthColumn } from "./fixed_width_column.ts";
export { FlagColumn } from "./flag_column.ts";
export { appendArrow, RowsError } from "./from_arrow.ts";
export { appendHubbleRows } from "./hubble_rows.ts";
export { appendLedgerRow } from "./ledger_rows.ts";
export { arrowType, RowBatch } from "./row_batch.ts";
export type { RowColumn } from "./row_column.ts";
export {
  countStatisticsJson,
  MAX_STATISTICS_TEXT_BYTES,
  recordCount,
  statisticsJson,
} from "./statistics.ts";
export {
  type FieldType,
  HUBBLE_FIELDS,
  HUBBLE_TABLE,
  LEDGER_FIELDS,
  LEDGER_TABLE,
  type TableField,
  type TableSchema,
  TTP_EVENT_FIELDS,
  TTP_EVENT_TABLE,
} from "./table_schema.ts";
export { TextColumn } from "./text_column.ts";
export { toServedBatch } from "./to_served_batch.ts";
