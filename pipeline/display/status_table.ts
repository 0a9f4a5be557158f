import { dim, green, red, yellow } from "@std/fmt/colors";
import {
  count,
  duration,
  NOTHING,
  rate,
  type TextColumn,
  textTable,
} from "../../flowctl/command/mod.ts";

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

const COLUMNS: readonly TextColumn[] = [
  { head: "component" },
  { head: "pid", isNumber: true },
  { head: "state", paint: (state) => (COLOURS[state.trim()] ?? dim)(state) },
  { head: "uptime", isNumber: true },
  { head: "restarts", isNumber: true },
  { head: "ports" },
  { head: "ledger", isNumber: true },
  { head: "lag", isNumber: true },
  { head: "events/s", isNumber: true },
  { head: "memory", isNumber: true },
];

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

/** Components as a table for people, with what is wrong below it. */
export function statusTable(rows: readonly StatusRow[], colour: boolean): string[] {
  return [
    ...textTable(COLUMNS, rows.map(cellsOf), colour),
    ...rows.filter(({ reason }) => reason !== null).map(({ name, reason, state }) => {
      const when = state === "healthy" ? "earlier: " : "";
      return `${name}: ${when}${reason}`;
    }),
  ];
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
