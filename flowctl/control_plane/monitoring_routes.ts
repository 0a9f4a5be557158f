import { type HttpRoutes, jsonResponse } from "../component/mod.ts";
import { snapshotJson } from "../monitoring/mod.ts";
import type { ControlPlaneMonitoring } from "./control_plane_monitoring.ts";

/** The paths of the control plane that tell what its monitor sees. */
export function monitoringRoutes({ monitor }: ControlPlaneMonitoring): HttpRoutes {
  return {
    "/api/snapshot": () => jsonResponse(200, snapshotJson(monitor.latest)),
  };
}
