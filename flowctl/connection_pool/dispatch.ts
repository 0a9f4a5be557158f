import type { EndpointChoice } from "./endpoint_choice.ts";
import type { Openings } from "./openings.ts";
import type { PoolEndpoint, PoolMember } from "./pool_endpoint.ts";
import type { PoolEndpoints } from "./pool_endpoints.ts";
import { PoolError } from "./pool_error.ts";
import type { Poolable } from "./pool_options.ts";
import type { Waiter, WaitingLine } from "./waiting_line.ts";

/** What a dispatch is made of. */
export interface DispatchOptions<C extends Poolable> {
  readonly endpoints: PoolEndpoints<C>;
  readonly choice: EndpointChoice;
  readonly openings: Openings<C>;
  readonly waiting: WaitingLine<C>;
  /** Most connections. */
  readonly max: number;
  /** Gives an idle connection of an endpoint to a waiter. */
  readonly give: (waiter: Waiter<C>, endpoint: PoolEndpoint<C>) => void;
  /** Closes an idle connection. */
  readonly close: (member: PoolMember<C>) => void;
  /** Leaves an endpoint that does not answer, without serving anybody. */
  readonly giveUp: (endpoint: PoolEndpoint<C>, error: Error) => void;
}

/** Decides who gets which connection, and which ones are opened, in the order of coming. */
export class Dispatch<C extends Poolable> {
  /** Connections that are kept open when nobody wants them. */
  kept = 0;
  readonly #options: DispatchOptions<C>;

  constructor(options: DispatchOptions<C>) {
    this.#options = options;
  }

  /**
   * Gives a connection that has just become idle to the first in line that it suits. It passes by those
   * for whom another is being opened, and nobody else: who wants another endpoint would otherwise
   * wait for ever in a full pool, instead of having it make room.
   */
  offer(endpoint: PoolEndpoint<C>): void {
    const { endpoints: { listed }, waiting, choice, give } = this.#options;
    for (const waiter of waiting) {
      if (choice.suits(listed, waiter.wish, endpoint)) {
        give(waiter, endpoint);
        break;
      }
      if (waiter.opening === undefined) break;
    }
    this.serve();
  }

  /** Gives out what there is and opens what is wanted, in the order of coming. */
  serve(): void {
    for (const waiter of this.#options.waiting) {
      if (!this.#hasMore()) break;
      this.#serveOne(waiter);
    }
    this.#fill();
  }

  /** Whether anything is left that somebody may be given. */
  #hasMore(): boolean {
    const { endpoints, max } = this.#options;
    if (endpoints.idle > 0 || endpoints.size < max) return true;
    return endpoints.listed.some(({ late, opening }) => late > 0 && opening > 0);
  }

  #serveOne(waiter: Waiter<C>): void {
    const { endpoints, choice, openings, max, give } = this.#options;
    const { listed } = endpoints;
    const wanted = choice.choose(listed, waiter.wish, false);
    if (wanted === undefined) return;
    // Who cannot have a new one, or has waited for it since, takes what is there.
    const takesAny = waiter.hasAsked || endpoints.size >= max;
    const endpoint = wanted.idle.length === 0 && takesAny
      ? choice.choose(listed, waiter.wish, true) ?? wanted
      : wanted;
    if (endpoint.idle.length > 0) return give(waiter, endpoint);
    const suits = (other: PoolEndpoint<C>) => choice.suits(listed, waiter.wish, other);
    if (openings.has(waiter, suits) || !this.#makeRoom(endpoint)) return;
    choice.took(listed, endpoint);
    openings.open(endpoint, waiter);
  }

  /**
   * Makes room for a connection to an endpoint: where all are open already, at the cost of one that is
   * idle at an endpoint that is not wanted, or of one that is not opening in time.
   */
  #makeRoom(endpoint: PoolEndpoint<C>): boolean {
    const { endpoints, max, close, giveUp } = this.#options;
    if (endpoints.size < max) return true;
    const idle = endpoints.oldestIdle((other) => other !== endpoint);
    if (idle !== undefined) {
      close(idle);
      return true;
    }
    // Whether this one is any better is not known before its own connection opens.
    if (endpoint.late > 0 || endpoint.opening > 0) return false;
    const late = endpoints.listed.find(({ late, opening }) => late > 0 && opening > 0);
    if (late === undefined) return false;
    const error = new PoolError("NO_ANSWER", "no answer yet, and its place was needed");
    giveUp(late, error);
    return endpoints.size < max;
  }

  /** Opens what is kept open, evenly. */
  #fill(): void {
    const { endpoints, openings } = this.#options;
    while (endpoints.size < this.kept) {
      let least: PoolEndpoint<C> | undefined;
      for (const endpoint of endpoints.listed) {
        if (endpoint.state === "unhealthy") continue;
        if (least === undefined || endpoint.size < least.size) least = endpoint;
      }
      if (least === undefined) return;
      openings.open(least);
    }
  }
}
