import type {
  ClientSecurity,
  Clock,
  HealthState,
  Logger,
  MetricsRegistry,
  ReadyInfo,
} from "../component/mod.ts";
import { type ComponentDeclaration, type ResolvedConfig } from "../config/mod.ts";
import type { Registration, ServiceStatus } from "../control_plane/mod.ts";
import { serviceTypeOf } from "../service/mod.ts";
import { ComponentFigures } from "./component_figures.ts";
import { Controller, type ControllerOptions } from "./controller.ts";
import type { ControlPlaneProtocol } from "./control_plane_client.ts";
import type { ControllerDetails } from "./controller_details.ts";
import { addControllerMetrics } from "./controller_metrics.ts";
import {
  DEFAULT_ENDPOINT,
  DEFAULT_HEARTBEAT_INTERVAL_MS,
  DEFAULT_MONITORING_INTERVAL_MS,
} from "./limits.ts";
import { RegisteredAddress } from "./registered_address.ts";

/** What is known of a component once it is ready. */
export interface ComponentControllerOptions {
  /** What it is. */
  readonly declaration: ComponentDeclaration;
  /** Its variables. */
  readonly config: ResolvedConfig;
  /** Its real ports, and the network it works on. */
  readonly ready: ReadyInfo;
  /** How the control plane is spoken to. */
  readonly security: ClientSecurity;
  /** How the component is; may throw. */
  readonly health: () => HealthState;
  /** When the component began, by the clock that only goes forward. */
  readonly startedAt: number;
  /** Its log. */
  readonly log: Logger;
  /** What its `/metrics` shows. */
  readonly metrics: MetricsRegistry;
  /** The time. */
  readonly clock: Clock;
  /** Makes the client; one over gRPC by default. */
  readonly connect?: ControllerOptions["connect"];
}

/**
 * The Controller of one of the product's components, made from its declaration, its variables and
 * its `/health`. Life: `start()` returns at once, `stop()` takes a second at most.
 */
export class ComponentController {
  readonly #controller: Controller;
  readonly #figures: ComponentFigures;

  /** Adds its metrics; does nothing else before `start()`. */
  constructor(options: ComponentControllerOptions) {
    const { config, security, health, startedAt, log, metrics, clock, connect } = options;
    const { values } = config;
    const registration = registrationOf(options);
    this.#figures = new ComponentFigures({
      health,
      clock,
      startedAt,
      intervalMs: Number(values.MONITORING_INTERVAL ?? DEFAULT_MONITORING_INTERVAL_MS),
    });
    this.#controller = new Controller({
      ...security,
      endpoint: String(values.FLOWCTL_ENDPOINT ?? DEFAULT_ENDPOINT),
      protocol: (values.FLOWCTL_PROTOCOL ?? "auto") as ControlPlaneProtocol | "auto",
      registration,
      status: () => STATUSES[health().status],
      metrics: () => this.#figures.metrics,
      heartbeatIntervalMs: heartbeatIntervalMs(config),
      instance: registration.id || instanceOf(options.ready),
      log,
      clock,
      ...(connect === undefined ? {} : { connect }),
    });
    addControllerMetrics(metrics, this.#controller);
  }

  /** Begins to register, in the background. */
  start(): void {
    this.#figures.start();
    this.#controller.start();
  }

  /** How the component stands with the control plane, for `/health`. */
  get details(): ControllerDetails {
    return this.#controller.details;
  }

  /** Says goodbye. */
  async stop(): Promise<void> {
    this.#figures.stop();
    await this.#controller.stop();
  }
}

const STATUSES: Readonly<Record<HealthState["status"], ServiceStatus>> = {
  starting: "STARTING",
  healthy: "HEALTHY",
  degraded: "DEGRADED",
  unhealthy: "UNHEALTHY",
  stopping: "STOPPING",
};

function heartbeatIntervalMs({ values }: ResolvedConfig): number {
  return Number(values.FLOWCTL_HEARTBEAT_INTERVAL ?? DEFAULT_HEARTBEAT_INTERVAL_MS);
}

function registrationOf(options: ComponentControllerOptions): Registration {
  const { declaration, config: { values }, ready: { ports, network } } = options;
  const { name, description, version, inputEventTypes, outputEventTypes } = declaration;
  const address = new RegisteredAddress(values);
  const health = (port: number) => `http://${address.health(port)}${declaration.healthEndpoint}`;
  return {
    id: String(values.FLOWCTL_COMPONENT_ID ?? ""),
    name,
    description,
    version,
    type: serviceTypeOf(declaration.type) ?? "UNSPECIFIED",
    inputEventTypes,
    outputEventTypes,
    endpoint: ports.flight === undefined ? "" : address.flight(ports.flight),
    metadata: {
      component: name,
      // By this a control plane knows when one is missed.
      heartbeat_interval_seconds: String(heartbeatIntervalMs(options.config) / 1000),
      ...(ports.health === undefined ? {} : { health_endpoint: health(ports.health) }),
      ...(network === undefined ? {} : { network_passphrase: network }),
    },
    maxInflight: Number(values.MAX_INFLIGHT ?? 0),
  };
}

/** Tells components of one name on one machine apart. */
function instanceOf({ ports }: ReadyInfo): string {
  return String(ports.flight ?? ports.health ?? 0);
}
