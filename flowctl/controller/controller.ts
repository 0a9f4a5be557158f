import { type Clock, describeError, type Logger, realClock } from "../component/mod.ts";
import type { Registration, ServiceStatus } from "../control_plane/mod.ts";
import { Backoff } from "./backoff.ts";
import { connectControlPlane, type ConnectOptions } from "./connect_control_plane.ts";
import type { ControlPlaneClient, Registered } from "./control_plane_client.ts";
import { ControlPlaneError } from "./control_plane_error.ts";
import type { ControllerDetails, ControllerState } from "./controller_details.ts";
import { type MetricReaders, readMetrics } from "./heartbeat_metrics.ts";
import {
  CALL_TIMEOUT_MS,
  DEFAULT_HEARTBEAT_INTERVAL_MS,
  GOODBYE_TIMEOUT_MS,
  HEARTBEAT_JITTER,
  REGISTER_TIMEOUT_MS,
} from "./limits.ts";
import { OneClient } from "./one_client.ts";
import { within } from "./within.ts";

/** What a service must say of itself, and what it may. Without an id the control plane gives one. */
export type OwnRegistration =
  & Pick<Registration, "name" | "type">
  & Partial<Registration>;

/** What a controller is made of. */
export interface ControllerOptions extends ConnectOptions {
  /** What the service says of itself. */
  readonly registration: OwnRegistration;
  /** How the service is, asked with each heartbeat; what it throws counts as unhealthy. Healthy by default. */
  readonly status?: () => ServiceStatus;
  /** Figures that travel with each heartbeat, or what gives them, where their names change. */
  readonly metrics?: MetricReaders | (() => MetricReaders);
  /** Time between heartbeats, ± 10 %; 10 s by default. */
  readonly heartbeatIntervalMs?: number;
  /** Ends the id that the service has until it is registered: `local-NAME-INSTANCE`. */
  readonly instance?: string;
  /** Told once when the control plane is lost or does not take the service, and when it does. */
  readonly log?: Logger;
  /** The machine's time by default. */
  readonly clock?: Clock;
  /** From 0 to 1; Math.random by default. */
  readonly random?: () => number;
  /** Makes the client; one over gRPC by default. */
  readonly connect?: (options: ConnectOptions) => ControlPlaneClient | Promise<ControlPlaneClient>;
}

/** Counts of what a controller has done. */
export interface ControllerCounts {
  /** Registrations that the control plane took. */
  registrations: number;
  /** Those that failed. */
  failedRegistrations: number;
  /** Heartbeats that the control plane took. */
  heartbeats: number;
  /** Those that failed. */
  failedHeartbeats: number;
}

/**
 * Keeps a service registered with flowctl's control plane: registers it, tells how it is with
 * heartbeats, registers anew where the control plane has forgotten it, and says goodbye.
 *
 * All of it happens in the background. A control plane that is away, silent or wrong never holds
 * the service up: until it is registered the service has an id of its own, and `details` says why.
 *
 * Life: `start()` returns at once, `stop()` takes a second at most.
 *
 * ```ts
 * import { Controller, ControlPlane } from "@obsrvr/stellar-components/flowctl";
 *
 * await using controlPlane = new ControlPlane({ port: 0 }); // yours is somewhere else
 * const { port } = await controlPlane.start();
 *
 * let prices = 0;
 * await using controller = new Controller({
 *   endpoint: `localhost:${port}`,
 *   registration: {
 *     name: "price-feed",
 *     type: "SOURCE",
 *     outputEventTypes: ["example.Price"],
 *     endpoint: "127.0.0.1:9000",
 *   },
 *   metrics: { events_processed_total: () => prices },
 * });
 * controller.start();
 * prices++; // the service works, whether or not the control plane is there
 * await controller.registered();
 * console.log(controller.details.service_id, controlPlane.services()[0]?.name);
 * ```
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #registration: Registration;
  readonly #localId: string;
  readonly #backoff: Backoff;
  readonly #ending = new AbortController();
  readonly #client: OneClient;
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #firstRegistration = Promise.withResolvers<Registered>();
  /** What the control plane answered; `undefined` until it did, and once it has forgotten. */
  #registered: Registered | undefined;
  /** The service's own id, or the one it was given; empty before that. */
  #id: string;
  /** Whether the control plane has the service under that id, or may have it. */
  #mayBeKnown = false;
  /** Whether the control plane has taken a heartbeat since the registration. */
  #isConfirmed = false;
  #state: ControllerState = "registering";
  readonly #madeAt: number;
  #heardAt: number | undefined;
  #error: string | undefined;
  /** Codes that the log has told since the control plane was heard of last. */
  readonly #told = new Set<string>();
  /** What has been done. */
  readonly counts: Readonly<ControllerCounts>;
  readonly #counts: ControllerCounts = {
    registrations: 0,
    failedRegistrations: 0,
    heartbeats: 0,
    failedHeartbeats: 0,
  };

  /** Does nothing before `start()`. */
  constructor(options: ControllerOptions) {
    this.#options = options;
    const connect = options.connect ?? connectControlPlane;
    this.#client = new OneClient(() => connect(options), this.#ending.signal);
    this.#clock = options.clock ?? realClock;
    this.#random = options.random ?? Math.random;
    this.#registration = wholeRegistration(options.registration);
    const { name, id } = this.#registration;
    this.#id = id;
    const instance = options.instance ?? (id || crypto.randomUUID().slice(0, 8));
    this.#localId = `local-${name}-${instance}`;
    this.#backoff = new Backoff(this.#random);
    this.#madeAt = this.#clock.monotonic();
    this.counts = this.#counts;
    // Nobody has to wait for the registration.
    this.#firstRegistration.promise.catch(() => {});
  }

  /** Begins to register, in the background. */
  start(): void {
    this.#running ??= this.#run(this.#ending.signal);
  }

  /** Resolves with the first registration; rejects when `stop` comes before it. */
  registered(): Promise<Registered> {
    return this.#firstRegistration.promise;
  }

  /** How the service stands with the control plane. */
  get details(): ControllerDetails {
    const age = this.#heardAt === undefined ? null : Math.round(this.silentSeconds * 1000) / 1000;
    const protocol = this.#client.current?.protocol;
    return {
      state: this.#state,
      service_id: this.#registered?.serviceId ?? this.#localId,
      endpoint: this.#options.endpoint,
      ...(protocol === undefined ? {} : { protocol }),
      last_heartbeat_age_seconds: age,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  /** Whether the control plane has the service, and heard of it when that was tried last. */
  get isRegistered(): boolean {
    return this.#state === "registered";
  }

  /** Seconds since the control plane was heard of, or since the beginning while it never was. */
  get silentSeconds(): number {
    return (this.#clock.monotonic() - (this.#heardAt ?? this.#madeAt)) / 1000;
  }

  /** Says goodbye where the control plane knows the service, for a second at most, and closes. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** The same as `stop`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #figures(): Record<string, number> {
    const { metrics = {} } = this.#options;
    return readMetrics(typeof metrics === "function" ? metrics() : metrics);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let pauseMs = 0;
      try {
        if (this.#registered === undefined) await this.#register(signal);
        else {
          await this.#beat(signal, this.#registered);
          pauseMs = this.#untilNextBeat();
        }
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = this.#pauseAfter(error);
      }
      // The signal ends the pause, and the loop sees it.
      if (pauseMs > 0) await this.#clock.sleep(pauseMs, signal).catch(() => {});
    }
  }

  async #register(signal: AbortSignal): Promise<void> {
    // Under the id it had, so that a control plane that has forgotten it shows no second service.
    const registration = { ...this.#registration, id: this.#id };
    try {
      const answer = await this.#within(
        REGISTER_TIMEOUT_MS,
        signal,
        async (bound) => await (await this.#client.get(bound)).register(registration, bound),
      );
      this.#counts.registrations++;
      this.#registered = answer;
      this.#id = answer.serviceId;
      this.#mayBeKnown = true;
      this.#heard();
      this.#firstRegistration.resolve(answer);
    } catch (error) {
      // What was on its way may have arrived.
      if (signal.aborted || codeOf(error) === "DEADLINE_EXCEEDED") this.#mayBeKnown = true;
      if (!signal.aborted) this.#counts.failedRegistrations++;
      throw error;
    }
  }

  async #beat(signal: AbortSignal, { serviceId }: Registered): Promise<void> {
    const heartbeat = {
      serviceId,
      status: this.#status(),
      metrics: this.#figures(),
    };
    try {
      await this.#within(CALL_TIMEOUT_MS, signal, async (bound) => {
        await (await this.#client.get(bound)).heartbeat(heartbeat, bound);
      });
      this.#counts.heartbeats++;
      this.#isConfirmed = true;
      this.#backoff.reset();
      this.#heard();
    } catch (error) {
      if (!signal.aborted) this.#counts.failedHeartbeats++;
      throw error;
    }
  }

  /** Notes a failure; returns how long to wait before the next try. */
  #pauseAfter(error: unknown): number {
    this.#failed(codeOf(error), error);
    const forgotten = codeOf(error) === "NOT_FOUND" && this.#registered !== undefined;
    if (!forgotten) return this.#backoff.next();
    this.#registered = undefined;
    this.#mayBeKnown = false;
    // One that forgets at once what it has just taken is not asked without a pause.
    if (!this.#isConfirmed) return this.#backoff.next();
    this.#isConfirmed = false;
    this.#backoff.reset();
    return 0;
  }

  #untilNextBeat(): number {
    const intervalMs = this.#options.heartbeatIntervalMs ?? DEFAULT_HEARTBEAT_INTERVAL_MS;
    return intervalMs * (1 + HEARTBEAT_JITTER * (2 * this.#random() - 1));
  }

  #status(): ServiceStatus {
    try {
      return this.#options.status?.() ?? "HEALTHY";
    } catch {
      return "UNHEALTHY";
    }
  }

  #heard(): void {
    this.#heardAt = this.#clock.monotonic();
    this.#error = undefined;
    this.#told.clear();
    if (this.#state === "registered") return;
    this.#state = "registered";
    const { service_id, endpoint, protocol } = this.details;
    this.#options.log?.info("registered with the control plane", {
      service_id,
      endpoint,
      protocol,
    });
  }

  #failed(code: string, error: unknown): void {
    const reason = error instanceof ControlPlaneError ? error.reason : describeError(error);
    this.#error = `${code}: ${reason}`;
    this.#state = "degraded";
    // Said once for each kind of failure and not at every try.
    if (this.#told.has(code)) return;
    this.#told.add(code);
    const { service_id, endpoint } = this.details;
    this.#options.log?.warn(
      "the control plane does not have this service; the work goes on, trying again",
      { service_id, endpoint, code, reason },
    );
  }

  #within<T>(
    ms: number,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const late = () =>
      new ControlPlaneError(
        "DEADLINE_EXCEEDED",
        this.#options.endpoint,
        `no answer within ${ms / 1000} s`,
      );
    return within({ clock: this.#clock, ms, signal, late }, work);
  }

  async #stop(): Promise<void> {
    const reason = new DOMException("the controller stops", "AbortError");
    this.#ending.abort(reason);
    await this.#running;
    await this.#sayGoodbye();
    this.#client.close();
    this.#state = "stopped";
    this.#firstRegistration.reject(reason);
  }

  async #sayGoodbye(): Promise<void> {
    const [client, serviceId] = [this.#client.current, this.#id];
    if (client === undefined || serviceId === "" || !this.#mayBeKnown) return;
    try {
      await this.#within(GOODBYE_TIMEOUT_MS, new AbortController().signal, async (bound) => {
        const metrics = this.#figures();
        try {
          await client.heartbeat({ serviceId, status: "STOPPING", metrics }, bound);
        } finally {
          // A control plane that refuses the figures still has the service.
          await client.unregister(serviceId, bound);
        }
      });
    } catch (error) {
      // It finds out by itself when no heartbeats come any more.
      this.#options.log?.debug("the control plane was not told of the stop", { error });
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof ControlPlaneError ? error.code : "INTERNAL";
}

function wholeRegistration(registration: OwnRegistration): Registration {
  return {
    id: "",
    description: "",
    version: "",
    inputEventTypes: [],
    outputEventTypes: [],
    endpoint: "",
    metadata: {},
    maxInflight: 0,
    ...registration,
  };
}
