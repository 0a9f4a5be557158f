import { useEffect, useMemo, useReducer } from "preact/hooks";
import { ApiClient } from "./api_client.ts";
import type { AlertsJson, PipelineReport } from "./api_types.ts";
import {
  type ConsoleAction,
  type ConsoleState,
  consoleState,
  INITIAL_STATE,
} from "./console_state.ts";
import { keepToken, keptToken } from "./kept_choices.ts";
import { LatestOnly } from "./latest_only.ts";
import { type ConnectionTime, LiveConnection } from "./live_connection.ts";

/** What the page knows, and what it can ask for. */
export interface Console {
  readonly state: ConsoleState;
  readonly client: ApiClient;
  /** Uses a token from now on. */
  giveToken(token: string): void;
  /** Tries to join now. */
  retry(): void;
}

const TIME: ConnectionTime = {
  now: () => Date.now(),
  after: (ms, call) => {
    const id = setTimeout(call, ms);
    return () => clearTimeout(id);
  },
};

/** Follows the control plane that has served the page. */
export function useConsole(): Console {
  const [state, dispatch] = useReducer(consoleState, INITIAL_STATE);
  const { client, connection, extras } = useMemo(() => partsOf(dispatch), []);
  useEffect(() => {
    connection.start();
    return () => connection.stop();
  }, []);
  const { snapshot, joins } = state;
  // Report and alerts follow from a snapshot, so each is a reason to read them.
  useEffect(() => {
    if (snapshot !== undefined) void extras.ask();
  }, [snapshot, joins]);
  return {
    state,
    client,
    giveToken: (token) => {
      keepToken(() => sessionStorage, token);
      dispatch({ what: "token given" });
      connection.start();
    },
    retry: () => connection.start(),
  };
}

function partsOf(dispatch: (action: ConsoleAction) => void) {
  const client = new ApiClient(
    (url, init) => fetch(url, init),
    () => keptToken(() => sessionStorage),
  );
  const connection = new LiveConnection({ client, time: TIME, dispatch });
  return { client, connection, extras: new LatestOnly(() => readExtras(client, dispatch)) };
}

async function readExtras(
  client: ApiClient,
  dispatch: (action: ConsoleAction) => void,
): Promise<void> {
  const [report, alerts] = await Promise.allSettled([
    client.json<PipelineReport>("/api/health-report"),
    client.json<AlertsJson>("/api/alerts"),
  ]);
  // What cannot be read stays as it was: the stream says that the connection is lost.
  if (report.status === "fulfilled") dispatch({ what: "report", report: report.value });
  if (alerts.status === "fulfilled") dispatch({ what: "alerts", alerts: alerts.value.alerts });
}
