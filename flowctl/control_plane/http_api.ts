import { type Clock, jsonResponse } from "../component/mod.ts";
import type { PromptRoutes } from "./bounded_routes.ts";
import type { ControlPlane } from "./control_plane.ts";
import type { ControlPlaneMonitoring } from "./control_plane_monitoring.ts";
import { monitoringRoutes } from "./monitoring_routes.ts";
import { openApiDocument } from "./openapi_document.ts";
import { serviceJson } from "../service/mod.ts";
import { topologyJson } from "../topology/mod.ts";
import { metricsJson } from "../metrics/mod.ts";

/** The control plane's services, topology and metrics as JSON over HTTP, for reading only. */
export function httpApi(
  controlPlane: ControlPlane,
  clock: Clock,
  version: string,
  monitoring: ControlPlaneMonitoring,
): PromptRoutes {
  return {
    ...monitoringRoutes(monitoring),
    "/api/services": () => {
      const now = clock.now();
      const services = controlPlane.services().map((service) => serviceJson(service, now));
      return jsonResponse(200, { services });
    },
    "/api/topology": () => {
      const services = controlPlane.services();
      return jsonResponse(
        200,
        topologyJson(services, controlPlane.topology(), controlPlane.health()),
      );
    },
    "/api/metrics": () => jsonResponse(200, metricsJson(controlPlane.metrics())),
    "/api/openapi.json": () => jsonResponse(200, openApiDocument(version)),
  };
}
