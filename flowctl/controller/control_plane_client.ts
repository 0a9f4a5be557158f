import type { Registration, Service, ServiceStatus, ServiceType } from "../control_plane/mod.ts";

/** The protocols of control planes: flowctl.v1.ControlPlaneService, and the older flowctl.ControlPlane. */
export type ControlPlaneProtocol = "v1" | "legacy";

/** What a control plane answers to a registration. */
export interface Registered {
  /** Id under which it knows the service from now on. */
  readonly serviceId: string;
  /** Topics of the service's outputs. */
  readonly assignedTopics: readonly string[];
  /** The control plane's own endpoint and, by event type, those of who serves what the service reads. */
  readonly connectionInfo: Readonly<Record<string, string>>;
}

/** What a service tells with a heartbeat. */
export interface Heartbeat {
  /** Id that the control plane gave it. */
  readonly serviceId: string;
  /** How it is; absent leaves what the control plane knows. */
  readonly status?: ServiceStatus;
  /** Figures by name; see {@linkcode HeartbeatMetric}. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A service as a control plane shows it to others, who cannot tell expired from unhealthy. */
export type ListedService = Omit<Service, "expired">;

/** Which services are asked for. */
export interface ServiceFilter {
  /** Absent: any. */
  readonly type?: ServiceType;
  /** Any of them, as input or output; absent or empty: any. */
  readonly eventTypes?: readonly string[];
  /** All of them. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A control plane, whichever protocol it speaks. Every method throws ControlPlaneError: NOT_FOUND
 * for a service that is not known, UNIMPLEMENTED where the control plane does not speak the
 * protocol. Calls that a signal ends throw its reason, or CANCELLED.
 *
 * Life: connects with the first call, connects again by itself, `close()`.
 */
export interface ControlPlaneClient {
  /** The protocol in use; `undefined` until an answer has shown which one it is. */
  readonly protocol: ControlPlaneProtocol | undefined;
  /** Makes a service known, or replaces what is known of it. */
  register(registration: Registration, signal?: AbortSignal): Promise<Registered>;
  /** Says that a service is alive, and how it is. */
  heartbeat(heartbeat: Heartbeat, signal?: AbortSignal): Promise<void>;
  /** Lets the control plane forget a service, where the protocol can say so. */
  unregister(serviceId: string, signal?: AbortSignal): Promise<void>;
  /** Services that work and fit. */
  discover(filter: ServiceFilter, signal?: AbortSignal): Promise<Registration[]>;
  /** One service. */
  status(serviceId: string, signal?: AbortSignal): Promise<ListedService>;
  /** All services of a type, or of any, those that do not work too. */
  list(type?: ServiceType, signal?: AbortSignal): Promise<ListedService[]>;
  /** Closes the connection. */
  close(): void;
}
