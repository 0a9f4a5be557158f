/**
 * Who else is there, by a control plane: services found by type, event type and metadata, and watched.
 *
 * @module
 */
export { DEFAULT_REFRESH_INTERVAL_MS, Discovery, type DiscoveryOptions } from "./discovery.ts";
export { addDiscoveryMetrics, DISCOVERY_METRICS } from "./discovery_metrics.ts";
export { DiscoveryAllow, DiscoveryRefusedError } from "./discovery_allow.ts";
export type { DiscoveryChange } from "./service_changes.ts";
export type { WantedServices } from "./service_looks.ts";
export {
  UpstreamDiscovery,
  type UpstreamDiscoveryOptions,
  type UpstreamUse,
} from "./upstream_discovery.ts";
