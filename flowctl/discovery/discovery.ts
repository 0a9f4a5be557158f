import { type Clock, describeError, type Logger, realClock } from "../component/mod.ts";
import {
  Backoff,
  connectControlPlane,
  type ConnectOptions,
  type ControlPlaneClient,
  ControlPlaneError,
  type ListedService,
  OneClient,
  type ServiceFilter,
  within,
} from "../controller/mod.ts";
import { changesBetween, type DiscoveryChange, type ServicesById } from "./service_changes.ts";
import { ServiceLooks, type WantedServices } from "./service_looks.ts";
import { fits } from "./service_matching.ts";
import { isWorking } from "../service/mod.ts";

/** Time between two looks where none is said: an upstream that moves is followed within it. */
export const DEFAULT_REFRESH_INTERVAL_MS = 5_000;

/** How far a look may come early or late, so that those of many services spread. */
const REFRESH_JITTER = 0.1;

/** Longest wait for one answer. */
const REFRESH_TIMEOUT_MS = 5_000;

/** What a discovery is made of: a control plane, and which of its services are asked for; all by default. */
export interface DiscoveryOptions extends ConnectOptions, WantedServices {
  /** Time between two looks, ± 10 %, asked before each; 5 s by default. */
  readonly refreshIntervalMs?: () => number;
  /** Told once when the control plane cannot be asked, and when it can again. */
  readonly log?: Logger;
  /** Hears how long each look took that the control plane has answered. */
  readonly onLookup?: (seconds: number) => void;
  /** Hears of each look that it has not. */
  readonly onFailedLookup?: () => void;
  /** The machine's time by default. */
  readonly clock?: Clock;
  /** From 0 to 1; Math.random by default. */
  readonly random?: () => number;
  /** Makes the client; one over gRPC by default. */
  readonly connect?: (options: ConnectOptions) => ControlPlaneClient | Promise<ControlPlaneClient>;
}

/**
 * Who else is there: a control plane's services, kept at hand, so that a look-up asks nobody. While
 * the control plane cannot be asked, what it said last stands. Name the services that are wanted
 * (`serves`, `type`, `eventTypes`, `metadata`), and a look costs nothing for all the others.
 *
 * A service that is registered and does not work is first seen once it works. The older protocol
 * tells neither event types nor endpoints, so that services are found by type only.
 *
 * Life: `start()` returns at once and looks in the background, `stop()`.
 *
 * ```ts
 * import { ControlPlane, Discovery } from "@obsrvr/stellar-components/flowctl";
 *
 * await using controlPlane = new ControlPlane({ port: 0 });
 * const { port } = await controlPlane.start();
 *
 * await using discovery = new Discovery({ endpoint: `localhost:${port}` });
 * discovery.watch(({ what, service }) => console.log(what, service.id, service.endpoint));
 * discovery.start();
 * await discovery.ready();
 * console.log(discovery.find({ type: "SOURCE" }), discovery.producersOf("example.Price"));
 * ```
 */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #backoff: Backoff;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<(changes: readonly DiscoveryChange[]) => void>();
  readonly #first = Promise.withResolvers<void>();
  readonly #client: OneClient;
  readonly #looks: ServiceLooks;
  #services: ServicesById = new Map();
  #running: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #error: string | undefined;

  /** Does nothing before `start()`. */
  constructor(options: DiscoveryOptions) {
    this.#options = options;
    const connect = options.connect ?? connectControlPlane;
    this.#client = new OneClient(() => connect(options), this.#ending.signal);
    this.#looks = new ServiceLooks(options);
    this.#clock = options.clock ?? realClock;
    this.#random = options.random ?? Math.random;
    this.#backoff = new Backoff(this.#random);
    // Nobody has to wait for the first answer.
    this.#first.promise.catch(() => {});
  }

  /** Begins to look, in the background. */
  start(): void {
    this.#running ??= this.#run(this.#ending.signal);
  }

  /** Resolves with the first answer; rejects when `stop` comes before it. */
  ready(): Promise<void> {
    return this.#first.promise;
  }

  /** Why the control plane could not be asked last; `undefined` when it could. */
  get error(): string | undefined {
    return this.#error;
  }

  /** All services known, those that do not work too. */
  services(): ListedService[] {
    return [...this.#services.values()];
  }

  /** Services that work and fit, the healthy ones first. */
  find(filter: ServiceFilter = {}): ListedService[] {
    return healthyFirst(this.services().filter((each) => isWorking(each) && fits(each, filter)));
  }

  /** Services that work and serve an event type, the healthy ones first. */
  producersOf(eventType: string): ListedService[] {
    return this.find().filter(({ outputEventTypes }) => outputEventTypes.includes(eventType));
  }

  /**
   * Calls back with each change from now on.
   *
   * @returns ends that
   */
  watch(listener: (change: DiscoveryChange) => void): () => void {
    return this.watchLooks((changes) => {
      for (const change of changes) this.#tell(listener, change);
    });
  }

  /**
   * Calls back once for each look from now on that has found changes, with all of them: for who looks
   * at all services then, which at each single change would take time quadratic in services.
   *
   * @returns ends that
   */
  watchLooks(listener: (changes: readonly DiscoveryChange[]) => void): () => void {
    // The same function may listen twice.
    const own = (changes: readonly DiscoveryChange[]) => listener(changes);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /**
   * Asks the control plane now, and tells what has changed; one that is asked already is not asked twice.
   *
   * @throws {ControlPlaneError} when it cannot be asked
   */
  refresh(): Promise<void> {
    this.#looking ??= this.#look(this.#ending.signal).finally(() => this.#looking = undefined);
    return this.#looking;
  }

  /** Looks no more, and closes. */
  async stop(): Promise<void> {
    const reason = new DOMException("the discovery stops", "AbortError");
    this.#ending.abort(reason);
    this.#listeners.clear();
    await this.#running;
    this.#client.close();
    this.#first.reject(reason);
  }

  /** The same as `stop`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let pauseMs: number;
      try {
        await this.refresh();
        this.#backoff.reset();
        pauseMs = this.#untilNextLook();
      } catch {
        // It is in `error` and in the log.
        pauseMs = this.#backoff.next();
      }
      // The signal ends the pause, and the loop sees it.
      await this.#clock.sleep(pauseMs, signal).catch(() => {});
    }
  }

  #untilNextLook(): number {
    const intervalMs = this.#options.refreshIntervalMs?.() ?? DEFAULT_REFRESH_INTERVAL_MS;
    return intervalMs * (1 + REFRESH_JITTER * (2 * this.#random() - 1));
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { endpoint, onLookup } = this.#options;
    const clock = this.#clock;
    const late = () => new ControlPlaneError("DEADLINE_EXCEEDED", endpoint, "no answer within 5 s");
    const startedAt = clock.monotonic();
    let services: ServicesById;
    try {
      services = await within({ clock, ms: REFRESH_TIMEOUT_MS, signal, late }, async (bound) => {
        return await this.#looks.next(await this.#client.get(bound), this.#services, bound);
      });
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
      throw error;
    }
    onLookup?.((clock.monotonic() - startedAt) / 1000);
    if (this.#error !== undefined) this.#options.log?.info("discovery works again", { endpoint });
    this.#error = undefined;
    this.#take(services);
    this.#first.resolve();
  }

  #take(services: ServicesById): void {
    const changes = changesBetween(this.#services, services);
    this.#services = services;
    if (changes.length === 0) return;
    for (const listener of this.#listeners) this.#tell(listener, changes);
  }

  #tell<T>(listener: (news: T) => void, news: T): void {
    try {
      listener(news);
    } catch (error) {
      this.#options.log?.error("a listener of discovery failed", { error });
    }
  }

  #failed(error: unknown): void {
    const { endpoint, log, onFailedLookup } = this.#options;
    onFailedLookup?.();
    const reason = describeError(error);
    // Said once and not at every try.
    if (this.#error === undefined) {
      log?.warn("discovery cannot ask the control plane; what it said last stands", {
        endpoint,
        reason,
      });
    }
    this.#error = reason;
  }
}

function healthyFirst(services: ListedService[]): ListedService[] {
  return services.sort((a, b) => Number(a.status !== "HEALTHY") - Number(b.status !== "HEALTHY"));
}
