import type { Poolable } from "./pool_options.ts";
import type { EndpointStats, FailureReason } from "./pool_stats.ts";

/** An open connection of a pool. */
export interface PoolMember<C extends Poolable> {
  readonly connection: C;
  readonly endpoint: PoolEndpoint<C>;
  isBusy: boolean;
  /** Whether its endpoint has failed or gone since it was opened: it is not given out again. */
  isRetired: boolean;
  /** Monotonic time of its last use. */
  idleSince: number;
  /** Monotonic time of its last check. */
  checkedAt: number;
}

/** One endpoint of a pool: its connections and how it stands. */
export class PoolEndpoint<C extends Poolable> {
  /** Open connections. */
  readonly members: PoolMember<C>[] = [];
  /** Those of them without work, the longest unused first. */
  readonly idle: PoolMember<C>[] = [];
  /** Connections being opened. */
  opening = 0;
  /** Checks that have been waiting for an answer for too long. */
  late = 0;
  state: "untried" | "healthy" | "unhealthy" = "untried";
  /** Whether it is among the pool's endpoints, or has connections in use only. */
  isListed = true;
  lastError: string | undefined;
  /** Why and when (monotonic) it became unhealthy. */
  failure: { readonly reason: FailureReason; readonly at: number } | undefined;
  reconnects = 0;

  constructor(readonly address: string) {}

  /** Open connections and those on their way. */
  get size(): number {
    return this.members.length + this.opening;
  }

  /** Connections given out. */
  get busy(): number {
    return this.members.length - this.idle.length;
  }

  /** Adds a connection that has just been checked, as an idle one. */
  add(connection: C, now: number): PoolMember<C> {
    const member: PoolMember<C> = {
      connection,
      endpoint: this,
      isBusy: false,
      isRetired: false,
      idleSince: now,
      checkedAt: now,
    };
    this.members.push(member);
    this.idle.push(member);
    return member;
  }

  /** Gives out the connection that was used last: the others may then grow old enough to be closed. */
  take(): PoolMember<C> {
    const member = this.idle.pop()!;
    member.isBusy = true;
    return member;
  }

  /** Takes one back. */
  put(member: PoolMember<C>, now: number): void {
    member.isBusy = false;
    member.idleSince = now;
    this.idle.push(member);
  }

  /** Closes a connection and forgets it. */
  close(member: PoolMember<C>): void {
    remove(this.members, member);
    remove(this.idle, member);
    closeQuietly(member.connection);
  }

  /** Closes the idle connections, and lets the busy ones be closed once they are released. */
  retire(): void {
    for (const member of this.idle.splice(0)) this.close(member);
    for (const member of this.members) member.isRetired = true;
  }

  /** A connection for a call beside others: an idle one, else a busy one. */
  get usable(): PoolMember<C> | undefined {
    const idle = this.idle.at(-1);
    if (idle !== undefined) return idle;
    for (const member of this.members) if (!member.isRetired) return member;
    return undefined;
  }

  /** Its figures. */
  stats(): EndpointStats {
    let healthy = 0;
    for (const member of this.members) if (!member.isRetired) healthy++;
    return {
      endpoint: this.address,
      state: this.isListed ? this.state : "gone",
      total: this.size,
      healthy,
      idle: this.idle.length,
      busy: this.busy,
      opening: this.opening,
      reconnects: this.reconnects,
      ...(this.lastError !== undefined && { lastError: this.lastError }),
    };
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

/** Closes a connection that nobody needs: whatever is wrong with it then concerns nobody. */
export function closeQuietly(connection: Poolable): void {
  try {
    connection.close();
  } catch {
    // It is given up either way.
  }
}
