/**
 * flowctl's control plane as a server.
 *
 * @module
 */
export { type AlertConfiguration, alertConfiguration } from "./alert_configuration.ts";
export type { Outcome } from "./call_guard.ts";
export type { TlsFiles } from "../../grpc/mod.ts";
export { CONTROL_PLANE_METRICS } from "./control_plane_metrics.ts";
export { ControlPlane, type ControlPlaneOptions } from "./control_plane.ts";
export type { ControlPlaneLimits } from "./limits.ts";
export type { ServiceChange } from "./registry.ts";
export {
  assignedTopics,
  isWorking,
  type Registration,
  type Service,
  SERVICE_STATUSES,
  SERVICE_TYPES,
  type ServiceStatus,
  type ServiceType,
  serviceTypeOf,
} from "../service/mod.ts";
export { StateFileError } from "./state_file_error.ts";
export { MEMORY } from "./storage.ts";
