import {
  addDeclaredMetrics,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../component/mod.ts";
import type { Controller } from "./controller.ts";

/** Results of a call, as values of a label. */
const RESULTS = ["ok", "failed"] as const;

/** How a service stands with its control plane; shown where ENABLE_FLOWCTL is true. */
export const CONTROLLER_METRICS = {
  registered: {
    name: "flowctl_registered",
    type: "gauge",
    unit: "1",
    help: "1 while the control plane has this service, 0 while the service is on its own.",
    worry: "It is 0 for a minute: the data goes on, but nobody finds the service.",
  },
  heartbeatAge: {
    name: "flowctl_last_heartbeat_age_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time since the control plane took a registration or heartbeat, or since the start.",
    worry: "It is above three times FLOWCTL_HEARTBEAT_INTERVAL.",
  },
  registrations: {
    name: "flowctl_registrations_total",
    type: "counter",
    unit: "registrations",
    help: "Registrations with the control plane, by result.",
    worry: "It grows: the control plane forgets the service, or refuses it.",
    labels: { result: RESULTS },
  },
  heartbeats: {
    name: "flowctl_heartbeats_total",
    type: "counter",
    unit: "heartbeats",
    help: "Heartbeats to the control plane, by result.",
    worry: "The failed ones grow.",
    labels: { result: RESULTS },
  },
} as const satisfies MetricDeclarations;

/** Shows how a service stands with its control plane on `/metrics`. */
export function addControllerMetrics(metrics: MetricsRegistry, controller: Controller): void {
  const { counts } = controller;
  addDeclaredMetrics(metrics, CONTROLLER_METRICS, {
    registered: () => Number(controller.isRegistered),
    heartbeatAge: () => controller.silentSeconds,
    registrations: () => [
      { value: counts.registrations, labels: { result: "ok" } },
      { value: counts.failedRegistrations, labels: { result: "failed" } },
    ],
    heartbeats: () => [
      { value: counts.heartbeats, labels: { result: "ok" } },
      { value: counts.failedHeartbeats, labels: { result: "failed" } },
    ],
  });
}
