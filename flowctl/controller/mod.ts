/**
 * A service's side of flowctl: clients of a control plane, and the controller that keeps a service
 * registered. gRPC is loaded when a client is made, not before.
 *
 * @module
 */
export { Backoff } from "./backoff.ts";
export { ComponentController, type ComponentControllerOptions } from "./component_controller.ts";
export { ComponentFigures, type ComponentFiguresOptions } from "./component_figures.ts";
export { connectControlPlane, type ConnectOptions } from "./connect_control_plane.ts";
export type {
  ControlPlaneClient,
  ControlPlaneProtocol,
  Heartbeat,
  ListedService,
  Registered,
  ServiceFilter,
} from "./control_plane_client.ts";
export { ControlPlaneError } from "./control_plane_error.ts";
export {
  Controller,
  type ControllerCounts,
  type ControllerOptions,
  type OwnRegistration,
} from "./controller.ts";
export type { ControllerDetails, ControllerState } from "./controller_details.ts";
export { addControllerMetrics, CONTROLLER_METRICS } from "./controller_metrics.ts";
export {
  HEARTBEAT_METRICS,
  type HeartbeatMetric,
  type MetricReaders,
  readMetrics,
} from "./heartbeat_metrics.ts";
export { type Bounds, within } from "./within.ts";
export { OneClient } from "./one_client.ts";
export { RegisteredAddress } from "./registered_address.ts";
