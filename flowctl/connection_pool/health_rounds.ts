import type { Clock, ClockTimer } from "../component/mod.ts";
import type { ConnectionOpener } from "./connection_opener.ts";
import { MAX_CHECKS_AT_ONCE } from "./limits.ts";
import type { PoolEndpoint, PoolMember } from "./pool_endpoint.ts";
import type { PoolEndpoints } from "./pool_endpoints.ts";
import type { Poolable } from "./pool_options.ts";

/** What the rounds are made of. */
export interface HealthRoundsOptions<C extends Poolable> {
  readonly endpoints: PoolEndpoints<C>;
  readonly opener: ConnectionOpener<C>;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Told of a connection that does not pass. */
  readonly onFailed: (member: PoolMember<C>, error: unknown) => void;
  /** Told when one has passed. */
  readonly onPassed: () => void;
}

/**
 * Checks one idle connection of each endpoint every interval, each in its turn. Those in use need
 * no check: whoever uses them notices.
 */
export class HealthRounds<C extends Poolable> {
  readonly #options: HealthRoundsOptions<C>;
  readonly #ending = new AbortController();
  /** Endpoints whose last check has no answer yet. */
  readonly #asked = new Set<PoolEndpoint<C>>();
  #timer: ClockTimer | undefined;

  constructor(options: HealthRoundsOptions<C>) {
    this.#options = options;
  }

  /** Begins with the first round after an interval. */
  start(): void {
    const { clock, intervalMs } = this.#options;
    this.#timer ??= clock.setInterval(() => this.#round(), intervalMs);
  }

  /** Ends them, and the checks that run. */
  stop(): void {
    this.#timer?.stop();
    this.#ending.abort();
  }

  #round(): void {
    const members = [];
    for (const endpoint of this.#options.endpoints.listed) {
      const member = leastRecentlyChecked(endpoint);
      if (member !== undefined && !this.#asked.has(endpoint)) members.push(member);
    }
    for (let i = 0; i < MAX_CHECKS_AT_ONCE; i++) void this.#checkAll(members);
  }

  /** Takes one after the other off the list. */
  async #checkAll(members: PoolMember<C>[]): Promise<void> {
    for (let member = members.shift(); member !== undefined; member = members.shift()) {
      await this.#check(member);
    }
  }

  async #check(member: PoolMember<C>): Promise<void> {
    const { endpoint } = member;
    const { opener, clock, onFailed, onPassed } = this.#options;
    this.#asked.add(endpoint);
    member.checkedAt = clock.monotonic();
    try {
      await opener.check(endpoint, member.connection, this.#ending.signal);
      onPassed();
    } catch (error) {
      // One that was closed meanwhile cannot pass, which says nothing of its endpoint.
      const isOpen = endpoint.members.includes(member) && !member.isRetired;
      if (isOpen && !this.#ending.signal.aborted) onFailed(member, error);
    } finally {
      this.#asked.delete(endpoint);
    }
  }
}

function leastRecentlyChecked<C extends Poolable>(
  { idle }: PoolEndpoint<C>,
): PoolMember<C> | undefined {
  let least = idle[0];
  for (const member of idle) if (member.checkedAt < least!.checkedAt) least = member;
  return least;
}
