import type { FlightClient } from "./flight_client.ts";
import { FlightError } from "./flight_error.ts";

/** The part of FlightClient that ranges are read with; tests have others. */
export type RangeClient = Pick<
  FlightClient,
  "endpoint" | "getSchema" | "getFlightInfo" | "doGet" | "doAction"
>;

/** Which of several servers is wanted. */
export interface EndpointWish {
  /** `preferred`: the first one that serves; `balanced` (the default): each in turn. */
  readonly order?: "balanced" | "preferred";
  /** One that is taken only where no other serves. */
  readonly avoid?: string;
}

/** A connection that is its holder's alone until it is given back, once. */
export interface RangeLease {
  readonly connection: RangeClient;
  readonly endpoint: string;
  /** Gives it back as good. */
  release(): void;
  /** Gives it back, and says that it or its server failed. */
  fail(error: unknown): void;
}

/** Connections to servers of the same datasets: what a RangeReader needs of a connection pool. */
export interface RangeClients {
  /** Waits for a connection; rejects when none becomes free in time, or with the signal's reason. */
  acquire(signal?: AbortSignal, wish?: EndpointWish): Promise<RangeLease>;
  /** A connection that is open to the endpoint, for a short call beside whoever else uses it. */
  pick(endpoint: string): RangeClient | undefined;
  /** How the servers stand, in order of preference. */
  stats(): {
    readonly endpoints: readonly { readonly endpoint: string; readonly state: string }[];
  };
}

/** Told when the work of one endpoint goes on at another. */
export type OnMove = (left: string, taken: string, error: Error) => void;

/** Time, as far as reading needs it. */
export interface RangeClock {
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** Calls back once, unless stopped. */
  setTimeout(callback: () => void, ms: number): { stop(): void };
}

/** The machine's own time. */
export const machineClock: RangeClock = {
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => {
    const id = setTimeout(callback, ms);
    return { stop: () => clearTimeout(id) };
  },
};

/** Endpoints that are asked: those that are known now. */
export function listedEndpoints(clients: RangeClients): string[] {
  return clients.stats().endpoints
    .filter(({ state }) => state !== "gone")
    .map(({ endpoint }) => endpoint);
}

/** Endpoints that have not failed. */
export function servingEndpoints(clients: RangeClients): string[] {
  return clients.stats().endpoints
    .filter(({ state }) => state !== "gone" && state !== "unhealthy")
    .map(({ endpoint }) => endpoint);
}

/**
 * A connection.
 *
 * @throws {FlightError} UNAVAILABLE when none becomes free, CANCELLED by the signal
 */
export async function acquireLease(
  clients: RangeClients,
  signal: AbortSignal | undefined,
  wish: EndpointWish,
): Promise<RangeLease> {
  try {
    return await clients.acquire(signal, wish);
  } catch (error) {
    if (signal?.aborted) throw cancelled(signal);
    if (error instanceof FlightError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new FlightError("UNAVAILABLE", text, { cause: error });
  }
}

/** Gives a connection back after a failed call, as what the failure says of its server. */
export function giveBack(lease: RangeLease, error: unknown): void {
  if (isFailure(error)) lease.fail(error);
  else lease.release();
}

/** Whether the server, and not what it was asked, is what failed. */
export function isFailure(error: unknown): error is FlightError {
  return isCurable(error) && error.code !== "RESOURCE_EXHAUSTED";
}

/** Whether another server, or the same one later, may answer. */
export function isCurable(error: unknown): error is FlightError {
  return error instanceof FlightError && error.isCurable;
}

/** What a caller is told whose signal has aborted. */
export function cancelled(signal: AbortSignal): FlightError {
  return new FlightError("CANCELLED", "The call was cancelled by its caller.", {
    cause: signal.reason,
  });
}
