import type { ControlPlaneProtocol } from "./control_plane_client.ts";

/**
 * How a service stands with its control plane. Registering: not tried to the end yet. Degraded: the
 * last try failed, and the next one comes.
 */
export type ControllerState = "registering" | "registered" | "degraded" | "stopped";

/** What `/health` says of it. */
export interface ControllerDetails {
  /** In one word. */
  readonly state: ControllerState;
  /** The id that the control plane gave, or a local one until it did. */
  readonly service_id: string;
  /** Address of the control plane. */
  readonly endpoint: string;
  /** The protocol in use, once an answer has shown it. */
  readonly protocol?: ControlPlaneProtocol;
  /** Seconds since the control plane took a registration or heartbeat; null before the first. */
  readonly last_heartbeat_age_seconds: number | null;
  /** Why the last try failed. */
  readonly error?: string;
}
