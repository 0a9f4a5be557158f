import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { LedgerRow } from "../arrow/mod.ts";
import { decodeBatchMetadata, encodeBatchMetadata } from "./batch_metadata.ts";
import { FlightError, type FlightErrorCode } from "./flight_error.ts";
import { ledgerBatch } from "./testing/mod.ts";

const batch = ledgerBatch(7, 9);

const row: LedgerRow = {
  sequence: 7,
  hash: "ab".repeat(32),
  previous_hash: "00".repeat(32),
  closed_at: "2023-11-14T22:13:20Z",
  protocol_version: 23,
  network_id: "0f".repeat(32),
  transaction_count: 3,
  successful_transaction_count: 2,
  failed_transaction_count: 1,
  operation_count: 5,
  soroban_transaction_count: 0,
  total_coins: "1054439020873472865",
  fee_pool: "-1",
  total_fees: "300",
  base_fee: 100,
  base_reserve: 5_000_000,
  max_tx_set_size: 1000,
};

const whole = { first_ledger: 7, last_ledger: 9, tip: 20 };

function refused(metadata: unknown, code: FlightErrorCode = "DATA_LOSS"): string {
  const bytes = new TextEncoder().encode(JSON.stringify(metadata));
  const error = assertThrows(
    () => decodeBatchMetadata(bytes, batch, code),
    FlightError,
  ) as FlightError;
  assertEquals(error.code, code);
  return error.message;
}

Deno.test("metadata comes back as it was sent, names that a dataset adds included", () => {
  for (
    const metadata of [whole, {
      ...whole,
      partial: true as const,
      ledgers: [row, { ...row, sequence: 0xffff_ffff, event_count: 4 }],
      quarantined: [8],
    }]
  ) {
    const read = decodeBatchMetadata(encodeBatchMetadata(metadata), batch, "DATA_LOSS");
    assertEquals(read, metadata);
  }
});

Deno.test("without metadata the bounds are those of the rows", () => {
  for (const none of [undefined, new Uint8Array(0)]) {
    assertEquals(decodeBatchMetadata(none, batch, "DATA_LOSS"), {
      first_ledger: 7,
      last_ledger: 9,
      tip: 9,
    });
  }
});

Deno.test("bounds that are missing, reversed or no ledger number are refused with the reason", () => {
  for (const bad of [undefined, null, "7", 7.5, -1, 2 ** 32]) {
    for (const name of ["first_ledger", "last_ledger", "tip"]) {
      assertStringIncludes(refused({ ...whole, [name]: bad }), `its "${name}" is`);
    }
  }
  assertStringIncludes(refused({ ...whole, first_ledger: 10 }), "ledger 10 is after its last 9");
  assertStringIncludes(refused({ ...whole, partial: 1 }), 'its "partial" is 1');
  for (const other of [null, 7, [], "x"]) assertStringIncludes(refused(other), "not an object");
});

Deno.test("ledgers that are no whole rows are refused by their field", () => {
  assertStringIncludes(refused({ ...whole, ledgers: {} }), "not a list");
  assertStringIncludes(refused({ ...whole, ledgers: [row, 7] }), "row 1 that is not an object");
  const faults: Record<string, unknown> = {
    sequence: "7",
    hash: "AB",
    closed_at: "yesterday",
    total_coins: 5,
    base_fee: -1,
    event_count: null,
  };
  for (const [name, value] of Object.entries(faults)) {
    const message = refused({ ...whole, ledgers: [{ ...row, [name]: value }] });
    assertStringIncludes(message, `row 0 whose "${name}" is`);
  }
});

Deno.test("the code is the caller's: a reader has lost data, a writer has sent a bad argument", () => {
  refused({}, "DATA_LOSS");
  refused({}, "INVALID_ARGUMENT");
});
