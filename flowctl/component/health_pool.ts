/** Why an endpoint was left, and reached again later. */
export const RECONNECTION_REASONS = ["connect_failed", "check_failed", "call_failed"] as const;
/** One of {@linkcode RECONNECTION_REASONS}. */
export type ReconnectionReason = typeof RECONNECTION_REASONS[number];

/** Connections, as they are now. */
export interface PoolConnections {
  /** Open ones, and those that are being opened. */
  readonly total: number;
  /** Those that may be given out. */
  readonly healthy: number;
  /** Those that have no work. */
  readonly idle: number;
  /** Those that have. */
  readonly busy: number;
}

/** Connections to one endpoint. */
export interface PoolEndpointConnections extends PoolConnections {
  /** Its `host:port`. */
  readonly endpoint: string;
}

/** The connections that a component keeps to its peers. */
export interface HealthPool extends PoolConnections {
  /** Pieces of work that wait for one. */
  readonly waiting: number;
  /** Times that an endpoint was reached again, by how it had failed; absent where that is not counted. */
  readonly reconnects?: Readonly<Record<ReconnectionReason, number>>;
  /** By endpoint; absent where that is not known. */
  readonly endpoints?: readonly PoolEndpointConnections[];
}

/** What is read of a pool's own statistics. */
export interface PoolFigures extends PoolConnections {
  readonly waiting: number;
  readonly reconnectsBy: Readonly<Record<ReconnectionReason, number>>;
  readonly endpoints: readonly PoolEndpointConnections[];
}

/** A pool's statistics as `/health` tells them. */
export function healthPool(stats: PoolFigures): HealthPool {
  const { total, healthy, idle, busy, waiting, reconnectsBy, endpoints } = stats;
  return {
    total,
    healthy,
    idle,
    busy,
    waiting,
    reconnects: { ...reconnectsBy },
    endpoints: endpoints.map((each) => ({
      endpoint: each.endpoint,
      total: each.total,
      healthy: each.healthy,
      idle: each.idle,
      busy: each.busy,
    })),
  };
}
