import {
  type Component,
  type ComponentContext,
  describeError,
  type HealthReport,
  type HttpRoutes,
  loadFlightSecurity,
  type ReadyInfo,
} from "../component/mod.ts";
import { ConfigError, isLoopback } from "../config/mod.ts";
import { consoleRoutes } from "../console/mod.ts";
import { addAlertMetrics, MAX_ALERT_INTERVAL_MS } from "../monitoring/mod.ts";
import { guarded } from "./api_access.ts";
import { alertSetup } from "./alert_setup.ts";
import { AnswerQueue } from "./answer_queue.ts";
import { boundedRoutes } from "./bounded_routes.ts";
import { addControlPlaneMetrics, type RequestCounts } from "./control_plane_metrics.ts";
import { FLOWCTL_METRICS, type RegisteredServicesMetrics } from "../monitoring/metrics/mod.ts";
import { ControlPlane } from "./control_plane.ts";
import { ControlPlaneMonitoring } from "./control_plane_monitoring.ts";
import { httpApi } from "./http_api.ts";
import { eventRoutes } from "./monitoring_routes.ts";
import type { ServiceChange } from "./registry.ts";
import { isWorking } from "../service/mod.ts";
import { StateFileError } from "./state_file_error.ts";
import { MEMORY } from "./storage.ts";

/** Calls of both protocols by which services look for others. */
const DISCOVERY_CALLS: ReadonlySet<string> = new Set([
  "DiscoverComponents",
  "ListComponents",
  "ListServices",
]);

/** What the program runs. */
interface Parts {
  readonly controlPlane: ControlPlane;
  readonly registered: RegisteredServicesMetrics;
  readonly monitoring: ControlPlaneMonitoring;
  /** Bounds the answers over HTTP that are not taken; those over gRPC have the same for themselves. */
  readonly answers: AnswerQueue;
}

/**
 * The control plane as a program, with variables, log, `/health`, `/metrics` and `/api/`.
 *
 * Life: as of every component; made by `open`, which reads certificates and token.
 */
export class ControlPlaneComponent implements Component {
  readonly routes: HttpRoutes;
  readonly #context: ComponentContext;
  readonly #parts: Parts;
  readonly #statePath: string;
  #isStarted = false;

  private constructor(context: ComponentContext, parts: Parts, token: string | undefined) {
    const { config, clock, declaration } = context;
    const { controlPlane, monitoring } = parts;
    this.#context = context;
    this.#parts = parts;
    this.#statePath = config.string("STATE_PATH");
    const isOpen = isLoopback(config.string("BIND_ADDRESS")) || config.boolean("ALLOW_INSECURE");
    const api = httpApi(controlPlane, clock, declaration.version, monitoring);
    // The events' answers do not end, and have bounds of their own.
    const routes = { ...boundedRoutes(api, parts.answers), ...eventRoutes(monitoring) };
    // The page itself holds nothing of the pipeline, and asks for the token where one is needed.
    this.routes = { ...guarded(routes, { token, isOpen }), ...consoleRoutes() };
  }

  /**
   * Makes a control plane as the variables say.
   *
   * @throws {ConfigError} for certificates, tokens and alert rules that cannot be read
   */
  static async open(context: ComponentContext): Promise<ControlPlaneComponent> {
    const { config, log, clock, metrics } = context;
    const { server } = await loadFlightSecurity(config, log);
    const requests: RequestCounts = { ok: 0, refused: 0, failed: 0 };
    const discoveries = metrics.histogramOf(FLOWCTL_METRICS.discoveryDuration);
    const alerts = await alertSetup(context);
    const controlPlane = new ControlPlane({
      bindAddress: config.string("BIND_ADDRESS"),
      port: config.integer("PORT"),
      statePath: config.string("STATE_PATH"),
      heartbeatTtlMs: config.durationMs("HEARTBEAT_TTL"),
      sweepIntervalMs: config.durationMs("SWEEP_INTERVAL"),
      limits: {
        services: config.integer("MAX_SERVICES"),
        metadataBytes: config.bytes("MAX_METADATA_BYTES"),
        registryBytes: config.bytes("MAX_REGISTRY_BYTES"),
        messageBytes: config.bytes("MAX_MESSAGE_BYTES"),
        requestsPerSecond: config.integer("MAX_REQUESTS_PER_SECOND"),
      },
      ...server,
      clock,
      onChange: (change) => {
        tellChange(context, change);
        monitoring.changed();
      },
      onOutcome: (outcome, call, seconds) => {
        requests[outcome]++;
        if (outcome === "ok" && DISCOVERY_CALLS.has(call)) discoveries.observe(seconds);
      },
      onError: (error, where) => log.error("A request or a write failed", { error, where }),
    });
    const intervalMs = config.durationMs("MONITORING_INTERVAL");
    const monitoring = new ControlPlaneMonitoring(controlPlane, {
      intervalMs,
      clock,
      alerts,
      onError: (error, where) => log.error("Monitoring failed", { error, where }),
    });
    const registered = addControlPlaneMetrics(metrics, {
      controlPlane,
      requests,
      clock,
      intervalMs: Math.min(intervalMs, MAX_ALERT_INTERVAL_MS),
    });
    addAlertMetrics(metrics, monitoring.alerts, alerts.counts);
    const parts = { controlPlane, registered, monitoring, answers: new AnswerQueue({ clock }) };
    return new ControlPlaneComponent(context, parts, server.token);
  }

  /** Throws ConfigError for a state file or an address that cannot be used. */
  async start(): Promise<ReadyInfo> {
    try {
      const { port } = await this.#parts.controlPlane.start();
      this.#isStarted = true;
      this.#parts.registered.start();
      this.#parts.monitoring.start();
      return {
        ports: { grpc: port },
        ...(this.#statePath === MEMORY ? {} : { outputs: [this.#statePath] }),
      };
    } catch (error) {
      throw error instanceof StateFileError ? this.#configError(error) : error;
    }
  }

  health(): HealthReport {
    const services = this.#parts.controlPlane.services();
    const failure = this.#parts.controlPlane.storageFailure;
    const pipeline = this.#parts.controlPlane.health();
    return {
      status: !this.#isStarted ? "starting" : failure === undefined ? "healthy" : "degraded",
      details: {
        services: services.length,
        services_working: services.filter(isWorking).length,
        services_expired: services.filter((service) => service.expired).length,
        pipeline_runs_active: this.#parts.controlPlane.activeRuns,
        pipeline_status: pipeline.status,
        state_path: this.#statePath,
        ...(failure === undefined ? {} : { error: describeError(failure) }),
      },
    };
  }

  async stop(): Promise<void> {
    const { controlPlane, registered, monitoring, answers } = this.#parts;
    answers.stop();
    registered.stop();
    await monitoring.stop();
    await controlPlane.stop();
  }

  #configError({ rule }: StateFileError): ConfigError {
    const { config } = this.#context;
    return new ConfigError(config.component, [{
      variable: "STATE_PATH",
      value: config.shown("STATE_PATH"),
      origin: config.origin("STATE_PATH"),
      rule,
      example: "STATE_PATH=./data/flowctl/state.sqlite",
    }]);
  }
}

/** Whoever comes, goes or falls silent is worth a line; of a flood the log itself writes a part. */
function tellChange({ log, config }: ComponentContext, { what, service }: ServiceChange): void {
  const fields = { service: service.id, type: service.type };
  if (what === "expired") log.warn("A service is not heard of any more", fields);
  else if (what === "changed") {
    log.info("A service tells another status", { ...fields, status: service.status });
  } else if (what === "slow") {
    const ttl = config.shown("HEARTBEAT_TTL");
    log.warn(
      `Heartbeats of a service come later than HEARTBEAT_TTL (${ttl}), so that it is unhealthy in ` +
        "between: let its FLOWCTL_HEARTBEAT_INTERVAL be a third of that at most, or HEARTBEAT_TTL " +
        "three times as long as the interval",
      fields,
    );
  } else log.info(`A service is ${what}`, fields);
}
