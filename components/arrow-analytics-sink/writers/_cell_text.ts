import { type FieldType, FixedWidthColumn, FlagColumn, type RowColumn } from "../rows/mod.ts";

/**
 * A value that is not text as people and other programs read it: integers exact to the last digit,
 * times as ISO 8601 in UTC.
 */
export function cellText(type: FieldType, column: RowColumn, row: number): string {
  if (column instanceof FlagColumn) return String(column.flagAt(row));
  const fixed = column as FixedWidthColumn;
  switch (type) {
    case "long":
      return integerText(fixed, row);
    case "timestamp":
      return timeText(fixed.int64At(row));
    case "double":
      return String(fixed.doubleAt(row));
    case "decimal(38,0)":
      return String(fixed.decimalAt(row));
    default:
      return String(fixed.words[row]);
  }
}

function integerText(column: FixedWidthColumn, row: number): string {
  // The common case without a BigInt: a high word of 21 bits keeps the number below 2^53.
  const high = column.words[2 * row + 1]!;
  return high >= 0 && high < 0x20_0000 ? String(column.numberAt(row)) : String(column.int64At(row));
}

/** Microseconds as ISO 8601: whole seconds where they are whole, as those of ledgers are. */
export function timeText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19);
  if (fraction === 0n) return `${seconds}Z`;
  return `${seconds}.${String(fraction).padStart(6, "0")}Z`;
}
