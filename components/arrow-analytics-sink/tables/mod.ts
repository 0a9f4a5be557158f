/**
 * Tables on disk: whole ledgers in, committed files out.
 *
 * @module
 */
export {
  AnalyticsStore,
  LOCK_NAME,
  StoreError,
  type StoreErrorCode,
  type StoreOptions,
  type StoreTotals,
} from "./analytics_store.ts";
export { EVENT_TYPES, type EventsByType } from "./event_counts.ts";
export { ledgersOf } from "./file_name.ts";
export { SequenceError, type SequenceErrorCode } from "./ledger_sequence.ts";
export {
  OutputTable,
  type OutputTableOptions,
  WRITTEN_KINDS,
  type WrittenCounts,
} from "./output_table.ts";
