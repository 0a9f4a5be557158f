import {
  Binary,
  Bool,
  type DataType,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  Int,
  type Int8,
  Schema,
  Timestamp,
  TimeUnit,
  Utf8,
} from "apache-arrow";

/**
 * Version of the three schemas. Names, types and meaning of fields are public API: a change that
 * a reader can notice raises it.
 */
export const SCHEMA_VERSION = "1.0.0";

/** Digits that `amount_raw` holds: decimal128 has room for 38. */
export const AMOUNT_PRECISION = 38;

/** Bytes of a SHA-256 digest, the width of every hash column. */
export const HASH_BYTES = 32;

// The generic classes (Int, Timestamp) and not their named subclasses: the IPC reader decodes to
// the generic ones, and arrow-js compares types by constructor.
const uint32 = () => new Int(false, 32);
const int64 = () => new Int(true, 64);
const utf8 = () => new Utf8();
const bool = () => new Bool();
const hash = () => new FixedSizeBinary(HASH_BYTES);
const micros = () => new Timestamp(TimeUnit.MICROSECOND, "UTC");
// Ids are given here because arrow-js otherwise counts them up over the whole process, and equal
// schemas would differ. 8-bit indices: the dictionaries have a handful of values.
const int8 = () => new Int(true, 8) as unknown as Int8;
const dictionary = (id: number) => new Dictionary(new Utf8(), int8(), id);

const required = (name: string, type: DataType) => new Field(name, type, false);
const nullable = (name: string, type: DataType) => new Field(name, type, true);

function schema(name: string, primaryKey: string, partitionKey: string, fields: Field[]): Schema {
  const metadata = new Map([
    ["name", name],
    ["version", SCHEMA_VERSION],
    ["primary_key", primaryKey],
    ["partition_key", partitionKey],
  ]);
  return new Schema(fields, metadata);
}

/** The ledger facts that `stellar_ledger` and `ledger` share, in their order. */
const ledgerFields = () => [
  required("sequence", uint32()),
  required("hash", hash()),
  required("previous_hash", hash()),
  required("closed_at", micros()),
  required("protocol_version", uint32()),
  required("network_id", hash()),
  required("transaction_count", uint32()),
  required("successful_transaction_count", uint32()),
  required("failed_transaction_count", uint32()),
  required("operation_count", uint32()),
  required("soroban_transaction_count", uint32()),
  required("total_coins", int64()),
  required("fee_pool", int64()),
  required("total_fees", int64()),
  required("base_fee", uint32()),
  required("base_reserve", uint32()),
  required("max_tx_set_size", uint32()),
];

/**
 * What the source serves, one row a ledger: header facts and the ledger itself. In
 * `ledger_xdr_encoding`, `xdr` means that `ledger_xdr` is the LedgerCloseMeta, `sep54` that it is
 * the lake's own object of this one ledger (zstd of a LedgerCloseMetaBatch).
 */
export const stellarLedgerSchema: Schema = schema("stellar_ledger", "sequence", "closed_at", [
  ...ledgerFields(),
  required("ledger_xdr", new Binary()),
  required("ledger_xdr_encoding", dictionary(0)),
]);

/**
 * What the processor serves, one row a token-transfer event. Amounts are exact: `amount` is the
 * whole integer as text, `amount_raw` the same as decimal128 and null beyond 38 digits. Operation
 * indices count from 1; `operation_index`, `transaction_id` and `operation_id` (SEP-35) are null
 * where there is no such thing.
 */
export const ttpEventSchema: Schema = schema("ttp_event", "event_id", "closed_at", [
  required("event_id", utf8()),
  required("ledger_sequence", uint32()),
  required("closed_at", micros()),
  required("transaction_hash", hash()),
  required("transaction_index", uint32()),
  nullable("operation_index", uint32()),
  required("event_index", uint32()),
  nullable("transaction_id", int64()),
  nullable("operation_id", int64()),
  required("event_type", dictionary(0)),
  required("contract_address", utf8()),
  required("asset_type", dictionary(1)),
  nullable("asset_code", utf8()),
  nullable("asset_issuer", utf8()),
  required("asset", utf8()),
  nullable("from_account", utf8()),
  nullable("to_account", utf8()),
  required("amount", utf8()),
  nullable("amount_raw", new Decimal(0, AMOUNT_PRECISION, 128)),
  nullable("to_muxed_id", utf8()),
  nullable("to_muxed_id_type", dictionary(2)),
  required("successful", bool()),
  required("is_soroban", bool()),
  required("derived_from", dictionary(3)),
  required("protocol_version", uint32()),
  required("processor_version", dictionary(4)),
]);

/**
 * What the sink stores per ledger, so that completeness can be shown and ledgers without events
 * exist: the facts of `stellar_ledger` without the XDR, and the number of events.
 */
export const ledgerSchema: Schema = schema("ledger", "sequence", "closed_at", [
  ...ledgerFields(),
  required("event_count", uint32()),
]);

/** The same schema with the network's passphrase in its metadata. */
export function withNetwork(schema: Schema, passphrase: string): Schema {
  const metadata = new Map(schema.metadata);
  metadata.set("network_passphrase", passphrase);
  return new Schema(schema.fields, metadata);
}
