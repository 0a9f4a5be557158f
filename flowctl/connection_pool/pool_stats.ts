/**
 * How an endpoint stands: `untried` until its first connection, `gone` when it is no longer listed
 * and a connection to it is still in use.
 */
export type EndpointState = "untried" | "healthy" | "unhealthy" | "gone";

/** Why an endpoint was left: it did not connect, failed a health check, or failed whoever used it. */
export type FailureReason = "connect_failed" | "check_failed" | "call_failed";

/** Connections, as they are now. */
export interface ConnectionCounts {
  /** All of them: idle, busy, and those that are being opened. */
  readonly total: number;
  /** Those that may be given out again: open, to an endpoint that has not failed since. */
  readonly healthy: number;
  /** Those that wait for work. */
  readonly idle: number;
  /** Those that are given out. */
  readonly busy: number;
  /** Those that are being opened. */
  readonly opening: number;
  /** Times that a failed endpoint was reached again. */
  readonly reconnects: number;
}

/** One endpoint's figures. */
export interface EndpointStats extends ConnectionCounts {
  /** Its `host:port`. */
  readonly endpoint: string;
  /** How it stands. */
  readonly state: EndpointState;
  /** Why it does not serve, while it does not. */
  readonly lastError?: string;
}

/** A pool's figures. */
export interface PoolStats extends ConnectionCounts {
  /** Those that wait for a connection. */
  readonly waiting: number;
  /** Connections given out since the beginning. */
  readonly acquired: number;
  /** Waits that ended without one since the beginning. */
  readonly timeouts: number;
  /** Endpoints that have not failed, of those that have been tried. */
  readonly healthyEndpoints: number;
  /** Reconnects by what had happened. */
  readonly reconnectsBy: Readonly<Record<FailureReason, number>>;
  /** By endpoint, in order of preference, the ones that are gone last. */
  readonly endpoints: readonly EndpointStats[];
}
