import {
  type HealthPool,
  RECONNECTION_REASONS,
  type ReconnectionReason,
} from "../component/mod.ts";

/** Endpoints of a pool that heartbeats tell of: the metrics of a service are bounded in bytes. */
export const MAX_TOLD_ENDPOINTS = 16;

/** What is told of each endpoint, as `pool_total/HOST:PORT`. */
const ENDPOINT_FIGURES = ["total", "healthy", "idle", "busy"] as const;

/** Connections of a service to one endpoint, as its heartbeats tell them. */
export interface ToldEndpoint {
  readonly endpoint: string;
  total: number;
  healthy: number;
  idle: number;
  busy: number;
}

/** What a service's heartbeats tell of its pool. */
export interface ToldPool {
  readonly endpoints: readonly ToldEndpoint[];
  readonly reconnects: ReadonlyMap<ReconnectionReason, number>;
}

/** A pool as figures of a heartbeat, by their names on the wire. */
export function poolFigures(pool: HealthPool): Record<string, number> {
  const figures: Record<string, number> = {
    pool_total: pool.total,
    pool_healthy: pool.healthy,
    pool_idle: pool.idle,
    pool_busy: pool.busy,
    pool_waiting: pool.waiting,
  };
  for (const endpoint of (pool.endpoints ?? []).slice(0, MAX_TOLD_ENDPOINTS)) {
    for (const name of ENDPOINT_FIGURES) {
      figures[`pool_${name}/${endpoint.endpoint}`] = endpoint[name];
    }
  }
  for (const reason of RECONNECTION_REASONS) {
    const count = pool.reconnects?.[reason];
    if (count !== undefined) figures[`reconnects_total/${reason}`] = count;
  }
  return figures;
}

/** What heartbeats tell of a pool, by endpoint and by reason; undefined where they tell nothing. */
export function toldPool(metrics: Readonly<Record<string, string>>): ToldPool | undefined {
  if (metrics.pool_total === undefined) return undefined;
  const endpoints = new Map<string, ToldEndpoint>();
  const reconnects = new Map<ReconnectionReason, number>();
  for (const [name, text] of Object.entries(metrics)) {
    const slash = name.indexOf("/");
    const value = Number(text);
    if (slash < 0 || !Number.isFinite(value) || value < 0) continue;
    const [what, of] = [name.slice(0, slash), name.slice(slash + 1)];
    const reason = RECONNECTION_REASONS.find((each) => each === of);
    if (what === "reconnects_total" && reason !== undefined) reconnects.set(reason, value);
    const figure = ENDPOINT_FIGURES.find((each) => what === `pool_${each}`);
    if (figure === undefined) continue;
    let told = endpoints.get(of);
    if (told === undefined) {
      if (endpoints.size === MAX_TOLD_ENDPOINTS) continue;
      endpoints.set(of, told = { endpoint: of, total: 0, healthy: 0, idle: 0, busy: 0 });
    }
    told[figure] = value;
  }
  return { endpoints: [...endpoints.values()], reconnects };
}
