import type { LedgerRow } from "../../../arrow/mod.ts";
import type { FixedWidthColumn } from "./fixed_width_column.ts";
import { RowsError } from "./from_arrow.ts";
import type { RowBatch } from "./row_batch.ts";
import type { TextColumn } from "./text_column.ts";

/** A hash in hex: 32 bytes. */
const HASH_HEX = /^[0-9a-f]{64}$/;
/** Times of ledgers are whole seconds, UTC. */
const CLOSE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?Z$/;
/** Integers of 64 bits as text. */
const INT64_TEXT = /^-?\d{1,19}$/;

/**
 * Appends one ledger's facts, which came as JSON from another process. `eventCount` are the events
 * that came with it: a row that counts its events itself must say the same. Throws RowsError naming
 * ledger and field.
 */
export function appendLedgerRow(rows: RowBatch, row: LedgerRow, eventCount: number): void {
  const facts: Record<string, unknown> = { event_count: eventCount, ...row };
  // Checked as a whole first, so that a bad row never leaves columns of unequal length.
  for (const field of rows.fields) check(row, field.name, field.type, facts[field.name]);
  if (facts["event_count"] !== eventCount) {
    throw new RowsError(
      `Ledger ${row.sequence} must have ${
        facts["event_count"]
      } events, as its "event_count" says: ` +
        `${eventCount} came.`,
    );
  }
  for (const [i, field] of rows.fields.entries()) {
    const value = facts[field.name] as string | number;
    const column = rows.columns[i]!;
    if (field.type === "string") (column as TextColumn).appendText(value as string);
    else if (field.type === "timestamp") {
      (column as FixedWidthColumn).appendInt64(BigInt(Date.parse(value as string)) * 1000n);
    } else (column as FixedWidthColumn).appendInt64(BigInt(value));
  }
}

function check(row: LedgerRow, name: string, type: string, value: unknown): void {
  const ok = type === "string"
    ? typeof value === "string" && HASH_HEX.test(value)
    : type === "timestamp"
    ? typeof value === "string" && CLOSE_TIME.test(value) && !Number.isNaN(Date.parse(value))
    : typeof value === "number"
    ? Number.isSafeInteger(value)
    : typeof value === "string" && INT64_TEXT.test(value) &&
      BigInt.asIntN(64, BigInt(value)) === BigInt(value);
  if (ok) return;
  const wanted = type === "string"
    ? "64 hex digits"
    : type === "timestamp"
    ? "an ISO 8601 time in UTC"
    : "an integer";
  throw new RowsError(
    `Field "${name}" of ledger ${row.sequence} must be ${wanted}: ${JSON.stringify(value)}.`,
  );
}
