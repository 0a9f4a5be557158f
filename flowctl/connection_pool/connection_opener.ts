import type { Clock } from "../component/mod.ts";
import { within } from "../controller/mod.ts";
import { LATE_MS } from "./limits.ts";
import { closeQuietly, type PoolEndpoint } from "./pool_endpoint.ts";
import { PoolError } from "./pool_error.ts";
import type { Poolable } from "./pool_options.ts";

/** What an opener is made of: a part of the pool's options, with their defaults. */
export interface ConnectionOpenerOptions<C extends Poolable> {
  readonly connect: (endpoint: string) => C;
  readonly check: (connection: C, signal: AbortSignal) => Promise<void>;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  /** Told when a check is late, so that what waits for it may go elsewhere. */
  readonly onLate: () => void;
}

/** Opens and checks connections, in bounded time whatever the peer does. */
export class ConnectionOpener<C extends Poolable> {
  readonly #running = new Set<Promise<unknown>>();

  constructor(private readonly options: ConnectionOpenerOptions<C>) {}

  /** A connection that has just been checked; closed again when the signal aborts first. */
  open(endpoint: PoolEndpoint<C>, signal: AbortSignal): Promise<C> {
    return this.#counted(this.#open(endpoint, signal));
  }

  /** Rejects when the peer does not serve or does not say so in time. */
  check(endpoint: PoolEndpoint<C>, connection: C, signal: AbortSignal): Promise<void> {
    return this.#counted(this.#check(endpoint, connection, signal));
  }

  /** Resolves when nothing runs any more; whatever is aborted ends at once. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #counted<T>(work: Promise<T>): Promise<T> {
    const counted = work.finally(() => this.#running.delete(counted));
    this.#running.add(counted);
    return counted;
  }

  async #open(endpoint: PoolEndpoint<C>, signal: AbortSignal): Promise<C> {
    const connection = this.options.connect(endpoint.address);
    try {
      await this.#check(endpoint, connection, signal);
      return connection;
    } catch (error) {
      closeQuietly(connection);
      throw error;
    }
  }

  async #check(endpoint: PoolEndpoint<C>, connection: C, signal: AbortSignal): Promise<void> {
    const { clock, connectTimeoutMs: ms, check, onLate } = this.options;
    let isLate = false;
    const lateness = clock.setTimeout(() => {
      isLate = true;
      endpoint.late++;
      onLate();
    }, LATE_MS);
    const late = () => new PoolError("NO_ANSWER", `no answer within ${ms} ms`);
    try {
      await within({ clock, ms, signal, late }, (signal) => check(connection, signal));
    } finally {
      lateness.stop();
      if (isLate) endpoint.late--;
    }
  }
}
