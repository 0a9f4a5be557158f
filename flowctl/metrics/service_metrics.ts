import type { Service } from "../service/mod.ts";

/** What figures are read from. */
export type MeasuredService = Pick<Service, "id" | "type" | "status" | "metrics" | "maxInflight">;

/** The figures of one service; `undefined` where it does not tell one, or tells nonsense. */
export interface ServiceMetrics extends Pick<Service, "id" | "type" | "status"> {
  /** Events a second; of a source its ledgers, which are its events. */
  readonly eventsPerSecond: number | undefined;
  /** Time that it takes for its work, in milliseconds. */
  readonly latencyMs: number | undefined;
  /** Part of its limit that is in use: 1 is full. */
  readonly loadRatio: number | undefined;
  /** What waits in its queues. */
  readonly queueDepth: number | undefined;
  /** Part of its latest work that failed, from 0 to 1. */
  readonly errorRate: number | undefined;
}

/** The figures of a service as its last heartbeats told them; takes the same time for each service. */
export function serviceMetrics({
  id,
  type,
  status,
  metrics,
  maxInflight,
}: MeasuredService): ServiceMetrics {
  const errorRate = figure(metrics.error_rate);
  return {
    id,
    type,
    status,
    eventsPerSecond: figure(metrics.events_per_second),
    latencyMs: figure(metrics.processing_latency_ms),
    loadRatio: figure(metrics.load_ratio) ?? loadOfInflight(metrics, maxInflight),
    queueDepth: figure(metrics.queue_depth),
    errorRate: errorRate !== undefined && errorRate <= 1 ? errorRate : undefined,
  };
}

/** Services that tell no load may still tell what they have in hand, and how much that may be. */
function loadOfInflight(
  metrics: MeasuredService["metrics"],
  registered: number,
): number | undefined {
  const inflight = figure(metrics.inflight);
  const most = figure(metrics.max_inflight) ?? registered;
  return inflight === undefined || most === 0 ? undefined : inflight / most;
}

/** The number that a metric of a heartbeat is: it is text and may be any; no figure is below zero. */
export function figure(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
