import type { MetricsRegistry } from "../component/mod.ts";
import type { DiscoveryOptions } from "./discovery.ts";

/** 1 ms × 2^0 … 2^9, in seconds: from a control plane on the same machine to a tenth of the time-out. */
const BUCKETS = Array.from({ length: 10 }, (_, power) => 2 ** power / 1000);

/** Results of a look, as values of a label. */
const RESULTS = ["ok", "failed"] as const;

/**
 * Shows on `/metrics` how a control plane answers a discovery.
 *
 * @returns what the discovery is to be made with
 */
export function addDiscoveryMetrics(
  metrics: MetricsRegistry,
): Required<Pick<DiscoveryOptions, "onLookup" | "onFailedLookup">> {
  const durations = metrics.histogram({
    name: "flowctl_service_discovery_duration_seconds",
    help: "Time that the control plane took to answer a look for other services.",
    buckets: BUCKETS,
  });
  const looks = { ok: 0, failed: 0 };
  metrics.counter({
    name: "flowctl_service_discoveries_total",
    help: "Looks at the control plane for other services, by result.",
    labels: { result: RESULTS },
    read: () => RESULTS.map((result) => ({ value: looks[result], labels: { result } })),
  });
  return {
    onLookup: (seconds) => {
      looks.ok++;
      durations.observe(seconds);
    },
    onFailedLookup: () => void looks.failed++,
  };
}
