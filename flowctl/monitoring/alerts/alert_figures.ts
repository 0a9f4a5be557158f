import type { MonitoredService } from "../monitored_service.ts";

/** What a figure of a rule is read with. */
export interface FigureContext {
  /** How long the alerts have looked at services, in milliseconds. */
  readonly watchedMs: number;
  /** Heartbeat interval of services that do not tell theirs, in milliseconds. */
  readonly heartbeatMs: number;
}

/** How a value is written for people. */
export type AlertUnit = "ratio" | "seconds" | "number";

/** Where Prometheus finds a figure: in a metric, or in one divided by another. */
export interface PrometheusFigure {
  /** Names of the metric; each component has its own name for some. */
  readonly metrics: readonly string[];
  /** Divides it, where it is above zero. */
  readonly dividedBy?: string;
  /** Labels that tell services apart; the first one names the service. */
  readonly by: readonly string[];
}

/** A figure that rules may look at. */
export interface AlertFigure {
  /** How its values are written. */
  readonly unit: AlertUnit;
  /** The value of a service now; `undefined` where it is not known. */
  readonly read: (service: MonitoredService, context: FigureContext) => number | undefined;
  /** Where Prometheus finds the same. */
  readonly prometheus: PrometheusFigure;
}

/** Shown by the control plane for each service, and by components that show it of themselves. */
const SERVICE = ["service_id"] as const;
/** Shown by a component of itself alone. */
const SCRAPED = ["job", "instance"] as const;

const LAG = [
  "stellar_arrow_source_lag_ledgers",
  "ttp_arrow_processor_lag_ledgers",
  "arrow_analytics_sink_lag_ledgers",
] as const;

/** All figures that rules may look at, by their names there. */
export const ALERT_FIGURES = {
  load_ratio: {
    unit: "ratio",
    read: ({ figures }) => figures.loadRatio,
    prometheus: { metrics: ["flowctl_service_load_ratio"], by: SERVICE },
  },
  backpressure_active: {
    unit: "number",
    read: ({ figures: { backpressureActive } }) =>
      backpressureActive === undefined ? undefined : Number(backpressureActive),
    prometheus: { metrics: ["flowctl_backpressure_active"], by: SERVICE },
  },
  queue_depth: {
    unit: "number",
    read: ({ figures }) => figures.queueDepth,
    prometheus: { metrics: ["flowctl_service_queue_depth"], by: SERVICE },
  },
  throttle_rate: {
    unit: "ratio",
    read: ({ figures }) => figures.throttleRate,
    prometheus: { metrics: ["flowctl_throttle_rate"], by: SERVICE },
  },
  throughput: {
    unit: "number",
    read: ({ figures }) => figures.eventsPerSecond,
    prometheus: { metrics: ["flowctl_service_throughput"], by: SERVICE },
  },
  pool_healthy_ratio: {
    unit: "ratio",
    read: ({ pool }) =>
      pool === undefined || pool.total === 0 ? undefined : pool.healthy / pool.total,
    prometheus: {
      metrics: ["flowctl_pool_healthy_connections"],
      dividedBy: "flowctl_pool_total_connections",
      by: [...SCRAPED, "endpoint"],
    },
  },
  heartbeats_missed: {
    unit: "number",
    // What was before the first look says nothing: a control plane that was away heard of nobody.
    read: ({ lastHeartbeatAgeMs: age, heartbeatIntervalMs }, { watchedMs, heartbeatMs }) =>
      age === null ? undefined : Math.min(age, watchedMs) / (heartbeatIntervalMs ?? heartbeatMs),
    prometheus: { metrics: ["flowctl_service_heartbeats_missed"], by: SERVICE },
  },
  ledgers_behind_tip: {
    unit: "number",
    read: ({ figures }) => figures.ledgersBehindTip,
    prometheus: { metrics: LAG, by: SCRAPED },
  },
  commit_age_seconds: {
    unit: "seconds",
    read: ({ figures }) => figures.commitAgeSeconds,
    prometheus: { metrics: ["arrow_analytics_sink_last_commit_age_seconds"], by: SCRAPED },
  },
} as const satisfies Readonly<Record<string, AlertFigure>>;

/** One of {@linkcode ALERT_FIGURES}. */
export type AlertFigureName = keyof typeof ALERT_FIGURES;

/** Names of all figures. */
export const ALERT_FIGURE_NAMES = Object.keys(ALERT_FIGURES) as readonly AlertFigureName[];

/** A figure by its name. */
export function alertFigure(name: AlertFigureName): AlertFigure {
  return ALERT_FIGURES[name];
}

/** Figures that a service tells in its heartbeats, so that they are old once those are missed. */
export function isTold(name: AlertFigureName): boolean {
  return name !== "heartbeats_missed";
}
