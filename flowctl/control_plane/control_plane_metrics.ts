import {
  addDeclaredMetrics,
  type Clock,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../component/mod.ts";
import { RegisteredServicesMetrics } from "../monitoring/metrics/mod.ts";
import { SERVICE_STATUSES, SERVICE_TYPES } from "../service/mod.ts";
import type { Outcome } from "./call_guard.ts";
import type { ControlPlane } from "./control_plane.ts";

/** Requests of both protocols by how they ended. */
export type RequestCounts = Record<Outcome, number>;

const OUTCOMES = ["ok", "refused", "failed"] as const;

/** What a control plane shows of itself, beside the flowctl metrics of its services. */
export const CONTROL_PLANE_METRICS = {
  services: {
    name: "flowctl_registered_services",
    type: "gauge",
    unit: "services",
    help: "Services that the control plane knows.",
    worry: "Some are UNHEALTHY, or there are fewer than the pipeline has.",
    labels: { type: SERVICE_TYPES, status: SERVICE_STATUSES },
  },
  notShown: {
    name: "flowctl_services_not_shown",
    type: "gauge",
    unit: "services",
    help: "Services beyond the first 1,000, of which the metrics by service_id show nothing.",
    worry: "It is above 0: use a control plane a pipeline, or ask the components' own /metrics.",
  },
  runs: {
    name: "flowctl_active_pipeline_runs",
    type: "gauge",
    unit: "runs",
    help: "Pipeline runs that have not ended.",
    worry: "It grows: runners crash without telling.",
  },
  requests: {
    name: "flowctl_requests_total",
    type: "counter",
    unit: "requests",
    help: "Requests of both protocols, by how they ended.",
    worry:
      "The failed ones grow, which is this program's fault, or the refused ones by the second.",
    labels: { outcome: OUTCOMES },
  },
} as const satisfies MetricDeclarations;

/** What a control plane's metrics are made from. */
export interface ControlPlaneMetricsOptions {
  readonly controlPlane: ControlPlane;
  /** Counted by whoever hears of outcomes. */
  readonly requests: Readonly<RequestCounts>;
  readonly clock: Clock;
  /** Time between two looks at all services. */
  readonly intervalMs: number;
}

/** Adds the control plane's own metrics, which are read at the scrape, and those of all services. */
export function addControlPlaneMetrics(
  metrics: MetricsRegistry,
  { controlPlane, requests, clock, intervalMs }: ControlPlaneMetricsOptions,
): RegisteredServicesMetrics {
  const registered = new RegisteredServicesMetrics(metrics, {
    services: () => controlPlane.services(),
    pipelines: () => controlPlane.pipelines(),
    clock,
    intervalMs,
  });
  addDeclaredMetrics(metrics, CONTROL_PLANE_METRICS, {
    services: () => {
      const counts = new Map<string, number>();
      for (const { type, status } of controlPlane.services()) {
        const key = `${type} ${status}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return SERVICE_TYPES.flatMap((type) =>
        SERVICE_STATUSES.map((status) => ({
          value: counts.get(`${type} ${status}`) ?? 0,
          labels: { type, status },
        }))
      );
    },
    notShown: () => registered.notShown,
    runs: () => controlPlane.activeRuns,
    requests: () => OUTCOMES.map((outcome) => ({ value: requests[outcome], labels: { outcome } })),
  });
  return registered;
}
