/**
 * Connections to endpoints that serve the same, kept, checked and given out fairly. Generic: what a
 * connection is, how it is made and how it is checked is passed in.
 *
 * @module
 */
export { ConnectionPool } from "./connection_pool.ts";
export type { EndpointWish } from "./endpoint_choice.ts";
export type { Lease } from "./lease.ts";
export { PoolError, type PoolErrorCode, PoolStoppedError, PoolTimeoutError } from "./pool_error.ts";
export type { PoolEvent } from "./pool_event.ts";
export {
  type ConnectionPoolOptions,
  type LoadBalancing,
  type Poolable,
  type PoolLimits,
  poolOptionsOf,
} from "./pool_options.ts";
export type {
  ConnectionCounts,
  EndpointState,
  EndpointStats,
  FailureReason,
  PoolStats,
} from "./pool_stats.ts";
