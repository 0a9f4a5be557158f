import { MAX_ENDPOINTS } from "./limits.ts";
import { PoolEndpoint, type PoolMember } from "./pool_endpoint.ts";
import type { Poolable } from "./pool_options.ts";

/** The endpoints of a pool in order of preference, and those that are gone but still in use. */
export class PoolEndpoints<C extends Poolable> {
  #listed: readonly PoolEndpoint<C>[] = [];
  /** Where the next look for a connection for a short call begins. */
  #turn = 0;
  #all = new Map<string, PoolEndpoint<C>>();

  /** Those that work may go to. */
  get listed(): readonly PoolEndpoint<C>[] {
    return this.#listed;
  }

  /** The listed ones and, after them, those that are gone. */
  get all(): Iterable<PoolEndpoint<C>> {
    return this.#all.values();
  }

  /** A listed one by its address. */
  get(address: string): PoolEndpoint<C> | undefined {
    const endpoint = this.#all.get(address);
    return endpoint?.isListed ? endpoint : undefined;
  }

  /** Connections to all of them, open or on their way. */
  get size(): number {
    let size = 0;
    for (const endpoint of this.#all.values()) size += endpoint.size;
    return size;
  }

  /** Connections without work. */
  get idle(): number {
    let idle = 0;
    for (const endpoint of this.#listed) idle += endpoint.idle.length;
    return idle;
  }

  /** Connections given out. */
  get busy(): number {
    let busy = 0;
    for (const endpoint of this.#all.values()) busy += endpoint.busy;
    return busy;
  }

  /**
   * Takes other endpoints; of one that stays, everything stays.
   *
   * @returns those that are no longer listed
   */
  replace(addresses: readonly string[]): PoolEndpoint<C>[] {
    const before = this.#listed;
    const next = new Map<string, PoolEndpoint<C>>();
    for (const address of [...new Set(addresses)].slice(0, MAX_ENDPOINTS)) {
      next.set(address, this.#all.get(address) ?? new PoolEndpoint(address));
    }
    this.#listed = [...next.values()];
    for (const endpoint of this.#all.values()) {
      if (!next.has(endpoint.address)) next.set(endpoint.address, endpoint);
    }
    const listed = new Set(this.#listed);
    for (const endpoint of next.values()) endpoint.isListed = listed.has(endpoint);
    this.#all = next;
    return before.filter((endpoint) => !listed.has(endpoint));
  }

  /** A connection for a call beside others, of each endpoint that has one in its turn. */
  nextUsable(): PoolMember<C> | undefined {
    const count = this.#listed.length;
    for (let i = 0; i < count; i++) {
      const at = (this.#turn + i) % count;
      const member = this.#listed[at]!.usable;
      if (member === undefined) continue;
      this.#turn = at + 1;
      return member;
    }
    return undefined;
  }

  /** Forgets the endpoint when it is neither listed nor has connections. */
  tidy(endpoint: PoolEndpoint<C>): void {
    if (!endpoint.isListed && endpoint.size === 0) this.#all.delete(endpoint.address);
  }

  /** The idle connection that has waited longest, of those that `suits` says. */
  oldestIdle(suits: (endpoint: PoolEndpoint<C>) => boolean = () => true) {
    let oldest;
    for (const endpoint of this.#listed) {
      const member = endpoint.idle[0];
      if (member === undefined || !suits(endpoint)) continue;
      if (oldest === undefined || member.idleSince < oldest.idleSince) oldest = member;
    }
    return oldest;
  }
}
