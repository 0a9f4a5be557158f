import type { MetricsRegistry } from "../component/mod.ts";
import type { Outcome } from "./call_guard.ts";
import type { ControlPlane } from "./control_plane.ts";
import { SERVICE_STATUSES, SERVICE_TYPES } from "../service/mod.ts";

/** Requests of both protocols by how they ended. */
export type RequestCounts = Record<Outcome, number>;

/** Adds the control plane's own metrics; all are read at the scrape. */
export function addControlPlaneMetrics(
  metrics: MetricsRegistry,
  controlPlane: ControlPlane,
  requests: Readonly<RequestCounts>,
): void {
  metrics.gauge({
    name: "flowctl_registered_services",
    help: "Services that the control plane knows.",
    labels: { type: SERVICE_TYPES, status: SERVICE_STATUSES },
    read: () => {
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
  });
  metrics.gauge({
    name: "flowctl_active_pipeline_runs",
    help: "Pipeline runs that have not ended.",
    read: () => controlPlane.activeRuns,
  });
  const outcomes = ["ok", "refused", "failed"] as const;
  metrics.counter({
    name: "flowctl_requests_total",
    help: "Requests of both protocols, by how they ended.",
    labels: { outcome: outcomes },
    read: () => outcomes.map((outcome) => ({ value: requests[outcome], labels: { outcome } })),
  });
}
