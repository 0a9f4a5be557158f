import { assertEquals, assertMatch } from "@std/assert";
import { type StatusRow, statusTable } from "./status_table.ts";

const ROW: StatusRow = {
  name: "source",
  pid: 4711,
  state: "healthy",
  uptime_seconds: 125,
  restarts: 0,
  ports: { flight: 8815, health: 8088 },
  ledger: 53312000,
  lag_ledgers: 3,
  events_per_second: null,
  rss_bytes: 200 * 2 ** 20,
  reason: null,
};

Deno.test("the table has a line for each component and a dash for what is not known", () => {
  const stopped = { ...ROW, name: "sink", pid: null, state: "restarting", uptime_seconds: null };
  const lines = statusTable(
    [ROW, { ...stopped, ports: {}, reason: "was ended by SIGKILL" }],
    false,
  );
  assertEquals(lines, [
    "component   pid  state       uptime  restarts  ports                         ledger  lag  events/s   memory",
    "source     4711  healthy      2m 5s         0  flight 8815, health 8088  53,312,000    3         –  200 MiB",
    "sink          –  restarting       –         0  –                         53,312,000    3         –  200 MiB",
    "sink: was ended by SIGKILL",
  ]);
});

Deno.test("what went wrong before a component was healthy again is told as earlier", () => {
  const lines = statusTable([{ ...ROW, reason: "failed with exit code 1" }], false);
  assertEquals(lines.at(-1), "source: earlier: failed with exit code 1");
});

Deno.test("states have colours on a terminal", () => {
  // deno-lint-ignore no-control-regex -- escape sequences are what is looked for
  assertMatch(statusTable([ROW], true)[1]!, /\x1b\[32mhealthy/);
});
