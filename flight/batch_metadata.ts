import { DataType, type RecordBatch } from "apache-arrow";
import type { BatchMetadata } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";

/** Writes the `app_metadata` of a batch. */
export function encodeBatchMetadata(metadata: BatchMetadata): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(metadata));
}

/**
 * Reads the `app_metadata` of a batch. Where a peer sends none, the ledgers are taken from the
 * rows. Throws FlightError when it is not the JSON of the contract.
 */
export function decodeBatchMetadata(
  bytes: Uint8Array | undefined,
  batch: RecordBatch,
): BatchMetadata {
  if (bytes === undefined || bytes.length === 0) return metadataOfRows(batch);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw badMetadata("it is not JSON", cause);
  }
  if (typeof value !== "object" || value === null) throw badMetadata("it is not an object");
  const metadata = value as BatchMetadata;
  for (const name of ["first_ledger", "last_ledger", "tip"] as const) {
    if (!Number.isInteger(metadata[name])) {
      throw badMetadata(`its "${name}" is ${JSON.stringify(metadata[name]) ?? "missing"}`);
    }
  }
  return metadata;
}

function badMetadata(reason: string, cause?: unknown): FlightError {
  return new FlightError(
    "INVALID_ARGUMENT",
    'The app_metadata of a batch must be JSON with whole numbers "first_ledger", "last_ledger" ' +
      `and "tip": ${reason}.`,
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
