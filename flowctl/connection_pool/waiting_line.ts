import type { Clock, ClockTimer } from "../component/mod.ts";
import type { EndpointWish } from "./endpoint_choice.ts";
import type { Lease } from "./lease.ts";
import type { Opening } from "./openings.ts";
import type { Poolable } from "./pool_options.ts";

/** Somebody who waits for a connection. */
export interface Waiter<C extends Poolable> {
  readonly wish: EndpointWish;
  /** Gives it what it waits for. */
  take(lease: Lease<C>): void;
  /** Ends its wait with an error. */
  refuse(error: unknown): void;
  /** The connection that is being opened for it. */
  opening: Opening<C> | undefined;
  /** Whether one was ever opened for it: then it takes any that comes first. */
  hasAsked: boolean;
}

/** What bounds a wait. */
export interface WaitBounds {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** What it ends with then. */
  readonly late: () => Error;
  readonly signal: AbortSignal | undefined;
}

/** Those who wait for a connection, in the order of coming. */
export class WaitingLine<C extends Poolable> {
  readonly #waiters = new Set<Waiter<C>>();

  /** How many they are. */
  get size(): number {
    return this.#waiters.size;
  }

  /** All of them; may be served while they are gone through. */
  [Symbol.iterator](): Iterator<Waiter<C>> {
    return this.#waiters.values();
  }

  /**
   * Waits at the end of the line.
   *
   * @param serve called once in line; whoever is served then needs no timer
   */
  join(wish: EndpointWish, bounds: WaitBounds, serve: () => void): Promise<Lease<C>> {
    const { signal, clock, timeoutMs, late } = bounds;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => waiter.refuse(signal!.reason);
      const waits: { timer?: ClockTimer } = {};
      const leave = () => {
        waits.timer?.stop();
        signal?.removeEventListener("abort", onAbort);
        this.#waiters.delete(waiter);
        if (waiter.opening !== undefined) waiter.opening.waiter = undefined;
        waiter.opening = undefined;
      };
      const waiter: Waiter<C> = {
        wish,
        take: (lease) => {
          leave();
          resolve(lease);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
        opening: undefined,
        hasAsked: false,
      };
      this.#waiters.add(waiter);
      serve();
      if (!this.#waiters.has(waiter)) return;
      waits.timer = clock.setTimeout(() => waiter.refuse(late()), timeoutMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}
