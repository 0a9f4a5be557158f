/**
 * The flowctl metrics for Prometheus, declared as data, of a component and of all registered ones.
 *
 * @module
 */
export {
  DEFAULT_PIPELINE,
  FLOWCTL_METRICS,
  MAX_SHOWN_ENDPOINTS,
  MAX_SHOWN_PIPELINES,
  MAX_SHOWN_SERVICES,
} from "./flowctl_metrics.ts";
export { type BatchDone, pipelineLatency } from "./pipeline_latency.ts";
export {
  RegisteredServicesMetrics,
  type RegisteredServicesOptions,
} from "./registered_services.ts";
export { addServiceMetrics, type ServiceMetricsOptions } from "./service_metrics.ts";
