import type { FlightAction } from "./flight_dataset.ts";
import type { FlightClient } from "./flight_client.ts";
import { FlightError } from "./flight_error.ts";

/** The action by which a consumer tells its load. */
export const FLOW_SIGNAL = "flow_signal";

/**
 * The action `flow_signal` of a server. `take` gets the body of each call; the sentence with which it
 * refuses one is told as INVALID_ARGUMENT. Nothing is answered, so that a consumer whose connection
 * is full of batches can tell its load all the same.
 */
export function flowSignalAction(take: (body: Uint8Array) => void): FlightAction {
  return {
    type: FLOW_SIGNAL,
    description: "A consumer tells its load, and the pace at which it wants ledgers.",
    run: (body) => {
      try {
        take(body);
        return Promise.resolve(undefined);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        return Promise.reject(new FlightError("INVALID_ARGUMENT", `${reason}.`, { cause }));
      }
    },
  };
}

/**
 * Tells a server the load of its consumer. Servers that know no such action need none: they are held
 * back by not being read. Throws FlightError for any other failure.
 */
export async function tellFlowSignal(
  client: Pick<FlightClient, "doAction">,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<"taken" | "unsupported"> {
  try {
    await client.doAction(FLOW_SIGNAL, body, signal);
    return "taken";
  } catch (error) {
    if (error instanceof FlightError && error.code === "UNIMPLEMENTED") return "unsupported";
    throw error;
  }
}
