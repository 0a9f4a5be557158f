import { bold, dim, green, red, stripAnsiCode, yellow } from "@std/fmt/colors";
import { count, rate } from "./progress.ts";

/** The figures of one component that the table shows. */
export interface StatusRow {
  readonly name: string;
  readonly pid: number | null;
  readonly state: string;
  readonly uptime_seconds: number | null;
  readonly restarts: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly ledger: number | null;
  readonly lag_ledgers: number | null;
  readonly events_per_second: number | null;
  readonly rss_bytes: number | null;
  readonly reason: string | null;
}

const HEAD = [
  "component",
  "pid",
  "state",
  "uptime",
  "restarts",
  "ports",
  "ledger",
  "lag",
  "events/s",
  "memory",
];

/** Columns that hold numbers stand to the right. */
const RIGHT: ReadonlySet<string> = new Set([
  "pid",
  "uptime",
  "restarts",
  "ledger",
  "lag",
  "events/s",
  "memory",
]);

const COLOURS: Readonly<Record<string, (text: string) => string>> = {
  healthy: green,
  finished: green,
  degraded: yellow,
  starting: yellow,
  stopping: yellow,
  unhealthy: red,
  restarting: red,
  failed: red,
};

/** What stands where nothing is known. */
const NOTHING = "–";

/** Components as a table for people, with what is wrong below it. */
export function statusTable(rows: readonly StatusRow[], colour: boolean): string[] {
  const cells = rows.map(cellsOf);
  const widths = HEAD.map((head, at) =>
    Math.max(head.length, ...cells.map((row) => row[at]!.length))
  );
  const line = (row: readonly string[], paint: (text: string, at: number) => string) =>
    row.map((cell, at) => {
      const isRight = RIGHT.has(HEAD[at]!);
      return paint(isRight ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!), at);
    }).join("  ").trimEnd();
  const painted = [
    line(HEAD, (text) => bold(text)),
    ...cells.map((row) =>
      line(row, (text, at) => HEAD[at] === "state" ? (COLOURS[row[at]!] ?? dim)(text) : text)
    ),
    ...rows.filter(({ reason }) => reason !== null).map(({ name, reason, state }) => {
      const when = state === "healthy" ? "earlier: " : "";
      return `${name}: ${when}${reason}`;
    }),
  ];
  return colour ? painted : painted.map(stripAnsiCode);
}

function cellsOf(row: StatusRow): string[] {
  const ports = Object.entries(row.ports).map(([name, port]) => `${name} ${port}`).join(", ");
  return [
    row.name,
    row.pid === null ? NOTHING : String(row.pid),
    row.state,
    row.uptime_seconds === null ? NOTHING : duration(row.uptime_seconds),
    String(row.restarts),
    ports === "" ? NOTHING : ports,
    row.ledger === null ? NOTHING : count(row.ledger),
    row.lag_ledgers === null ? NOTHING : count(row.lag_ledgers),
    row.events_per_second === null ? NOTHING : rate(row.events_per_second),
    row.rss_bytes === null ? NOTHING : `${count(row.rss_bytes / 2 ** 20)} MiB`,
  ];
}

/** A time in its two largest units: `4s`, `2m 5s`, `3h 20m`, `12d 4h`. */
export function duration(seconds: number): string {
  const units: [string, number][] = [["d", 86_400], ["h", 3_600], ["m", 60], ["s", 1]];
  const parts: string[] = [];
  let rest = Math.floor(seconds);
  for (const [unit, size] of units) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0 || parts.length > 0 || unit === "s") parts.push(`${whole}${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}
