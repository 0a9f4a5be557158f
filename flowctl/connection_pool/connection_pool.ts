import { type Clock, describeError, realClock } from "../component/mod.ts";
import { ConnectionOpener } from "./connection_opener.ts";
import { Dispatch } from "./dispatch.ts";
import { EndpointChoice, type EndpointWish } from "./endpoint_choice.ts";
import { EndpointRecovery } from "./endpoint_recovery.ts";
import { HealthRounds } from "./health_rounds.ts";
import { IdleClosing } from "./idle_closing.ts";
import { Lease } from "./lease.ts";
import { DEFAULT_STOP_GRACE_MS } from "./limits.ts";
import { Openings } from "./openings.ts";
import { closeQuietly, type PoolEndpoint, type PoolMember } from "./pool_endpoint.ts";
import { PoolEndpoints } from "./pool_endpoints.ts";
import { PoolStoppedError, PoolTimeoutError } from "./pool_error.ts";
import type { PoolEvent } from "./pool_event.ts";
import {
  type ConnectionPoolOptions,
  type Poolable,
  type PoolLimits,
  resolveLimits,
} from "./pool_options.ts";
import { PoolCounts } from "./pool_counts.ts";
import type { FailureReason, PoolStats } from "./pool_stats.ts";
import { type Waiter, WaitingLine } from "./waiting_line.ts";

/**
 * Connections to one or more endpoints that serve the same, given out one user at a time.
 *
 * Whoever waits is served in the order of coming. An endpoint that fails (a connection to it does
 * not open, does not pass a check, or fails its user) is left: its idle connections are closed, those
 * in use once they are given back, and it is tried again in the background. That takes one
 * connection beside `max`, so that a full pool learns of it too.
 *
 * Life: `start()` opens what is kept open and begins the health checks; `stop()` gives nothing out any
 * more and closes everything.
 *
 * ```ts
 * import { ConnectionPool } from "@obsrvr/stellar-components/flowctl";
 *
 * const pool = new ConnectionPool({
 *   endpoints: ["primary:8815", "backup:8815"],
 *   connect: (endpoint) => ({ endpoint, close() {} }), // yours opens something
 *   check: () => Promise.resolve(), // yours asks whether the peer serves
 *   onEvent: (event) => console.log(event),
 * });
 * pool.start();
 * {
 *   using lease = await pool.acquire(undefined, { order: "preferred" });
 *   console.log(`read from ${lease.endpoint}`); // on an error: lease.fail(error)
 * }
 * console.log(pool.stats());
 * await pool.stop();
 * ```
 */
export class ConnectionPool<C extends Poolable> {
  readonly #options: ConnectionPoolOptions<C>;
  readonly #limits: Required<PoolLimits>;
  readonly #acquireTimeoutMs: number;
  readonly #clock: Clock;
  readonly #endpoints = new PoolEndpoints<C>();
  readonly #choice: EndpointChoice;
  readonly #opener: ConnectionOpener<C>;
  readonly #recovery: EndpointRecovery<C>;
  readonly #health: HealthRounds<C>;
  readonly #idle: IdleClosing<C>;
  readonly #waiting = new WaitingLine<C>();
  readonly #openings: Openings<C>;
  readonly #dispatch: Dispatch<C>;
  readonly #counts = new PoolCounts();
  #isStarted = false;
  #isStopped = false;
  #stopped: Promise<void> | undefined;
  /** Called when the last connection in use comes back after a stop. */
  #onDrained = () => {};
  /** Where the last work that wants the first endpoint went. */
  #preferred: string | undefined;

  /** Opens nothing yet. Throws PoolError INVALID_OPTIONS. */
  constructor(options: ConnectionPoolOptions<C>) {
    const { clock = realClock, random = Math.random, connect, check } = options;
    this.#options = options;
    this.#clock = clock;
    this.#limits = resolveLimits(options);
    const { connectTimeoutMs, idleTimeoutMs, healthCheckIntervalMs, max, min } = this.#limits;
    this.#acquireTimeoutMs = options.acquireTimeoutMs ?? connectTimeoutMs;
    this.#choice = new EndpointChoice(this.#limits.loadBalancing);
    const opener = new ConnectionOpener<C>({
      connect,
      check,
      connectTimeoutMs,
      clock,
      onLate: () => this.#serve(),
    });
    this.#opener = opener;
    this.#openings = new Openings<C>({
      opener,
      onOpened: (endpoint, connection) => this.#opened(endpoint, connection),
      onFailed: (endpoint, error) => this.#fail(endpoint, "connect_failed", error),
    });
    const endpoints = this.#endpoints;
    this.#dispatch = new Dispatch<C>({
      endpoints,
      choice: this.#choice,
      openings: this.#openings,
      waiting: this.#waiting,
      max,
      give: (waiter, endpoint) => this.#give(waiter, endpoint),
      close: (member) => this.#close(member),
      giveUp: (endpoint, error) => this.#abandon(endpoint, "connect_failed", error),
    });
    this.#recovery = new EndpointRecovery<C>({
      opener,
      clock,
      random,
      onRecovered: (endpoint, connection) => this.#recovered(endpoint, connection),
    });
    this.#health = new HealthRounds<C>({
      endpoints,
      opener,
      clock,
      intervalMs: healthCheckIntervalMs,
      onFailed: ({ endpoint }, error) => this.#fail(endpoint, "check_failed", error),
      onPassed: () => this.#serve(),
    });
    this.#idle = new IdleClosing<C>({
      endpoints,
      clock,
      idleTimeoutMs,
      min,
      close: (member) => {
        this.#close(member);
        this.#tell({ type: "closed_idle", endpoint: member.endpoint.address });
      },
    });
    endpoints.replace(options.endpoints);
  }

  /** Opens the least number of connections, in the background, and begins the health checks. */
  start(): void {
    if (this.#isStarted || this.#isStopped) return;
    this.#isStarted = true;
    this.#dispatch.kept = this.#limits.min;
    this.#health.start();
    this.#serve();
  }

  /**
   * A connection that passed its last check, for the caller alone until it is given back. Waits behind
   * those who came before.
   *
   * @throws PoolTimeoutError when none becomes free in time, PoolStoppedError, or the signal's reason
   */
  acquire(signal?: AbortSignal, wish: EndpointWish = {}): Promise<Lease<C>> {
    if (this.#isStopped) return Promise.reject(new PoolStoppedError());
    const bounds = {
      clock: this.#clock,
      timeoutMs: this.#acquireTimeoutMs,
      late: () => this.#timedOut(),
      signal,
    };
    return this.#waiting.join(wish, bounds, () => this.#serve());
  }

  /**
   * A connection that is open, to this endpoint or one of those that serve, for a short call beside
   * whoever else uses it; nothing is opened for it. Such a call may fail when the connection is
   * closed meanwhile.
   */
  pick(endpoint?: string): C | undefined {
    const member = endpoint === undefined
      ? this.#endpoints.nextUsable()
      : this.#endpoints.get(endpoint)?.usable;
    if (member === undefined) return undefined;
    // So that it is not closed as unused at this moment.
    member.idleSince = this.#clock.monotonic();
    return member.connection;
  }

  /**
   * Goes to other endpoints from now on, the most wanted first; of more than 64 the first are taken.
   * Connections to those that are gone are closed, the ones in use when they are given back.
   */
  replaceEndpoints(endpoints: readonly string[]): void {
    if (this.#isStopped) return;
    for (const gone of this.#endpoints.replace(endpoints)) {
      this.#recovery.end(gone);
      this.#leaveEndpoint(gone);
      gone.state = "untried";
      gone.lastError = undefined;
      this.#endpoints.tidy(gone);
    }
    this.#serve();
  }

  /** The figures now. */
  stats(): PoolStats {
    return this.#counts.stats(this.#endpoints.all, this.#waiting.size);
  }

  /**
   * Gives nothing out any more, refuses those who wait, and resolves when everything is closed:
   * connections in use when they are given back, or after `graceMs`.
   */
  stop(graceMs = DEFAULT_STOP_GRACE_MS): Promise<void> {
    return this.#stopped ??= this.#drain(graceMs);
  }

  /** Stops. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #drain(graceMs: number): Promise<void> {
    this.#isStopped = true;
    this.#health.stop();
    this.#idle.stop();
    this.#recovery.stop();
    for (const waiter of this.#waiting) waiter.refuse(new PoolStoppedError());
    for (const endpoint of this.#endpoints.all) this.#leaveEndpoint(endpoint);
    if (this.#endpoints.busy > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onDrained = resolve;
      const timer = this.#clock.setTimeout(resolve, graceMs);
      await promise;
      timer.stop();
    }
    for (const endpoint of this.#endpoints.all) {
      for (const member of [...endpoint.members]) endpoint.close(member);
    }
    await this.#opener.ended();
  }

  #serve(): void {
    if (this.#isStopped) return;
    this.#dispatch.serve();
    this.#idle.schedule();
  }

  #offer(endpoint: PoolEndpoint<C>): void {
    if (this.#isStopped) return;
    this.#dispatch.offer(endpoint);
    this.#idle.schedule();
  }

  #give(waiter: Waiter<C>, endpoint: PoolEndpoint<C>): void {
    const member = endpoint.take();
    // The turn of one that waited was when its connection began to open.
    if (!waiter.hasAsked) this.#choice.took(this.#endpoints.listed, endpoint);
    this.#counts.acquired++;
    if (waiter.wish.order === "preferred") this.#notePreferred(endpoint);
    waiter.take(
      new Lease(member.connection, endpoint.address, (failure) => this.#takeBack(member, failure)),
    );
  }

  #opened(endpoint: PoolEndpoint<C>, connection: C): void {
    endpoint.state = "healthy";
    endpoint.add(connection, this.#clock.monotonic());
    this.#tell({ type: "connected", endpoint: endpoint.address });
    this.#offer(endpoint);
  }

  #timedOut(): PoolTimeoutError {
    this.#counts.timeouts++;
    const reason = this.#options.emptyReason?.() ?? "the pool has no endpoint.";
    const bounds = { timeoutMs: this.#acquireTimeoutMs, max: this.#limits.max };
    return new PoolTimeoutError(this.stats(), bounds, reason);
  }

  #takeBack(member: PoolMember<C>, failure?: { readonly error: unknown }): void {
    const { endpoint } = member;
    // Closed by a stop already.
    if (!endpoint.members.includes(member)) return;
    const isKept = failure === undefined && !member.isRetired;
    if (isKept) endpoint.put(member, this.#clock.monotonic());
    else this.#close(member);
    if (this.#isStopped) {
      if (this.#endpoints.busy === 0) this.#onDrained();
      return;
    }
    // What is known of an endpoint that failed and came back is newer than this.
    if (failure !== undefined && !member.isRetired) {
      this.#fail(endpoint, "call_failed", failure.error);
    } else if (isKept) this.#offer(endpoint);
    else this.#serve();
  }

  #close(member: PoolMember<C>): void {
    member.endpoint.close(member);
    this.#endpoints.tidy(member.endpoint);
  }

  /** Leaves an endpoint until it is reached again. */
  #abandon(endpoint: PoolEndpoint<C>, reason: FailureReason, error: unknown): void {
    if (this.#isStopped || !endpoint.isListed) return;
    endpoint.lastError = describeError(error);
    if (endpoint.state === "unhealthy") return;
    endpoint.state = "unhealthy";
    endpoint.failure = { reason, at: this.#clock.monotonic() };
    this.#leaveEndpoint(endpoint);
    this.#recovery.begin(endpoint);
    this.#tell({ type: "failed", endpoint: endpoint.address, reason, error });
  }

  #fail(endpoint: PoolEndpoint<C>, reason: FailureReason, error: unknown): void {
    this.#abandon(endpoint, reason, error);
    this.#serve();
  }

  /** Closes what is idle or on its way there; what is in use is closed when it is given back. */
  #leaveEndpoint(endpoint: PoolEndpoint<C>): void {
    endpoint.retire();
    this.#openings.cancel(endpoint);
  }

  #recovered(endpoint: PoolEndpoint<C>, connection: C): void {
    const now = this.#clock.monotonic();
    const { reason, at } = endpoint.failure!;
    endpoint.state = "healthy";
    endpoint.lastError = undefined;
    endpoint.reconnects++;
    this.#counts.reconnectsBy[reason]++;
    this.#tell({ type: "recovered", endpoint: endpoint.address, afterMs: now - at });
    if (this.#endpoints.size < this.#limits.max) {
      endpoint.add(connection, now);
      this.#offer(endpoint);
    } else {
      closeQuietly(connection);
      this.#serve();
    }
  }

  #notePreferred(endpoint: PoolEndpoint<C>): void {
    const from = this.#preferred;
    this.#preferred = endpoint.address;
    if (from === undefined || from === endpoint.address) return;
    const error = this.#endpoints.get(from)?.lastError;
    this.#tell({
      type: "moved",
      from,
      to: endpoint.address,
      ...(error !== undefined && { error }),
    });
  }

  /** Told later, so that a listener finds the pool at rest whatever it does with it. */
  #tell(event: PoolEvent): void {
    const { onEvent } = this.#options;
    if (onEvent !== undefined) queueMicrotask(() => onEvent(event));
  }
}
