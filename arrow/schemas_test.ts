import { assertEquals } from "@std/assert";
import { DataType, type Schema } from "apache-arrow";
import type { LedgerRow } from "./ledger_row.ts";
import { schemaDifference } from "./same_type.ts";
import { ledgerSchema, stellarLedgerSchema, ttpEventSchema, withNetwork } from "./schemas.ts";

const names = (schema: Schema) => schema.fields.map((f) => f.name);

/** Every field as the documentation writes it. */
const types = (schema: Schema) =>
  schema.fields.map((f) => {
    const type = DataType.isDecimal(f.type)
      ? `decimal128(${f.type.precision}, ${f.type.scale})`
      : String(f.type);
    return `${f.name} ${type}${f.nullable ? " null" : ""}`;
  });

const ledgerTypes = [
  "sequence Uint32",
  "hash FixedSizeBinary[32]",
  "previous_hash FixedSizeBinary[32]",
  "closed_at Timestamp<MICROSECOND, UTC>",
  "protocol_version Uint32",
  "network_id FixedSizeBinary[32]",
  "transaction_count Uint32",
  "successful_transaction_count Uint32",
  "failed_transaction_count Uint32",
  "operation_count Uint32",
  "soroban_transaction_count Uint32",
  "total_coins Int64",
  "fee_pool Int64",
  "total_fees Int64",
  "base_fee Uint32",
  "base_reserve Uint32",
  "max_tx_set_size Uint32",
];

Deno.test("stellar_ledger and ledger have the fields of the contract", () => {
  assertEquals(types(stellarLedgerSchema), [
    ...ledgerTypes,
    "ledger_xdr Binary",
    "ledger_xdr_encoding Dictionary<Int8, Utf8>",
  ]);
  assertEquals(types(ledgerSchema), [...ledgerTypes, "event_count Uint32"]);
});

Deno.test("ttp_event has the fields of the contract", () => {
  assertEquals(types(ttpEventSchema), [
    "event_id Utf8",
    "ledger_sequence Uint32",
    "closed_at Timestamp<MICROSECOND, UTC>",
    "transaction_hash FixedSizeBinary[32]",
    "transaction_index Uint32",
    "operation_index Uint32 null",
    "event_index Uint32",
    "transaction_id Int64 null",
    "operation_id Int64 null",
    "event_type Dictionary<Int8, Utf8>",
    "contract_address Utf8",
    "asset_type Dictionary<Int8, Utf8>",
    "asset_code Utf8 null",
    "asset_issuer Utf8 null",
    "asset Utf8",
    "from_account Utf8 null",
    "to_account Utf8 null",
    "amount Utf8",
    "amount_raw decimal128(38, 0) null",
    "to_muxed_id Utf8 null",
    "to_muxed_id_type Dictionary<Int8, Utf8> null",
    "successful Bool",
    "is_soroban Bool",
    "derived_from Dictionary<Int8, Utf8>",
    "protocol_version Uint32",
    "processor_version Dictionary<Int8, Utf8>",
  ]);
});

Deno.test("each schema names itself, its version and keys, and the keys are columns", () => {
  for (const schema of [stellarLedgerSchema, ttpEventSchema, ledgerSchema]) {
    assertEquals([...schema.metadata.keys()], ["name", "version", "primary_key", "partition_key"]);
    for (const key of ["primary_key", "partition_key"]) {
      assertEquals(names(schema).includes(schema.metadata.get(key)!), true);
    }
  }
});

Deno.test("a network's schema carries its passphrase and leaves the plain one alone", () => {
  const schema = withNetwork(ttpEventSchema, "Test SDF Network ; September 2015");
  assertEquals(schema.metadata.get("network_passphrase"), "Test SDF Network ; September 2015");
  assertEquals(ttpEventSchema.metadata.has("network_passphrase"), false);
  assertEquals(schemaDifference(ttpEventSchema, schema), undefined);
});

Deno.test("a ledger row names exactly the columns of the ledger schema", () => {
  // Record<keyof …> makes the compiler complain when a field is missing or unknown here.
  const row: Record<keyof LedgerRow, true> = {
    sequence: true,
    hash: true,
    previous_hash: true,
    closed_at: true,
    protocol_version: true,
    network_id: true,
    transaction_count: true,
    successful_transaction_count: true,
    failed_transaction_count: true,
    operation_count: true,
    soroban_transaction_count: true,
    total_coins: true,
    fee_pool: true,
    total_fees: true,
    base_fee: true,
    base_reserve: true,
    max_tx_set_size: true,
    event_count: true,
  };
  assertEquals(Object.keys(row), names(ledgerSchema));
});
