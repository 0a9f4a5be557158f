/**
 * How a pipeline does: looked at again and again, kept for an hour, and told as a report.
 *
 * @module
 */
export * from "./metrics/mod.ts";
export {
  type KnownService,
  type MonitoredFigures,
  type MonitoredService,
  monitoredService,
} from "./monitored_service.ts";
export {
  PipelineMonitor,
  type PipelineMonitorOptions,
  type SnapshotListener,
} from "./pipeline_monitor.ts";
export {
  MAX_EDGES,
  type MonitorReading,
  type PipelineEdge,
  type PipelineSnapshot,
  pipelineSnapshot,
} from "./pipeline_snapshot.ts";
export { registryReader } from "./registry_reader.ts";
export { type SnapshotJson, snapshotJson } from "./snapshot_json.ts";
