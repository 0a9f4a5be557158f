import type { PoolEndpoint } from "./pool_endpoint.ts";
import type { Poolable } from "./pool_options.ts";
import type { FailureReason, PoolStats } from "./pool_stats.ts";

/** What a pool has counted since its beginning. */
export class PoolCounts {
  acquired = 0;
  timeouts = 0;
  readonly reconnectsBy: Record<FailureReason, number> = {
    connect_failed: 0,
    check_failed: 0,
    call_failed: 0,
  };

  /** These counts and the sums over the endpoints. */
  stats<C extends Poolable>(all: Iterable<PoolEndpoint<C>>, waiting: number): PoolStats {
    const { acquired, timeouts, reconnectsBy } = this;
    const { connect_failed, check_failed, call_failed } = reconnectsBy;
    const sum = { total: 0, healthy: 0, idle: 0, busy: 0, opening: 0, healthyEndpoints: 0 };
    const endpoints = [];
    for (const endpoint of all) {
      const stats = endpoint.stats();
      endpoints.push(stats);
      sum.total += stats.total;
      sum.healthy += stats.healthy;
      sum.idle += stats.idle;
      sum.busy += stats.busy;
      sum.opening += stats.opening;
      if (stats.state === "healthy") sum.healthyEndpoints++;
    }
    return {
      ...sum,
      waiting,
      acquired,
      timeouts,
      // Those of endpoints that are gone count too.
      reconnects: connect_failed + check_failed + call_failed,
      reconnectsBy: { ...reconnectsBy },
      endpoints,
    };
  }
}
