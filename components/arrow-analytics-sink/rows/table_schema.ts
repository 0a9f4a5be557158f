/**
 * Type of a stored column, by its name in Delta's schema: unsigned integers are `long`, hashes and
 * dictionaries `string`, times `timestamp` (microseconds, UTC).
 */
export type FieldType =
  | "string"
  | "long"
  | "integer"
  | "double"
  | "boolean"
  | "date"
  | "timestamp"
  | "decimal(38,0)";

/** A stored column. Every one is nullable. */
export interface TableField {
  readonly name: string;
  readonly type: FieldType;
}

const fields = (...pairs: [string, FieldType][]): readonly TableField[] =>
  pairs.map(([name, type]) => ({ name, type }));

/** Columns of the stored `ttp_event`, those of the Arrow schema in its order. */
export const TTP_EVENT_FIELDS: readonly TableField[] = fields(
  ["event_id", "string"],
  ["ledger_sequence", "long"],
  ["closed_at", "timestamp"],
  ["transaction_hash", "string"],
  ["transaction_index", "long"],
  ["operation_index", "long"],
  ["event_index", "long"],
  ["transaction_id", "long"],
  ["operation_id", "long"],
  ["event_type", "string"],
  ["contract_address", "string"],
  ["asset_type", "string"],
  ["asset_code", "string"],
  ["asset_issuer", "string"],
  ["asset", "string"],
  ["from_account", "string"],
  ["to_account", "string"],
  ["amount", "string"],
  ["amount_raw", "decimal(38,0)"],
  ["to_muxed_id", "string"],
  ["to_muxed_id_type", "string"],
  ["successful", "boolean"],
  ["is_soroban", "boolean"],
  ["derived_from", "string"],
  ["protocol_version", "long"],
  ["processor_version", "string"],
);

/** Columns of the stored `ledger`. */
export const LEDGER_FIELDS: readonly TableField[] = fields(
  ["sequence", "long"],
  ["hash", "string"],
  ["previous_hash", "string"],
  ["closed_at", "timestamp"],
  ["protocol_version", "long"],
  ["network_id", "string"],
  ["transaction_count", "long"],
  ["successful_transaction_count", "long"],
  ["failed_transaction_count", "long"],
  ["operation_count", "long"],
  ["soroban_transaction_count", "long"],
  ["total_coins", "long"],
  ["fee_pool", "long"],
  ["total_fees", "long"],
  ["base_fee", "long"],
  ["base_reserve", "long"],
  ["max_tx_set_size", "long"],
  ["event_count", "long"],
);

/**
 * Columns of Hubble's `token_transfers_raw`, the public BigQuery table of token transfers, so that
 * queries written for it run unchanged.
 */
export const HUBBLE_FIELDS: readonly TableField[] = fields(
  ["transaction_hash", "string"],
  ["transaction_id", "long"],
  ["operation_id", "long"],
  ["event_topic", "string"],
  ["from", "string"],
  ["to", "string"],
  ["asset", "string"],
  ["asset_type", "string"],
  ["asset_code", "string"],
  ["asset_issuer", "string"],
  ["amount", "double"],
  ["amount_raw", "string"],
  ["contract_id", "string"],
  ["ledger_sequence", "long"],
  ["closed_at", "timestamp"],
  ["to_muxed", "string"],
  ["to_muxed_id", "string"],
);

/** A folder of files of one dataset: what its rows are and where a row says its ledger. */
export interface TableSchema {
  /** Name of the dataset and of its folder. */
  readonly dataset: "ttp_event" | "ledger";
  readonly fields: readonly TableField[];
  /** Version of columns and their meaning; part of a table's identity. */
  readonly version: string;
}

/** The stored `ttp_event` in this project's own columns. */
export const TTP_EVENT_TABLE: TableSchema = {
  dataset: "ttp_event",
  fields: TTP_EVENT_FIELDS,
  version: "1.0.0",
};

/** The stored `ttp_event` in Hubble's columns. */
export const HUBBLE_TABLE: TableSchema = {
  dataset: "ttp_event",
  fields: HUBBLE_FIELDS,
  version: "hubble-1.0.0",
};

/** The stored `ledger`. */
export const LEDGER_TABLE: TableSchema = {
  dataset: "ledger",
  fields: LEDGER_FIELDS,
  version: "1.0.0",
};
