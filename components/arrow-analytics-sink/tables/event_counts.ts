import type { TextColumn } from "../rows/mod.ts";

/** The five event types, in the order of their counts. */
export const EVENT_TYPES = ["transfer", "mint", "burn", "clawback", "fee"] as const;

const FIRST_BYTES = EVENT_TYPES.map((type) => type.charCodeAt(0));

/** Events counted by type. */
export type EventsByType = Record<(typeof EVENT_TYPES)[number], number>;

/** Counts of nothing. */
export function noEvents(): EventsByType {
  return { transfer: 0, mint: 0, burn: 0, clawback: 0, fee: 0 };
}

/** Adds the types of rows [start, end) of a column of event types. */
export function countEvents(
  counts: EventsByType,
  column: TextColumn,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    // The types differ in their first letter, so that no text is made.
    const type = EVENT_TYPES[FIRST_BYTES.indexOf(column.bytes[column.offsets[i]!]!)];
    if (type !== undefined) counts[type]++;
  }
}

/** Adds `more` to `counts`. */
export function addEvents(counts: EventsByType, more: Readonly<EventsByType>): void {
  for (const type of EVENT_TYPES) counts[type] += more[type];
}

/** Counts as a file's tag in the log. */
export function eventsTag(counts: Readonly<EventsByType>): string {
  return EVENT_TYPES.map((type) => `${type}=${counts[type]}`).join(",");
}

/** Counts of a file's tag; nothing when it has none. */
export function parseEventsTag(tag: string | undefined): EventsByType {
  const counts = noEvents();
  for (const type of EVENT_TYPES) {
    counts[type] = Number(new RegExp(`\\b${type}=(\\d+)`).exec(tag ?? "")?.[1] ?? 0);
  }
  return counts;
}
