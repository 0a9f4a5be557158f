import type { Clock, ClockTimer } from "../component/mod.ts";
import type { PoolMember } from "./pool_endpoint.ts";
import type { PoolEndpoints } from "./pool_endpoints.ts";
import type { Poolable } from "./pool_options.ts";

/** What the closing of idle connections is made of. */
export interface IdleClosingOptions<C extends Poolable> {
  readonly endpoints: PoolEndpoints<C>;
  readonly clock: Clock;
  readonly idleTimeoutMs: number;
  /** Connections that stay open. */
  readonly min: number;
  /** Closes one. */
  readonly close: (member: PoolMember<C>) => void;
}

/** Closes connections that have been idle for too long, the longest idle first, down to `min`. */
export class IdleClosing<C extends Poolable> {
  readonly #options: IdleClosingOptions<C>;
  #timer: ClockTimer | undefined;

  constructor(options: IdleClosingOptions<C>) {
    this.#options = options;
  }

  /** Sets the timer for the connection that is due next, when there may be one. */
  schedule(): void {
    if (this.#timer !== undefined) return;
    const { endpoints, clock, idleTimeoutMs, min } = this.#options;
    if (endpoints.size <= min) return;
    const oldest = endpoints.oldestIdle();
    if (oldest === undefined) return;
    const dueMs = oldest.idleSince + idleTimeoutMs - clock.monotonic();
    this.#timer = clock.setTimeout(() => this.#close(), Math.max(0, dueMs));
  }

  /** Takes the timer back. */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  #close(): void {
    this.#timer = undefined;
    const { endpoints, clock, idleTimeoutMs, min, close } = this.#options;
    const limit = clock.monotonic() - idleTimeoutMs;
    while (endpoints.size > min) {
      const oldest = endpoints.oldestIdle();
      if (oldest === undefined || oldest.idleSince > limit) break;
      close(oldest);
    }
    this.schedule();
  }
}
