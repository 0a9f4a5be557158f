import type { Clock } from "../component/mod.ts";
import { realClock } from "../component/mod.ts";
import type { TlsFiles } from "../../grpc/mod.ts";
import { type PipelineMetrics, pipelineMetrics } from "../metrics/mod.ts";
import type { HearOutcome } from "./call_guard.ts";
import type { ControlPlaneServer } from "./control_plane_server.ts";
import type { ControlPlaneLimits } from "./limits.ts";
import type { ServiceChange } from "./registry.ts";
import type { Service } from "../service/mod.ts";
import { type PipelineHealth, pipelineHealth, type Topology, topologyOf } from "../topology/mod.ts";

/** What a control plane is made of; all of it has defaults. */
export interface ControlPlaneOptions {
  /** IP address or host name to listen on; 127.0.0.1 by default. */
  readonly bindAddress?: string;
  /** Port; 0 picks a free one. 8080 by default. */
  readonly port?: number;
  /** File that keeps registrations; `:memory:`, the default, keeps nothing. */
  readonly statePath?: string;
  /** After how long without a heartbeat a service is unhealthy; 30 s by default. */
  readonly heartbeatTtlMs?: number;
  /** How often that is looked at; 10 s by default. */
  readonly sweepIntervalMs?: number;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<ControlPlaneLimits>;
  /** Without it the control plane speaks plain HTTP/2. */
  readonly tls?: TlsFiles;
  /** Bearer token that every call but health checks must carry. */
  readonly token?: string;
  /** The machine's time by default. */
  readonly clock?: Clock;
  /** Hears of each change of who is there and how they are. */
  readonly onChange?: (change: ServiceChange) => void;
  /** Hears of each request of either protocol. */
  readonly onOutcome?: HearOutcome;
  /** Hears of what fails here; callers are told no more than INTERNAL. */
  readonly onError?: (error: unknown, where: string) => void;
}

/**
 * flowctl's control plane: knows which services there are, how they are and how they are joined.
 * Serves flowctl.v1.ControlPlaneService and the older flowctl.ControlPlane, which show the same
 * services, with gRPC health and reflection, on one port. No data goes through it.
 *
 * Life: `start()`, which loads gRPC and SQLite, and `stop()`.
 *
 * ```ts
 * import { ControlPlane } from "@obsrvr/stellar-components/flowctl";
 *
 * await using controlPlane = new ControlPlane({ port: 0 });
 * const { port } = await controlPlane.start();
 * console.log(`services register at 127.0.0.1:${port}`);
 * console.log(controlPlane.services(), controlPlane.health());
 * ```
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #clock: Clock;
  #starting: Promise<ControlPlaneServer> | undefined;
  #server: ControlPlaneServer | undefined;
  #stopped: Promise<void> | undefined;

  /** Nothing is opened before `start()`. */
  constructor(options: ControlPlaneOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /**
   * Opens the state and listens; resolves with the port.
   *
   * @throws {StateFileError} when the state cannot be opened
   * @throws {GrpcError} FAILED_PRECONDITION when the address cannot be listened on
   */
  async start(): Promise<{ port: number }> {
    if (this.#starting !== undefined || this.#stopped !== undefined) {
      throw new Error("a control plane is started once: make another one");
    }
    this.#starting = this.#start();
    const { port } = await this.#starting;
    return { port };
  }

  /** All services, in the order in which they came; empty before `start()`. */
  services(): Service[] {
    return this.#server?.state.registry.services() ?? [];
  }

  /** Number of pipeline runs that have not ended. */
  get activeRuns(): number {
    return this.#server?.state.runs.active ?? 0;
  }

  /** Names of pipelines by the ids of their services, of the runs that have not ended. */
  pipelines(): ReadonlyMap<string, string> {
    return this.#server?.state.runs.pipelines() ?? new Map();
  }

  /** Which services' outputs are which others' inputs. */
  topology(): Topology {
    return topologyOf(this.services());
  }

  /** How all services together are, with reasons. */
  health(): PipelineHealth {
    const services = this.services();
    return pipelineHealth(services, topologyOf(services), this.#clock.now());
  }

  /** What all services do, each and together, as their heartbeats tell. */
  metrics(): PipelineMetrics {
    return pipelineMetrics(this.services());
  }

  /** Why the state file does not hold all that it should; `undefined` when it does. */
  get storageFailure(): unknown {
    return this.#server?.storageFailure;
  }

  /**
   * Says that it does not serve any more, lets the last answers leave, keeps when each service was
   * heard of, and closes. What is asked meanwhile is still answered and kept. Stopping twice waits
   * for the same end.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** The same as `stop`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #start(): Promise<ControlPlaneServer> {
    // Who imports flowctl for something else must not wait for gRPC and SQLite to load.
    const { ControlPlaneServer } = await import("./control_plane_server.ts");
    const server = new ControlPlaneServer(this.#options);
    await server.start();
    this.#server = server;
    return server;
  }

  async #stop(): Promise<void> {
    // A start on its way has opened things too; one that failed has closed them and told so.
    const server = await this.#starting?.catch(() => undefined);
    await server?.stop();
  }
}
