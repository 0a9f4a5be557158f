import type { MetricsRegistry } from "../component/mod.ts";
import { type EndpointStats, FAILURE_REASONS, type PoolStats } from "./pool_stats.ts";

/** What is asked of a pool. */
interface CountedPool {
  stats(): PoolStats;
}

/**
 * Shows a pool's connections on `/metrics`.
 *
 * @param serviceId the id under which the service is known, asked at each scrape
 */
export function addPoolMetrics(
  metrics: MetricsRegistry,
  pool: CountedPool,
  serviceId: () => string,
): void {
  // The registry asks for all values of a label: these are those of the scrape that runs.
  const endpoint: string[] = [];
  const service_id: string[] = [];
  const look = () => {
    const stats = pool.stats();
    endpoint.splice(0, endpoint.length, ...stats.endpoints.map((each) => each.endpoint));
    service_id.splice(0, 1, serviceId());
    return stats;
  };
  const byEndpoint = (value: (stats: EndpointStats) => number) => () =>
    look().endpoints.map((each) => ({ labels: { endpoint: each.endpoint }, value: value(each) }));
  metrics.gauge({
    name: "flowctl_pool_total_connections",
    help: "Connections of the pool to an endpoint: idle, in use and being opened.",
    labels: { endpoint },
    read: byEndpoint(({ total }) => total),
  });
  metrics.gauge({
    name: "flowctl_pool_healthy_connections",
    help: "Connections of the pool to an endpoint that may be given out again.",
    labels: { endpoint },
    read: byEndpoint(({ healthy }) => healthy),
  });
  metrics.gauge({
    name: "flowctl_pool_idle_connections",
    help: "Connections of the pool to an endpoint that have no work.",
    labels: { endpoint },
    read: byEndpoint(({ idle }) => idle),
  });
  metrics.gauge({
    name: "flowctl_service_connections",
    help: "Connections to an endpoint that the service has in use.",
    labels: { service_id, endpoint },
    read: () =>
      look().endpoints.map((each) => ({
        labels: { service_id: service_id[0]!, endpoint: each.endpoint },
        value: each.busy,
      })),
  });
  metrics.counter({
    name: "flowctl_reconnection_events_total",
    help: "Times that an endpoint was reached again after it had failed, by how it had failed.",
    labels: { service_id, reason: FAILURE_REASONS },
    read: () => {
      const { reconnectsBy } = look();
      return FAILURE_REASONS.map((reason) => ({
        labels: { service_id: service_id[0]!, reason },
        value: reconnectsBy[reason],
      }));
    },
  });
}
