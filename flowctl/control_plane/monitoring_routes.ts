import { type HttpRoutes, jsonResponse } from "../component/mod.ts";
import { alertsJson, snapshotJson } from "../monitoring/mod.ts";
import type { PromptRoutes } from "./bounded_routes.ts";
import type { ControlPlaneMonitoring } from "./control_plane_monitoring.ts";
import { historyResponse } from "./history_response.ts";

/** The paths of the control plane that tell what its monitor sees. */
export function monitoringRoutes({ monitor, alerts }: ControlPlaneMonitoring): PromptRoutes {
  return {
    "/api/snapshot": () => jsonResponse(200, snapshotJson(monitor.latest)),
    "/api/history": (request) => historyResponse(monitor, new URL(request.url).searchParams),
    "/api/health-report": () => jsonResponse(200, monitor.report()),
    "/api/alerts": () => jsonResponse(200, alertsJson(alerts.alerts, alerts.rules, alerts.left)),
  };
}

/** The path by which each look is told as it comes; its answers do not end. */
export function eventRoutes({ monitor, events }: ControlPlaneMonitoring): HttpRoutes {
  return {
    "/api/events": (request) =>
      events.open(request, { event: "snapshot", data: snapshotJson(monitor.latest) }),
  };
}
