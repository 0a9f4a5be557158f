import {
  addDeclaredMetrics,
  type Clock,
  type ClockTimer,
  type HealthFlow,
  type HealthReport,
  type MetricsRegistry,
  oncePerTurn,
  type PoolEndpointConnections,
  RECONNECTION_REASONS,
  Throughput,
} from "../../component/mod.ts";
import type { ServiceType } from "../../service/mod.ts";
import { DEFAULT_PIPELINE, FLOWCTL_METRICS } from "./flowctl_metrics.ts";

/** What a component's own flowctl metrics are made from. */
export interface ServiceMetricsOptions {
  /** The id under which the service is known; asked at each scrape. */
  readonly serviceId: () => string;
  /** Where it stands in a pipeline. */
  readonly serviceType: ServiceType;
  /** How it is; may throw. */
  readonly health: () => Pick<HealthReport, "progress" | "flow">;
  /** The time. */
  readonly clock: Clock;
  /** Time between two looks at the throughput. */
  readonly intervalMs: number;
}

/**
 * Shows the flowctl metrics of a component about itself. What it does not know has no series.
 *
 * @returns the timer that looks at the throughput, for its owner to stop
 */
export function addServiceMetrics(
  metrics: MetricsRegistry,
  options: ServiceMetricsOptions,
): ClockTimer {
  const { serviceId, serviceType, clock, intervalMs } = options;
  const throughput = new Throughput();
  const read = oncePerTurn(() => healthOf(options));
  const look = () => {
    const done = eventsDone(read());
    if (done !== undefined) throughput.update(done, clock.monotonic());
  };
  const ofService = (value: number | undefined) =>
    value === undefined ? [] : [{ value, labels: { service_id: serviceId() } }];
  const ofTypedService = (value: number | undefined) =>
    value === undefined
      ? []
      : [{ value, labels: { service_id: serviceId(), service_type: serviceType } }];
  const flow = (value: (flow: HealthFlow) => number) => {
    const told = read().flow;
    return told === undefined ? undefined : value(told);
  };
  const pool = (value: (endpoint: PoolEndpointConnections) => number) =>
    (read().flow?.pool?.endpoints ?? []).map((each) => ({
      value: value(each),
      labels: { endpoint: each.endpoint },
    }));
  addDeclaredMetrics(metrics, FLOWCTL_METRICS, {
    pipelineThroughput: () => [{
      value: eventsDone(read()) ?? 0,
      labels: { pipeline: DEFAULT_PIPELINE },
    }],
    loadRatio: () => ofTypedService(flow(({ load_ratio }) => load_ratio)),
    backpressure: () => ofService(flow(({ backpressure_active }) => Number(backpressure_active))),
    throttle: () => ofService(flow(({ throttle_rate }) => throttle_rate)),
    connections: () =>
      (read().flow?.pool?.endpoints ?? []).map(({ endpoint, busy }) => ({
        value: busy,
        labels: { service_id: serviceId(), endpoint },
      })),
    reconnections: () => {
      const reconnects = read().flow?.pool?.reconnects;
      if (reconnects === undefined) return [];
      return RECONNECTION_REASONS.map((reason) => ({
        value: reconnects[reason],
        labels: { service_id: serviceId(), reason },
      }));
    },
    poolTotal: () => pool(({ total }) => total),
    poolHealthy: () => pool(({ healthy }) => healthy),
    poolIdle: () => pool(({ idle }) => idle),
    throughput: () => {
      look();
      return ofTypedService(throughput.perSecond());
    },
    queueDepth: () => ofTypedService(flow(({ queue_depth }) => queue_depth)),
  });
  return clock.setInterval(look, intervalMs);
}

type Health = Pick<HealthReport, "progress" | "flow">;

/** A component that cannot tell how it is has no figures, and its other metrics are shown. */
function healthOf({ health }: ServiceMetricsOptions): Health {
  try {
    return health();
  } catch {
    return {};
  }
}

function eventsDone({ progress }: Health): number | undefined {
  return progress?.processed_total ?? progress?.events_total ?? progress?.ledgers_total;
}
