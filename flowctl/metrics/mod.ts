/**
 * What a pipeline does, from its services' heartbeats: throughput, latency, load, queues and errors.
 *
 * @module
 */
export { metricsJson, totalJson } from "./metrics_json.ts";
export {
  type Peak,
  type PipelineMetrics,
  pipelineMetrics,
  type PipelineTotal,
  pipelineTotal,
  type TypeThroughput,
} from "./pipeline_metrics.ts";
export {
  MAX_TOLD_ENDPOINTS,
  poolFigures,
  type ToldEndpoint,
  type ToldPool,
  toldPool,
} from "./pool_figures.ts";
export {
  figure,
  type MeasuredService,
  type ServiceMetrics,
  serviceMetrics,
} from "./service_metrics.ts";
