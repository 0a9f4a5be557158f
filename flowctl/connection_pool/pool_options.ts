import { type Clock } from "../component/mod.ts";
import type { ResolvedConfig } from "../config/mod.ts";
import {
  DEFAULT_CONNECT_TIMEOUT_MS,
  DEFAULT_HEALTH_CHECK_INTERVAL_MS,
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_MIN_CONNECTIONS,
} from "./limits.ts";
import { PoolError } from "./pool_error.ts";
import type { PoolEvent } from "./pool_event.ts";

/** Which of the endpoints that serve takes the next work: each in turn, or the least busy one. */
export type LoadBalancing = "round_robin" | "least_loaded";

/** What the variables CONNECTION_POOL_* say. */
export interface PoolLimits {
  /** Most connections over all endpoints; 10 by default. */
  readonly max?: number;
  /** Connections that are kept open over all endpoints; 2 by default, at most `max`. */
  readonly min?: number;
  /** Time without work after which those above `min` are closed; 5 minutes by default. */
  readonly idleTimeoutMs?: number;
  /** Time between two health checks of an endpoint; 30 s by default. */
  readonly healthCheckIntervalMs?: number;
  /** Longest wait for `check`; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** In turn by default. */
  readonly loadBalancing?: LoadBalancing;
}

/** What can be pooled. */
export interface Poolable {
  /** The `host:port` that it leads to. */
  readonly endpoint: string;
  /** Closes it. */
  close(): void;
}

/** What a pool is made of. */
export interface ConnectionPoolOptions<C extends Poolable> extends PoolLimits {
  /** Each `host:port`, the most wanted first. May be empty until `replaceEndpoints`. */
  readonly endpoints: readonly string[];
  /** Makes a connection, which may come about later; may throw. */
  readonly connect: (endpoint: string) => C;
  /**
   * Brings the connection about and asks whether the peer serves; rejects with why it does not. It
   * is asked of idle connections, which may be given out meanwhile.
   */
  readonly check: (connection: C, signal: AbortSignal) => Promise<void>;
  /** Longest wait of `acquire`; `connectTimeoutMs` by default. */
  readonly acquireTimeoutMs?: number;
  /** Time; the machine's by default. */
  readonly clock?: Clock;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Told what happens, after it has happened. */
  readonly onEvent?: (event: PoolEvent) => void;
  /** Why there is no endpoint, as a sentence, while there is none. */
  readonly emptyReason?: () => string;
}

/** The limits with their defaults. Throws PoolError INVALID_OPTIONS. */
export function resolveLimits(limits: PoolLimits): Required<PoolLimits> {
  const max = limits.max ?? DEFAULT_MAX_CONNECTIONS;
  const min = limits.min ?? Math.min(DEFAULT_MIN_CONNECTIONS, max);
  require(Number.isInteger(max) && max >= 1, `max must be a whole number from 1 on: ${max}`);
  require(
    Number.isInteger(min) && min >= 0 && min <= max,
    `min must be a whole number from 0 to max, which is ${max}: ${min}`,
  );
  const times = {
    idleTimeoutMs: limits.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
    healthCheckIntervalMs: limits.healthCheckIntervalMs ?? DEFAULT_HEALTH_CHECK_INTERVAL_MS,
    connectTimeoutMs: limits.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
  };
  for (const [name, ms] of Object.entries(times)) {
    require(ms > 0, `${name} must be above 0: ${ms}`);
  }
  return { max, min, ...times, loadBalancing: limits.loadBalancing ?? "round_robin" };
}

function require(holds: boolean, sentence: string): void {
  if (!holds) throw new PoolError("INVALID_OPTIONS", `Connection pool: ${sentence}.`);
}

/** What a component's configuration says of its pool. */
export function poolOptionsOf(config: ResolvedConfig): Required<PoolLimits> {
  return {
    max: config.integer("CONNECTION_POOL_MAX_CONNECTIONS"),
    min: config.integer("CONNECTION_POOL_MIN_CONNECTIONS"),
    idleTimeoutMs: config.durationMs("CONNECTION_POOL_IDLE_TIMEOUT"),
    healthCheckIntervalMs: config.durationMs("CONNECTION_POOL_HEALTH_CHECK_INTERVAL"),
    connectTimeoutMs: config.durationMs("CONNECTION_POOL_CONNECT_TIMEOUT"),
    loadBalancing: config.string("CONNECTION_POOL_LOAD_BALANCING") as LoadBalancing,
  };
}
