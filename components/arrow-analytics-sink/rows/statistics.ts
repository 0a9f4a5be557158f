import { FixedWidthColumn } from "./fixed_width_column.ts";
import type { RowBatch } from "./row_batch.ts";
import type { RowColumn } from "./row_column.ts";
import type { FieldType } from "./table_schema.ts";
import { TextColumn } from "./text_column.ts";

/**
 * Longest text that goes into statistics. A longer minimum or maximum is left out, never cut: a
 * cut maximum would be too small and make readers skip rows.
 */
export const MAX_STATISTICS_TEXT_BYTES = 256;

/**
 * Delta's statistics of a file as JSON text. Integers are written as text from their exact value:
 * through a JS number, TOIDs and stroops beyond 2^53 would be rounded, and a reader that looks for
 * an exact value would skip the file that has it.
 */
export function statisticsJson(rows: RowBatch): string {
  const minimum: string[] = [];
  const maximum: string[] = [];
  const nulls: string[] = [];
  for (const [i, field] of rows.fields.entries()) {
    const column = rows.columns[i]!;
    const name = JSON.stringify(field.name);
    nulls.push(`${name}:${column.nullCount}`);
    const bounds = columnBounds(field.type, column);
    if (bounds === undefined) continue;
    minimum.push(`${name}:${bounds[0]}`);
    maximum.push(`${name}:${bounds[1]}`);
  }
  return `{"numRecords":${rows.rows},"minValues":{${minimum.join(",")}},` +
    `"maxValues":{${maximum.join(",")}},"nullCount":{${nulls.join(",")}}}`;
}

/** Statistics of a file whose format no reader prunes by. */
export function countStatisticsJson(rows: number): string {
  return `{"numRecords":${rows}}`;
}

/** Rows of a file by its statistics; 0 when they do not say. */
export function recordCount(statistics: string | undefined): number {
  return Number(/"numRecords":(\d+)/.exec(statistics ?? "")?.[1] ?? 0);
}

function columnBounds(type: FieldType, column: RowColumn): [string, string] | undefined {
  if (column.nullCount === column.length) return undefined;
  if (column instanceof TextColumn) return textBounds(column);
  if (!(column instanceof FixedWidthColumn)) return undefined;
  if (type === "long") return int64Bounds(column).map(String) as [string, string];
  if (type !== "timestamp") return undefined;
  const [low, high] = int64Bounds(column);
  // Delta keeps milliseconds: the lower bound is rounded down and the upper one up.
  return [isoMillis(floorDivide(low, 1000n)), isoMillis(-floorDivide(-high, 1000n))];
}

function int64Bounds(column: FixedWidthColumn): [bigint, bigint] {
  const { words, length } = column;
  let low = -1;
  let high = -1;
  for (let i = 0; i < length; i++) {
    if (column.nullCount > 0 && column.isNull(i)) continue;
    if (low < 0) low = high = i;
    else if (lessInt64(words, i, low)) low = i;
    else if (lessInt64(words, high, i)) high = i;
  }
  return [column.int64At(low), column.int64At(high)];
}

function lessInt64(words: Int32Array, a: number, b: number): boolean {
  const highA = words[2 * a + 1]!;
  const highB = words[2 * b + 1]!;
  return highA !== highB ? highA < highB : words[2 * a]! >>> 0 < words[2 * b]! >>> 0;
}

function textBounds(column: TextColumn): [string, string] | undefined {
  let low = -1;
  let high = -1;
  for (let i = 0; i < column.length; i++) {
    if (column.nullCount > 0 && column.isNull(i)) continue;
    if (low < 0) {
      low = high = i;
      continue;
    }
    // Against the maximum first: sorted columns, which share long beginnings, compare once.
    const order = compareText(column, i, high);
    if (order > 0) high = i;
    else if (order < 0 && compareText(column, i, low) < 0) low = i;
  }
  const { offsets } = column;
  for (const i of [low, high]) {
    if (offsets[i + 1]! - offsets[i]! > MAX_STATISTICS_TEXT_BYTES) return undefined;
  }
  return [JSON.stringify(column.textAt(low)), JSON.stringify(column.textAt(high))];
}

/** Order of UTF-8 bytes, which is the order of code points and that of Parquet and Delta. */
function compareText(column: TextColumn, a: number, b: number): number {
  const { bytes, offsets } = column;
  const startA = offsets[a]!;
  const startB = offsets[b]!;
  const sizeA = offsets[a + 1]! - startA;
  const sizeB = offsets[b + 1]! - startB;
  const shared = sizeA < sizeB ? sizeA : sizeB;
  for (let i = 0; i < shared; i++) {
    const difference = bytes[startA + i]! - bytes[startB + i]!;
    if (difference !== 0) return difference;
  }
  return sizeA - sizeB;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function isoMillis(millis: bigint): string {
  return JSON.stringify(new Date(Number(millis)).toISOString());
}
