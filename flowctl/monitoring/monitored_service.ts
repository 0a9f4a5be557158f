import type { HealthPool } from "../component/mod.ts";
import { figure, type ServiceMetrics, serviceMetrics } from "../metrics/mod.ts";
import type { Service, ServiceStatus, ServiceType } from "../service/mod.ts";

/** What a service tells of its work; `undefined` where it does not, or tells nonsense. */
export interface MonitoredFigures extends ServiceMetrics {
  /** Part of the pace that is let through, from 0.05 to 1. */
  readonly throttleRate: number | undefined;
  /** Whether it asks for less than comes, or a consumer of it does. */
  readonly backpressureActive: boolean | undefined;
  /** What it has in hand. */
  readonly inflight: number | undefined;
  /** Most that it may have in hand. */
  readonly maxInflight: number | undefined;
  /** Last ledger reached. */
  readonly lastLedger: number | undefined;
  /** Ledgers between that and the newest one known upstream. */
  readonly ledgersBehindTip: number | undefined;
  /** Time since the last ledger that it has reached was closed. */
  readonly lagSeconds: number | undefined;
  /** Time since its last commit, or since its start before the first; of a service that commits. */
  readonly commitAgeSeconds: number | undefined;
  /** What could not be used. */
  readonly errorsTotal: number | undefined;
  /** Events reached; of a source its ledgers. */
  readonly eventsTotal: number | undefined;
  /** Memory of its process. */
  readonly memoryBytes: number | undefined;
  /** Time since its process began. */
  readonly uptimeSeconds: number | undefined;
}

/** A service as the monitor sees it, wherever that comes from. */
export interface MonitoredService {
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  readonly type: ServiceType;
  readonly status: ServiceStatus;
  /** Where it serves; empty where it serves nothing. */
  readonly endpoint: string;
  /** URL of its `/health`, where it is known. */
  readonly healthEndpoint?: string;
  readonly inputEventTypes: readonly string[];
  readonly outputEventTypes: readonly string[];
  /** Whether it reads from, or serves, somebody who need not be among the services. */
  readonly readsElsewhere?: boolean;
  readonly servesElsewhere?: boolean;
  /** Whether it has not been heard of for too long; absent where only the control plane knows. */
  readonly expired?: boolean;
  /** Whether it was asked itself and gave no answer; absent where it was not asked. */
  readonly isSilent?: boolean;
  /** Time since it was heard of; null where it sends no heartbeats. */
  readonly lastHeartbeatAgeMs: number | null;
  /** Time between its heartbeats, where it tells that. */
  readonly heartbeatIntervalMs?: number;
  readonly figures: MonitoredFigures;
  /** Its connections to its peers, where it tells of them. */
  readonly pool?: HealthPool;
}

/** A service as a control plane knows it; a client is not told whether it has expired. */
export type KnownService = Omit<Service, "expired"> & Partial<Pick<Service, "expired">>;

/**
 * A service as its heartbeats tell it.
 *
 * @param now in milliseconds since 1970
 */
export function monitoredService(service: KnownService, now: number): MonitoredService {
  const { metrics, metadata, expired, lastHeartbeatAt } = service;
  const health = metadata.health_endpoint;
  const pool = poolOf(metrics);
  const heartbeatSeconds = figure(metadata.heartbeat_interval_seconds) ?? 0;
  return {
    id: service.id,
    name: service.name,
    type: service.type,
    status: service.status,
    endpoint: service.endpoint,
    ...(health === undefined || health === "" ? {} : { healthEndpoint: health }),
    inputEventTypes: service.inputEventTypes,
    outputEventTypes: service.outputEventTypes,
    ...(expired === undefined ? {} : { expired }),
    lastHeartbeatAgeMs: lastHeartbeatAt === 0 ? null : Math.max(0, now - lastHeartbeatAt),
    ...(heartbeatSeconds > 0 ? { heartbeatIntervalMs: heartbeatSeconds * 1000 } : {}),
    figures: figuresOf(service),
    ...(pool === undefined ? {} : { pool }),
  };
}

function figuresOf(service: KnownService): MonitoredFigures {
  const { metrics, maxInflight } = service;
  const backpressure = figure(metrics.backpressure_active);
  return {
    ...serviceMetrics(service),
    throttleRate: figure(metrics.throttle_rate),
    backpressureActive: backpressure === undefined ? undefined : backpressure > 0,
    inflight: figure(metrics.inflight),
    maxInflight: figure(metrics.max_inflight) ?? (maxInflight > 0 ? maxInflight : undefined),
    lastLedger: figure(metrics.last_ledger),
    ledgersBehindTip: figure(metrics.ledgers_behind_tip),
    lagSeconds: figure(metrics.lag_seconds),
    commitAgeSeconds: figure(metrics.commit_age_seconds),
    errorsTotal: figure(metrics.errors_total),
    eventsTotal: figure(metrics.events_processed_total),
    memoryBytes: figure(metrics.memory_bytes),
    uptimeSeconds: figure(metrics.uptime_seconds),
  };
}

/** A pool is known by how many connections it has, and how many of them are healthy. */
function poolOf(metrics: Service["metrics"]): HealthPool | undefined {
  const [total, healthy] = [figure(metrics.pool_total), figure(metrics.pool_healthy)];
  if (total === undefined || healthy === undefined) return undefined;
  const idle = figure(metrics.pool_idle) ?? 0;
  const waiting = figure(metrics.pool_waiting) ?? 0;
  const busy = figure(metrics.pool_busy) ?? Math.max(0, total - idle);
  return { total, healthy, idle, busy, waiting };
}
