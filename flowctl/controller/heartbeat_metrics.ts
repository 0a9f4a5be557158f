/** The figures that a control plane knows of a service, by their names on the wire. */
export const HEARTBEAT_METRICS = [
  "events_processed_total",
  "events_per_second",
  "processing_latency_ms",
  "queue_depth",
  "inflight",
  "max_inflight",
  "load_ratio",
  "errors_total",
  "error_rate",
  "throttle_rate",
  "backpressure_active",
  "last_ledger",
  "ledgers_behind_tip",
  "lag_seconds",
  "commit_age_seconds",
  "pool_total",
  "pool_healthy",
  "pool_idle",
  "pool_busy",
  "pool_waiting",
  "uptime_seconds",
  "memory_bytes",
] as const;

/** One of {@linkcode HEARTBEAT_METRICS}. */
export type HeartbeatMetric = typeof HEARTBEAT_METRICS[number];

/**
 * Reads each figure when a heartbeat is due; `undefined` where it is not known. Other names than
 * those of {@linkcode HEARTBEAT_METRICS} are sent as well.
 */
export type MetricReaders =
  & Readonly<Partial<Record<HeartbeatMetric, () => number | undefined>>>
  & Readonly<Record<string, (() => number | undefined) | undefined>>;

/** The figures now. One that cannot be read is left out, and so is one that is no number. */
export function readMetrics(readers: MetricReaders): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [name, read] of Object.entries(readers)) {
    try {
      const value = read?.();
      if (value !== undefined && Number.isFinite(value)) metrics[name] = value;
    } catch {
      // The heartbeat says that the service is alive, which matters more than one figure.
    }
  }
  return metrics;
}
