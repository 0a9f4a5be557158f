import type { MetricsRegistry } from "../component/mod.ts";
import type { Controller } from "./controller.ts";

/** Results of a call, as values of a label. */
const RESULTS = ["ok", "failed"] as const;

/** Shows how a service stands with its control plane on `/metrics`. */
export function addControllerMetrics(metrics: MetricsRegistry, controller: Controller): void {
  const { counts } = controller;
  metrics.gauge({
    name: "flowctl_registered",
    help: "1 while the control plane has this service, 0 while the service is on its own.",
    read: () => Number(controller.isRegistered),
  });
  metrics.gauge({
    name: "flowctl_last_heartbeat_age_seconds",
    help: "Time since the control plane took a registration or heartbeat, or since the start.",
    read: () => controller.silentSeconds,
  });
  metrics.counter({
    name: "flowctl_registrations_total",
    help: "Registrations with the control plane, by result.",
    labels: { result: RESULTS },
    read: () => [
      { value: counts.registrations, labels: { result: "ok" } },
      { value: counts.failedRegistrations, labels: { result: "failed" } },
    ],
  });
  metrics.counter({
    name: "flowctl_heartbeats_total",
    help: "Heartbeats to the control plane, by result.",
    labels: { result: RESULTS },
    read: () => [
      { value: counts.heartbeats, labels: { result: "ok" } },
      { value: counts.failedHeartbeats, labels: { result: "failed" } },
    ],
  });
}
