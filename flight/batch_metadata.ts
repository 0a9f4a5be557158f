import { DataType, type RecordBatch } from "apache-arrow";
import type { LedgerRow } from "../arrow/mod.ts";
import type { BatchMetadata } from "./flight_dataset.ts";
import { FlightError, type FlightErrorCode } from "./flight_error.ts";

/** Ledger sequence numbers, and the counts of a ledger, are uint32. */
const MAX_UINT32 = 0xffff_ffff;

/** Writes the `app_metadata` of a batch. */
export function encodeBatchMetadata(metadata: BatchMetadata): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(metadata));
}

/**
 * Reads the `app_metadata` of a batch. Where a peer sends none, the ledgers are taken from the
 * rows. Throws FlightError of the code `badMessage` when it is not the JSON of the contract:
 * uint32 bounds in order, `partial` true or absent, `ledgers` a list of whole LedgerRows. Further
 * names are passed on unread.
 */
export function decodeBatchMetadata(
  bytes: Uint8Array | undefined,
  batch: RecordBatch,
  badMessage: FlightErrorCode,
): BatchMetadata {
  if (bytes === undefined || bytes.length === 0) return metadataOfRows(batch);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw badMetadata(badMessage, "it is not JSON", cause);
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw badMetadata(badMessage, fault);
  return value as BatchMetadata;
}

/** What is wrong with app_metadata; undefined when nothing is. */
function faultOf(value: unknown): string | undefined {
  if (!isObject(value)) return "it is not an object";
  for (const name of ["first_ledger", "last_ledger", "tip"]) {
    if (!isUint32(value[name])) return `its "${name}" is ${shown(value[name])}`;
  }
  const { first_ledger: first, last_ledger: last, partial, ledgers } = value as BatchMetadata;
  if (first > last) return `its first ledger ${first} is after its last ${last}`;
  if (partial !== undefined && partial !== true) return `its "partial" is ${shown(partial)}`;
  if (ledgers === undefined) return undefined;
  if (!Array.isArray(ledgers)) return 'its "ledgers" is not a list';
  for (const [i, row] of ledgers.entries()) {
    const fault = faultOfRow(row);
    if (fault !== undefined) return `its "ledgers" has a row ${i} ${fault}`;
  }
  return undefined;
}

const isHash = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isInt64 = (value: unknown) => typeof value === "string" && /^-?\d{1,19}$/.test(value);
const isTime = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value);

/** What each field of a LedgerRow must be; a field that is new there must be named here. */
const ROW_FIELDS: Readonly<Record<keyof Required<LedgerRow>, (value: unknown) => boolean>> = {
  sequence: isUint32,
  hash: isHash,
  previous_hash: isHash,
  closed_at: isTime,
  protocol_version: isUint32,
  network_id: isHash,
  transaction_count: isUint32,
  successful_transaction_count: isUint32,
  failed_transaction_count: isUint32,
  operation_count: isUint32,
  soroban_transaction_count: isUint32,
  total_coins: isInt64,
  fee_pool: isInt64,
  total_fees: isInt64,
  base_fee: isUint32,
  base_reserve: isUint32,
  max_tx_set_size: isUint32,
  event_count: (value) => value === undefined || isUint32(value),
};

const CHECKS = Object.entries(ROW_FIELDS);

function faultOfRow(row: unknown): string | undefined {
  if (!isObject(row)) return "that is not an object";
  for (const [name, holds] of CHECKS) {
    if (!holds(row[name])) return `whose "${name}" is ${shown(row[name])}`;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isUint32(value: unknown): boolean {
  return Number.isInteger(value) && value as number >= 0 && value as number <= MAX_UINT32;
}

/** A value as it is put into a sentence, short whatever the peer sent. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 80);
}

function badMetadata(code: FlightErrorCode, fault: string, cause?: unknown): FlightError {
  return new FlightError(
    code,
    'The app_metadata of a batch must be JSON with ledger numbers "first_ledger", "last_ledger" ' +
      `and "tip": ${fault}.`,
    { cause },
  );
}

function metadataOfRows(batch: RecordBatch): BatchMetadata {
  const column = batch.getChild("ledger_sequence") ?? batch.getChild("sequence");
  let first = 0;
  let last = 0;
  if (column !== null && DataType.isInt(column.type) && column.length > 0) {
    first = Infinity;
    for (const value of column) {
      first = Math.min(first, Number(value));
      last = Math.max(last, Number(value));
    }
  }
  return { first_ledger: first, last_ledger: last, tip: last };
}

/** Ledgers that a batch completes: one that comes in parts counts with its last one. */
export function ledgersIn({ first_ledger, last_ledger, partial }: BatchMetadata): number {
  return partial === true ? 0 : last_ledger - first_ledger + 1;
}
