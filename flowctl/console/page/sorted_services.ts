import type { ServiceJson } from "./api_types.ts";

/** What the table can be sorted by. */
export const SORT_KEYS = [
  "id",
  "type",
  "status",
  "events_per_second",
  "load_ratio",
  "latency_ms",
  "queue_depth",
  "error_rate",
  "ledgers_behind_tip",
  "last_heartbeat_age_ms",
] as const;

/** One of {@linkcode SORT_KEYS}. */
export type SortKey = typeof SORT_KEYS[number];

/** The order of the table; `undefined` is that of the control plane. */
export type Sorting = { readonly by: SortKey; readonly descending: boolean } | undefined;

/** The orders that a heading goes through, one a press: largest first, smallest first, none. */
export function nextSorting(now: Sorting, by: SortKey): Sorting {
  // Words are looked for from A on, figures from the largest on.
  const first = !["id", "type", "status"].includes(by);
  if (now?.by !== by) return { by, descending: first };
  return now.descending === first ? { by, descending: !first } : undefined;
}

/** The services that have the words of a filter in their id, type or status, in an order. */
export function sortedServices(
  services: readonly ServiceJson[],
  sorting: Sorting,
  filter = "",
): ServiceJson[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = services.filter(({ id, name, type, status }) => {
    const text = `${id} ${name} ${type} ${status}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (sorting === undefined) return found;
  const { by, descending } = sorting;
  return found.toSorted((a, b) => compare(a[by], b[by], descending));
}

type Value = string | number | null;

/** What is not known stands last, whichever way. */
function compare(a: Value, b: Value, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}
