import { type CommandContext, type CommandLine, EXIT, has, showOrWatch } from "../command/mod.ts";
import {
  type ControlPlaneClient,
  ControlPlaneError,
  type ControlPlaneProtocol,
  type ListedService,
} from "../controller/mod.ts";
import { openConnection } from "./connection.ts";

/** What a control plane has answered. */
export interface SeenServices {
  /** Whom was asked. */
  readonly endpoint: string;
  /** By which protocol it answered. */
  readonly protocol: ControlPlaneProtocol;
  /** All services, those that do not work too. */
  readonly services: readonly ListedService[];
  /** When, in milliseconds since 1970. */
  readonly now: number;
}

/** What a command makes of an answer. */
export interface Shown {
  readonly text: string;
  /** Exit code, where the command shows this once. */
  readonly code: number;
}

/** Failures that a control plane's restart explains: a watch outlasts them. */
const PASSING: readonly string[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED"];

/**
 * Asks for all services and shows what a command makes of them, once or until it is asked to end.
 * A watch whose first look went well goes on while the control plane is away, and says so.
 *
 * @returns the exit code
 * @throws {ControlPlaneError} for a control plane that gives no answer
 */
export async function showServices(
  line: CommandLine,
  context: CommandContext,
  show: (seen: SeenServices) => Shown,
): Promise<number> {
  const { endpoint, client } = await openConnection(line, context);
  let shown: Shown | undefined;
  try {
    await showOrWatch(line, context, async () => {
      try {
        shown = show(await look(endpoint, client, context.signal));
        return shown.text;
      } catch (error) {
        if (shown === undefined || !isPassing(error)) throw error;
        return has(line, "json") ? JSON.stringify({ error: error.message }) : error.message;
      }
    });
  } finally {
    client.close();
  }
  return has(line, "watch") || shown === undefined ? EXIT.ok : shown.code;
}

async function look(
  endpoint: string,
  client: ControlPlaneClient,
  signal: AbortSignal,
): Promise<SeenServices> {
  const services = await client.list(undefined, signal);
  // An answer has shown which protocol it is.
  return { endpoint, protocol: client.protocol!, services, now: Date.now() };
}

function isPassing(error: unknown): error is ControlPlaneError {
  return error instanceof ControlPlaneError && PASSING.includes(error.code);
}

/** The protocol by its name on the wire. */
export function protocolName(protocol: ControlPlaneProtocol): string {
  return protocol === "v1" ? "flowctl.v1" : "flowctl, the older protocol";
}

/** Says that there is nothing to show. */
export function noServices({ endpoint }: SeenServices): Shown {
  return { text: `no service is registered at ${endpoint}`, code: EXIT.nothing };
}
