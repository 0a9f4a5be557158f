import type { AlertJson, PipelineReport, SnapshotJson } from "./api_types.ts";

/** How the page is joined to the control plane. */
export type Connection = "connecting" | "live" | "lost" | "token";

/** What the page knows. */
export interface ConsoleState {
  readonly connection: Connection;
  /** Why the connection is as it is, for people; empty where there is nothing to say. */
  readonly reason: string;
  readonly snapshot: SnapshotJson | undefined;
  readonly report: PipelineReport | undefined;
  /** `undefined` until they are known, as all of these. */
  readonly alerts: readonly AlertJson[] | undefined;
  /** When the last snapshot came, by this machine's clock. */
  readonly lastUpdateMs: number | undefined;
  /** How often the page has been joined: charts are read anew each time. */
  readonly joins: number;
}

/** What happens to what the page knows. */
export type ConsoleAction =
  | { readonly what: "joined" }
  | { readonly what: "event"; readonly event: string; readonly data: string; readonly atMs: number }
  | { readonly what: "report"; readonly report: PipelineReport }
  | { readonly what: "alerts"; readonly alerts: readonly AlertJson[] }
  | { readonly what: "lost"; readonly reason: string }
  | { readonly what: "token needed"; readonly reason: string }
  | { readonly what: "token given" };

/** Nothing is known yet. */
export const INITIAL_STATE: ConsoleState = {
  connection: "connecting",
  reason: "",
  snapshot: undefined,
  report: undefined,
  alerts: undefined,
  lastUpdateMs: undefined,
  joins: 0,
};

/** What the page knows after something has happened; the state given is left as it is. */
export function consoleState(state: ConsoleState, action: ConsoleAction): ConsoleState {
  switch (action.what) {
    case "joined":
      return { ...state, connection: "live", reason: "", joins: state.joins + 1 };
    case "event":
      return afterEvent(state, action);
    case "report":
      return { ...state, report: action.report };
    case "alerts":
      return { ...state, alerts: action.alerts };
    case "lost":
      return { ...state, connection: "lost", reason: action.reason };
    case "token needed":
      // What was shown to whoever had the token before is not shown to whoever has none.
      return { ...INITIAL_STATE, joins: state.joins, connection: "token", reason: action.reason };
    case "token given":
      return { ...state, connection: "connecting", reason: "" };
  }
}

function afterEvent(
  state: ConsoleState,
  { event, data, atMs }: Extract<ConsoleAction, { what: "event" }>,
): ConsoleState {
  if (event !== "snapshot" && event !== "alert") return state;
  const value = parsed(data);
  if (event === "snapshot" && isSnapshot(value)) {
    return { ...state, snapshot: value, lastUpdateMs: atMs };
  }
  if (event === "alert" && isAlert(value)) {
    return { ...state, alerts: withAlert(state.alerts ?? [], value) };
  }
  return state;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // The next snapshot is whole again; until then what is shown stays.
    return undefined;
  }
}

// Only what all else is built on: the control plane that serves the page also serves the data.
function isSnapshot(value: unknown): value is SnapshotJson {
  const { services, edges, total, health } = (value ?? {}) as Partial<SnapshotJson>;
  return Array.isArray(services) && Array.isArray(edges) && total !== undefined &&
    health !== undefined;
}

function isAlert(value: unknown): value is AlertJson {
  const { rule, state, labels } = (value ?? {}) as Partial<AlertJson>;
  return typeof rule === "string" && typeof state === "string" && typeof labels === "object";
}

/** An alert takes the place of the one of its rule and labels. */
function withAlert(alerts: readonly AlertJson[], alert: AlertJson): AlertJson[] {
  const key = alertKey(alert);
  return sortedAlerts([...alerts.filter((each) => alertKey(each) !== key), alert]);
}

/** What tells an alert from the others. */
export function alertKey({ rule, labels }: AlertJson): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([rule, ...pairs]);
}

const STATE_ORDER = ["firing", "pending", "resolved"];
const SEVERITY_ORDER = ["critical", "warning", "info"];

/** Those that fire first, among them the gravest; then the newest. */
export function sortedAlerts(alerts: readonly AlertJson[]): AlertJson[] {
  const order = (all: readonly string[], value: string) => {
    const at = all.indexOf(value);
    return at === -1 ? all.length : at;
  };
  return alerts.toSorted((a, b) =>
    order(STATE_ORDER, a.state) - order(STATE_ORDER, b.state) ||
    order(SEVERITY_ORDER, a.severity) - order(SEVERITY_ORDER, b.severity) ||
    (a.since < b.since ? 1 : a.since > b.since ? -1 : 0)
  );
}

/** What a screen reader is told of alerts that have begun to fire, or do so no more. */
export function alertNews(
  before: readonly AlertJson[],
  after: readonly AlertJson[],
): string[] {
  const firing = (alerts: readonly AlertJson[]) =>
    new Map(
      alerts.filter(({ state }) => state === "firing").map((each) => [alertKey(each), each]),
    );
  const [was, is] = [firing(before), firing(after)];
  return [
    ...[...is].filter(([key]) => !was.has(key)).map(([, { summary }]) => `Alert: ${summary}`),
    ...[...was].filter(([key]) => !is.has(key)).map(([, { summary }]) => `Over: ${summary}`),
  ];
}
