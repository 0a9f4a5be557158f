import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { AlertJson, PipelineReport } from "./api_types.ts";
import {
  alertNews,
  type ConsoleAction,
  type ConsoleState,
  consoleState,
  INITIAL_STATE,
} from "./console_state.ts";

const SNAPSHOT = JSON.stringify({ services: [], edges: [], total: {}, health: {}, problems: [] });

const event = (name: string, data: string, atMs = 7): ConsoleAction => ({
  what: "event",
  event: name,
  data,
  atMs,
});

function alert(rule: string, fields: Partial<AlertJson> = {}): AlertJson {
  return {
    rule,
    severity: "warning",
    state: "firing",
    labels: { service_id: "a", service_type: "PROCESSOR" },
    advice: "",
    value: 1,
    threshold: 1,
    since: "2026-01-01T00:00:00.000Z",
    firing_since: null,
    resolved_at: null,
    summary: `${rule} is on`,
    ...fields,
  };
}

function after(...actions: ConsoleAction[]): ConsoleState {
  return actions.reduce(consoleState, INITIAL_STATE);
}

Deno.test("a snapshot is shown, with the time at which it came", () => {
  const state = after({ what: "joined" }, event("snapshot", SNAPSHOT, 42));
  assertEquals([state.connection, state.lastUpdateMs, state.joins], ["live", 42, 1]);
  assertEquals(state.snapshot, JSON.parse(SNAPSHOT));
});

Deno.test("what is lost keeps what was known, and says why", () => {
  const state = after({ what: "joined" }, event("snapshot", SNAPSHOT), {
    what: "lost",
    reason: "no answer",
  });
  assertEquals([state.connection, state.reason, state.lastUpdateMs], ["lost", "no answer", 7]);
  assert(state.snapshot !== undefined);
  const again = consoleState(state, { what: "joined" });
  assertEquals([again.connection, again.reason, again.joins], ["live", "", 2]);
});

Deno.test("where a token is needed nothing of before is shown", () => {
  const state = after(
    { what: "joined" },
    event("snapshot", SNAPSHOT),
    { what: "report", report: {} as PipelineReport },
    { what: "alerts", alerts: [alert("x")] },
    { what: "token needed", reason: "" },
  );
  assertEquals(state, { ...INITIAL_STATE, connection: "token", joins: 1 });
  assertEquals(consoleState(state, { what: "token given" }).connection, "connecting");
});

Deno.test("events that are unknown, cut or of another shape change nothing", () => {
  const state = after(event("snapshot", SNAPSHOT));
  const odd = [
    event("news", SNAPSHOT),
    event("snapshot", SNAPSHOT.slice(0, 9)),
    event("snapshot", "null"),
    event("snapshot", '{"services":1}'),
    event("alert", "{}"),
    event("alert", "[]"),
  ];
  for (const action of odd) assertStrictEquals(consoleState(state, action), state);
});

Deno.test("an alert takes the place of the same one, and those that fire stand first", () => {
  const rules = (state: ConsoleState) => state.alerts!.map(({ rule, state: how }) => [rule, how]);
  const state = after(
    { what: "alerts", alerts: [alert("old", { state: "resolved" })] },
    event("alert", JSON.stringify(alert("load", { state: "pending" }))),
    event("alert", JSON.stringify(alert("silent", { severity: "critical" }))),
    event("alert", JSON.stringify(alert("load"))),
  );
  assertEquals(rules(state), [["silent", "firing"], ["load", "firing"], ["old", "resolved"]]);
  const other = alert("load", {
    labels: { service_id: "b", service_type: "PROCESSOR" },
    state: "odd" as "firing",
  });
  assertEquals(
    rules(consoleState(state, event("alert", JSON.stringify(other)))).at(-1),
    ["load", "odd"],
  );
});

Deno.test("alerts that begin or cease to fire are told, others not", () => {
  const before = [alert("a"), alert("b"), alert("c", { state: "pending" })];
  const now = [alert("a"), alert("b", { state: "resolved" }), alert("c")];
  assertEquals(alertNews(before, now), ["Alert: c is on", "Over: b is on"]);
  assertEquals(alertNews(now, now), []);
});
