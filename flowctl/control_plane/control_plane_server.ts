import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type Clock, realClock } from "../component/mod.ts";
import {
  BearerToken,
  deferGoaway,
  HEALTH_SERVICE,
  healthMethods,
  HealthService,
  listen,
  REFLECTION_SERVICES,
  reflectionMethods,
  ReflectionService,
} from "../../grpc/mod.ts";
import { legacy, protoFiles, v1 } from "../protocol/mod.ts";
import { AnswerQueue } from "./answer_queue.ts";
import { CallGuard, inBytes } from "./call_guard.ts";
import type { ControlPlaneOptions } from "./control_plane.ts";
import type { ControlPlaneState } from "./control_plane_state.ts";
import { legacyService } from "./legacy_service.ts";
import {
  CLOSE_MS,
  type ControlPlaneLimits,
  DEFAULT_LIMITS,
  DEFAULT_PORT,
  KEEPALIVE_MS,
  MAX_CONCURRENT_STREAMS,
} from "./limits.ts";
import { PipelineRuns } from "./pipeline_runs.ts";
import { Registry } from "./registry.ts";
import { ReportedStorage } from "./reported_storage.ts";
import { RequestLimiter } from "./request_limiter.ts";
import { SqliteStorage } from "./sqlite_storage.ts";
import { MEMORY, noStorage, type Storage } from "./storage.ts";
import { v1Service } from "./v1_service.ts";

type HealthRequest = { service: string };
type HealthResponse = { status: number };

/** The running part of a ControlPlane: state and gRPC server. Started once and stopped once. */
export class ControlPlaneServer {
  readonly #options: ControlPlaneOptions;
  readonly #clock: Clock;
  readonly #limits: ControlPlaneLimits;
  readonly #health = new HealthService([
    v1.CONTROL_PLANE_SERVICE_NAME,
    legacy.CONTROL_PLANE_NAME,
    HEALTH_SERVICE,
  ]);
  readonly #storage: Storage;
  /** The same, where something is kept. */
  readonly #reported: ReportedStorage | undefined;
  readonly #answers: AnswerQueue;
  readonly #server: Server;
  #endpoint = "";
  #port = 0;
  /** Who is there and what runs. */
  readonly state: ControlPlaneState;

  /**
   * Opens the state.
   *
   * @throws {StateFileError} when it cannot be opened
   */
  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#answers = new AnswerQueue({ clock: this.#clock });
    const { statePath = MEMORY } = options;
    this.#reported = statePath === MEMORY ? undefined : new ReportedStorage(
      () => new SqliteStorage(statePath),
      (error) => this.#onError(error, "STATE_PATH"),
    );
    this.#storage = this.#reported ?? noStorage;
    try {
      this.state = this.#stateOf(this.#storage);
    } catch (error) {
      this.#storage.close();
      throw error;
    }
    this.#server = this.#serverOf(this.state);
  }

  /**
   * Listens.
   *
   * @throws {GrpcError} FAILED_PRECONDITION when the address cannot be listened on
   */
  async start(): Promise<void> {
    deferGoaway();
    const { bindAddress = "127.0.0.1", port = DEFAULT_PORT, tls } = this.#options;
    try {
      const address = { bindAddress, port, ...(tls === undefined ? {} : { tls }) };
      const bound = await listen(this.#server, address);
      const host = bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
      this.#port = bound;
      this.#endpoint = `${host}:${bound}`;
      this.state.registry.start();
    } catch (error) {
      this.#storage.close();
      throw error;
    }
  }

  /** The port that it listens on. */
  get port(): number {
    return this.#port;
  }

  /** Why the state file does not hold all that it should; `undefined` when it does. */
  get storageFailure(): unknown {
    return this.#reported?.failure;
  }

  /** Lets answers on their way leave, keeps when each service was heard of, and closes. */
  async stop(): Promise<void> {
    this.#health.setServing(false);
    this.#health.stop();
    // Handlers answer at once, so that only answers are on their way; see FlightServer for why this
    // is not grpc-js' tryShutdown. The machine's time: a fake clock would never let a stop end.
    await realClock.sleep(CLOSE_MS);
    this.#answers.stop();
    this.#server.forceShutdown();
    this.state.registry.stop();
    this.#storage.close();
  }

  #stateOf(storage: Storage): ControlPlaneState {
    const { heartbeatTtlMs, sweepIntervalMs, onChange } = this.#options;
    const registry = new Registry({
      clock: this.#clock,
      storage,
      maxServices: this.#limits.services,
      maxMetadataBytes: this.#limits.metadataBytes,
      maxBytes: this.#limits.registryBytes,
      ...(heartbeatTtlMs === undefined ? {} : { heartbeatTtlMs }),
      ...(sweepIntervalMs === undefined ? {} : { sweepIntervalMs }),
      ...(onChange === undefined ? {} : { onChange }),
    });
    return {
      registry,
      runs: new PipelineRuns(this.#clock, storage),
      connectionInfo: (service, authority) => ({
        ...registry.upstreamEndpoints(service),
        control_plane_endpoint: authority || this.#endpoint,
      }),
    };
  }

  #serverOf(state: ControlPlaneState): Server {
    const { token, onOutcome = () => {} } = this.#options;
    const guard = new CallGuard({
      token: token === undefined ? undefined : new BearerToken(token),
      limiter: new RequestLimiter(this.#clock, this.#limits.requestsPerSecond),
      answers: this.#answers,
      onError: (error, where) => this.#onError(error, where),
      onOutcome,
    });
    const server = new Server({
      "grpc.max_receive_message_length": this.#limits.messageBytes,
      "grpc.max_concurrent_streams": MAX_CONCURRENT_STREAMS,
      "grpc.keepalive_time_ms": KEEPALIVE_MS,
    });
    server.addService(inBytes(v1.controlPlaneServiceMethods), v1Service(state, guard));
    server.addService(inBytes(legacy.controlPlaneMethods), legacyService(state, guard));
    server.addService(healthMethods, this.#healthHandlers(guard));
    const reflection = new ReflectionService(protoFiles);
    for (const name of REFLECTION_SERVICES) {
      server.addService(reflectionMethods(name), {
        ServerReflectionInfo: guard.stream(reflection.serve),
      });
    }
    return server;
  }

  /** Health is for everyone, token or not, within the limit of requests. */
  #healthHandlers(guard: CallGuard): UntypedServiceImplementation {
    const { Check, Watch } = this.#health.handlers;
    const check: handleUnaryCall<HealthRequest, HealthResponse> = (call, done) => {
      const refusal = guard.refusal(call);
      if (refusal === undefined) Check(call, done);
      else done(refusal);
    };
    const watch: handleServerStreamingCall<HealthRequest, HealthResponse> = (call) => {
      const refusal = guard.refusal(call);
      if (refusal === undefined) Watch(call);
      else call.emit("error", refusal);
    };
    return { Check: check, Watch: watch };
  }

  #onError(error: unknown, where: string): void {
    this.#options.onError?.(error, where);
  }
}
