import type { PoolEndpoint } from "./pool_endpoint.ts";
import type { LoadBalancing, Poolable } from "./pool_options.ts";

/** What somebody who wants a connection says of the endpoint. */
export interface EndpointWish {
  /** `preferred`: the first one that serves; `balanced` (the default): by the pool's policy. */
  readonly order?: "balanced" | "preferred";
  /** One that is taken only where no other serves. */
  readonly avoid?: string;
}

/** Decides which endpoint takes the next work. Allocates nothing. */
export class EndpointChoice {
  /** Where the next round begins. */
  #turn = 0;

  constructor(private readonly loadBalancing: LoadBalancing) {}

  /**
   * The endpoint that should take the work, or nothing while none serves.
   *
   * @param withIdle whether only one with an idle connection is of use
   */
  choose<C extends Poolable>(
    listed: readonly PoolEndpoint<C>[],
    wish: EndpointWish,
    withIdle: boolean,
  ): PoolEndpoint<C> | undefined {
    const rank = bestRank(listed, wish);
    if (rank === NOT_SERVING) return undefined;
    let best: PoolEndpoint<C> | undefined;
    const first = wish.order === "preferred" ? 0 : this.#turn;
    for (let i = 0; i < listed.length; i++) {
      const endpoint = listed[(first + i) % listed.length]!;
      if (rankOf(endpoint, wish) !== rank) continue;
      const isOfUse = !withIdle || endpoint.idle.length > 0;
      if (wish.order === "preferred") return isOfUse ? endpoint : undefined;
      if (!isOfUse) continue;
      if (this.loadBalancing === "round_robin") return endpoint;
      if (best === undefined || isLessLoaded(endpoint, best)) best = endpoint;
    }
    return best;
  }

  /** Whether a connection to this endpoint is what the wish is for. */
  suits<C extends Poolable>(
    listed: readonly PoolEndpoint<C>[],
    wish: EndpointWish,
    endpoint: PoolEndpoint<C>,
  ): boolean {
    if (wish.order === "preferred") return this.choose(listed, wish, false) === endpoint;
    const rank = rankOf(endpoint, wish);
    return rank !== NOT_SERVING && rank === bestRank(listed, wish);
  }

  /** Notes that an endpoint has taken work: the next round begins after it. */
  took<C extends Poolable>(listed: readonly PoolEndpoint<C>[], endpoint: PoolEndpoint<C>): void {
    this.#turn = listed.indexOf(endpoint) + 1;
  }
}

const NOT_SERVING = Number.POSITIVE_INFINITY;

function bestRank<C extends Poolable>(
  listed: readonly PoolEndpoint<C>[],
  wish: EndpointWish,
): number {
  let best = NOT_SERVING;
  for (const endpoint of listed) best = Math.min(best, rankOf(endpoint, wish));
  return best;
}

/** Work goes only to endpoints of the least rank: those that answer before those that do not yet. */
function rankOf<C extends Poolable>(endpoint: PoolEndpoint<C>, { avoid }: EndpointWish): number {
  if (endpoint.state === "unhealthy") return NOT_SERVING;
  return (endpoint.address === avoid ? 2 : 0) + (endpoint.late > 0 ? 1 : 0);
}

/** Of two that are equally busy the one with an idle connection has less to do. */
function isLessLoaded<C extends Poolable>(one: PoolEndpoint<C>, other: PoolEndpoint<C>): boolean {
  const difference = one.busy + one.opening - (other.busy + other.opening);
  return difference < 0 ||
    difference === 0 && one.idle.length > 0 && other.idle.length === 0;
}
