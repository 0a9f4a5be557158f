import { isWorking } from "../service/mod.ts";
import type { MonitoredService } from "./monitored_service.ts";
import type { PipelineSnapshot } from "./pipeline_snapshot.ts";

/** The metrics that the history keeps, by their names in `/api/snapshot`. */
export const HISTORY_METRICS = [
  "events_per_second",
  "latency_ms",
  "load_ratio",
  "queue_depth",
  "error_rate",
  "throttle_rate",
  "backpressure_active",
  "inflight",
  "ledgers_behind_tip",
  "memory_bytes",
  "pool_healthy_ratio",
  "last_heartbeat_age_ms",
  "lag_seconds",
  "commit_age_seconds",
] as const;

/** One of {@linkcode HISTORY_METRICS}. */
export type HistoryMetric = typeof HISTORY_METRICS[number];

/** Whether there is a metric of this name. */
export function isHistoryMetric(name: string): name is HistoryMetric {
  return (HISTORY_METRICS as readonly string[]).includes(name);
}

/** Values of one look, in the order of the metrics; NaN where one is not known. */
export type HistoryValues = Float64Array;

const UNKNOWN = Number.NaN;

/** Writes what a service tells. The last figures of one that does not work say nothing of now. */
export function readService(service: MonitoredService, into: HistoryValues): void {
  const { figures, pool, lastHeartbeatAgeMs } = service;
  into.fill(UNKNOWN);
  into[11] = lastHeartbeatAgeMs ?? UNKNOWN;
  if (!isWorking(service)) return;
  const { backpressureActive } = figures;
  into[0] = figures.eventsPerSecond ?? UNKNOWN;
  into[1] = figures.latencyMs ?? UNKNOWN;
  into[2] = figures.loadRatio ?? UNKNOWN;
  into[3] = figures.queueDepth ?? UNKNOWN;
  into[4] = figures.errorRate ?? UNKNOWN;
  into[5] = figures.throttleRate ?? UNKNOWN;
  into[6] = backpressureActive === undefined ? UNKNOWN : Number(backpressureActive);
  into[7] = figures.inflight ?? UNKNOWN;
  into[8] = figures.ledgersBehindTip ?? UNKNOWN;
  into[9] = figures.memoryBytes ?? UNKNOWN;
  into[10] = pool === undefined || pool.total === 0 ? UNKNOWN : pool.healthy / pool.total;
  into[12] = figures.lagSeconds ?? UNKNOWN;
  into[13] = figures.commitAgeSeconds ?? UNKNOWN;
}

/** Writes what the services are together, where that makes sense. */
export function readTotal({ total }: PipelineSnapshot, into: HistoryValues): void {
  into.fill(UNKNOWN);
  into[0] = total.eventsPerSecond ?? UNKNOWN;
  into[1] = total.latencyMs?.value ?? UNKNOWN;
  into[2] = total.loadRatio?.value ?? UNKNOWN;
  into[3] = total.queueDepth ?? UNKNOWN;
  into[4] = total.errorRate?.value ?? UNKNOWN;
}
