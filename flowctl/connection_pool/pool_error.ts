import type { PoolStats } from "./pool_stats.ts";

/** What went wrong with a pool. */
export type PoolErrorCode =
  | "INVALID_OPTIONS"
  | "TIMEOUT"
  | "STOPPED"
  | "RELEASED_TWICE"
  | "NO_ANSWER";

/** A pool that is used wrongly, or that cannot give what it is asked for. */
export class PoolError extends Error {
  /** The class's name. */
  override readonly name: string = "PoolError";

  /** @param code for programs; the message is one sentence for people */
  constructor(readonly code: PoolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** No connection became free in time; says what all of them do. */
export class PoolTimeoutError extends PoolError {
  /** The class's name. */
  override readonly name = "PoolTimeoutError";

  /**
   * @param stats the pool at that moment
   * @param emptyReason why there is no endpoint, where there is none
   */
  constructor(
    readonly stats: PoolStats,
    bounds: { readonly timeoutMs: number; readonly max: number },
    emptyReason: string,
  ) {
    super("TIMEOUT", timeoutSentence(stats, bounds, emptyReason));
  }
}

/** The pool has been stopped, or was while somebody waited. */
export class PoolStoppedError extends PoolError {
  /** The class's name. */
  override readonly name = "PoolStoppedError";

  constructor() {
    super("STOPPED", "The connection pool is stopped: it gives no more connections.");
  }
}

function timeoutSentence(
  stats: PoolStats,
  { timeoutMs, max }: { readonly timeoutMs: number; readonly max: number },
  emptyReason: string,
): string {
  const late = `No connection within ${timeoutMs} ms`;
  const listed = stats.endpoints.filter(({ state }) => state !== "gone");
  if (listed.length === 0) return `${late}: ${emptyReason}`;
  const told = listed.map(({ endpoint, lastError }) =>
    lastError === undefined ? endpoint : `${endpoint} (${lastError})`
  ).join(", ");
  if (listed.every(({ state }) => state === "unhealthy")) {
    return `${late}: no endpoint serves, of ${told}.`;
  }
  const counts = `${stats.busy} busy, ${stats.healthy} healthy, ${stats.waiting} waiting`;
  if (stats.busy >= max) {
    return `${late}: all of CONNECTION_POOL_MAX_CONNECTIONS=${max} are in use (${counts}). ` +
      "Release them sooner, or allow more.";
  }
  return `${late}: none could be opened in time to ${told} (${counts}, at most ` +
    `CONNECTION_POOL_MAX_CONNECTIONS=${max}).`;
}
