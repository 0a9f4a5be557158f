import { count, duration, milliseconds, percent, rate } from "../../figures/mod.ts";

/** What stands where a figure is not told. */
export const UNKNOWN = "–";

/** How a figure is written. */
export type FigureKind =
  | "rate"
  | "part"
  | "milliseconds"
  | "count"
  | "bytes"
  | "seconds"
  | "age"
  | "ledger";

const WRITERS: Readonly<Record<FigureKind, (value: number) => string>> = {
  rate: (value) => `${rate(value)}/s`,
  part: percent,
  milliseconds,
  count,
  bytes: bytesText,
  seconds: duration,
  age: (ms) => duration(ms / 1_000),
  // A ledger is known by its number as it stands in explorers, without commas.
  ledger: (value) => String(value),
};

/** A figure for people, in the same words as on the command line. */
export function figureText(value: number | null | undefined, kind: FigureKind): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? UNKNOWN
    : WRITERS[kind](value);
}

/** Memory: `512 KiB`, `81 MiB`, `1.2 GiB`. */
function bytesText(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let size = value;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  const text = size < 10 && unit > 0 ? size.toFixed(1) : count(size);
  return `${text} ${units[unit]}`;
}

/** A status or type in small letters, as sentences have it. */
export function word(name: string): string {
  return name.toLowerCase();
}

/** The last part of an event type's name: what tells it from the others. */
export function shortEventType(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1) || name;
}

/** The time of day of a moment, in the reader's time zone. */
export function clockText(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString("en-GB");
}

/** What a service counts: a source its ledgers, all others events. */
export function eventNoun(type: string): string {
  return type === "SOURCE" ? "ledgers" : "events";
}
