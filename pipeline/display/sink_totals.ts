import type { Position } from "./progress.ts";

/** What the sink says of its tables, as its log has them, and of its own work. */
export interface SinkTotals extends Position {
  readonly eventsByType: Readonly<Record<string, number>>;
}

/** Tables that hold nothing. */
export const NO_TOTALS: SinkTotals = {
  cursor: undefined,
  tip: undefined,
  ledgers: 0,
  events: 0,
  files: 0,
  ledgersByRun: 0,
  eventsByRun: 0,
  eventsByType: {},
};

/**
 * Reads the details of the sink's health or of its last line; `undefined` when they are not those
 * of a sink.
 *
 * @param first the details when the run began; without them nothing counts as done by the run
 */
export function readSinkTotals(details: unknown, first?: unknown): SinkTotals | undefined {
  if (typeof details !== "object" || details === null) return undefined;
  const fields = details as Record<string, unknown>;
  if (typeof fields.ledgers_total !== "number") return undefined;
  const before = first === undefined ? fields : first as Record<string, unknown>;
  const byRun = (name: string) =>
    Math.max(0, wholeNumber(fields[name]) - wholeNumber(before[name]));
  const byType = Object.entries(fields.events_by_type ?? {})
    .filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return {
    cursor: typeof fields.cursor === "number" ? fields.cursor : undefined,
    tip: typeof fields.tip === "number" ? fields.tip : undefined,
    ledgers: fields.ledgers_total,
    events: wholeNumber(fields.events_total),
    files: wholeNumber(fields.files_total),
    ledgersByRun: byRun("ledgers_total"),
    eventsByRun: byRun("events_total"),
    eventsByType: Object.fromEntries(byType),
  };
}

function wholeNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
