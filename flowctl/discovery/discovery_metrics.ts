import {
  addDeclaredMetrics,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../component/mod.ts";
import { FLOWCTL_METRICS } from "../monitoring/metrics/mod.ts";
import type { DiscoveryOptions } from "./discovery.ts";

/** Results of a look, as values of a label. */
const RESULTS = ["ok", "failed"] as const;

/** The looks of a component that is left to find its upstream. */
export const DISCOVERY_METRICS = {
  looks: {
    name: "flowctl_service_discoveries_total",
    type: "counter",
    unit: "looks",
    help: "Looks at the control plane for other services, by result.",
    worry: "The failed ones grow: an upstream that moves is not found.",
    labels: { result: RESULTS },
  },
} as const satisfies MetricDeclarations;

/**
 * Shows on `/metrics` how a control plane answers a discovery.
 *
 * @returns what the discovery is to be made with
 */
export function addDiscoveryMetrics(
  metrics: MetricsRegistry,
): Required<Pick<DiscoveryOptions, "onLookup" | "onFailedLookup">> {
  const durations = metrics.histogramOf(FLOWCTL_METRICS.discoveryDuration);
  const looks = { ok: 0, failed: 0 };
  addDeclaredMetrics(metrics, DISCOVERY_METRICS, {
    looks: () => RESULTS.map((result) => ({ value: looks[result], labels: { result } })),
  });
  return {
    onLookup: (seconds) => {
      looks.ok++;
      durations.observe(seconds);
    },
    onFailedLookup: () => void looks.failed++,
  };
}
