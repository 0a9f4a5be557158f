/**
 * How a pipeline does: looked at again and again, kept for an hour, and told as a report.
 *
 * @module
 */
export * from "./alerts/mod.ts";
export * from "./metrics/mod.ts";
export { ControlPlaneReader, type ControlPlaneReaderOptions } from "./control_plane_reader.ts";
export { type AskedComponent, HealthReader, type HealthReaderOptions } from "./health_reader.ts";
export { HISTORY_METRICS, type HistoryMetric, isHistoryMetric } from "./history_metrics.ts";
export {
  type HistoryPoint,
  type HistoryTrend,
  MetricsHistory,
  type MetricsHistoryOptions,
} from "./metrics_history.ts";
export {
  type KnownService,
  type MonitoredFigures,
  type MonitoredService,
  monitoredService,
} from "./monitored_service.ts";
export { MAX_ALERT_INTERVAL_MS } from "./limits.ts";
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
export { joinedReading } from "./joined_reading.ts";
export { registryReader } from "./registry_reader.ts";
export {
  type ServerSentEvent,
  ServerSentEvents,
  type ServerSentEventsOptions,
} from "./server_sent_events.ts";
export { type SnapshotJson, snapshotJson } from "./snapshot_json.ts";
export * from "./report/mod.ts";
