import {
  type MetricDeclarations,
  type OpenLabel,
  RECONNECTION_REASONS,
} from "../../component/mod.ts";
import { SERVICE_TYPES } from "../../service/mod.ts";

/** Services shown on a control plane's `/metrics`: ten times what one page of a dashboard can show. */
export const MAX_SHOWN_SERVICES = 1_000;

/** Endpoints shown: a pool has few, and all services of a control plane read from few. */
export const MAX_SHOWN_ENDPOINTS = 1_000;

/** Pipelines shown: one control plane has few, and each has a histogram. */
export const MAX_SHOWN_PIPELINES = 100;

/** The pipeline of services of which no pipeline run tells another name. */
export const DEFAULT_PIPELINE = "default";

/** From one machine without load to a commit that waits for FLUSH_INTERVAL, and minutes behind. */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** 1 ms × 2^0 … 2^9: from a control plane on the same machine to a tenth of the time-out. */
const DISCOVERY_BUCKETS = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512];

const service_id: OpenLabel = { atMost: MAX_SHOWN_SERVICES, of: "id of a service" };
const service_type = SERVICE_TYPES;
const endpoint: OpenLabel = { atMost: MAX_SHOWN_ENDPOINTS, of: "host:port that is read from" };
const pipeline: OpenLabel = {
  atMost: MAX_SHOWN_PIPELINES,
  of: `name of a pipeline run, or ${DEFAULT_PIPELINE}`,
};

/**
 * The metrics that every component shows of itself, and the control plane of all services that are
 * registered with it.
 */
export const FLOWCTL_METRICS = {
  pipelineThroughput: {
    name: "flowctl_pipeline_throughput_total",
    type: "counter",
    unit: "events",
    help: "Events done: on a component its own (of a source its ledgers), on the control plane " +
      "those that left the pipeline's last stage since it first heard of the services.",
    worry: "It stands still while ledgers close.",
    labels: { pipeline },
  },
  pipelineLatency: {
    name: "flowctl_pipeline_latency_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Time from when the source had read a batch until this component was done with it (the " +
      "sink: until it was committed); on the control plane, at each heartbeat of the last stage, " +
      "what the slowest service of each stage takes for its own part, added up.",
    worry:
      "The 99th percentile is above 5 s at the tip, or above FLUSH_INTERVAL plus that at a sink.",
    labels: { pipeline },
    buckets: LATENCY_BUCKETS,
  },
  loadRatio: {
    name: "flowctl_service_load_ratio",
    type: "gauge",
    unit: "1",
    help:
      "The fullest of what is bounded in the service: ledgers or bytes in flight, or its queue.",
    worry:
      "It is above 0.85 for two minutes: what reads from the service, or its disk, is too slow.",
    labels: { service_id, service_type },
  },
  backpressure: {
    name: "flowctl_backpressure_active",
    type: "gauge",
    unit: "1",
    help: "1 while the service asks for less than comes, or a consumer of it does; else 0.",
    worry: "It is 1 for 30 s at the tip; in history it is how the slowest stage sets the pace.",
    labels: { service_id },
  },
  throttle: {
    name: "flowctl_throttle_rate",
    type: "gauge",
    unit: "1",
    help: "Part of its pace that the service lets through, from 0.05 to 1.",
    worry: "It stays below 0.5: scale what reads from the service.",
    labels: { service_id },
  },
  connections: {
    name: "flowctl_service_connections",
    type: "gauge",
    unit: "connections",
    help: "Connections to an endpoint that the service has in use.",
    worry: "It is 0 while ledgers wait, or always CONNECTION_POOL_MAX_CONNECTIONS.",
    labels: { service_id, endpoint },
  },
  discoveryDuration: {
    name: "flowctl_service_discovery_duration_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Time that the control plane took to answer a look for other services; on the control " +
      "plane its own part of that.",
    worry: "The 99th percentile is above 50 ms.",
    buckets: DISCOVERY_BUCKETS,
  },
  reconnections: {
    name: "flowctl_reconnection_events_total",
    type: "counter",
    unit: "reconnections",
    help: "Times that an endpoint was reached again after it had failed, by how it had failed.",
    worry: "It grows all the time: the endpoint or the network between breaks off again and again.",
    labels: { service_id, reason: RECONNECTION_REASONS },
  },
  poolTotal: {
    name: "flowctl_pool_total_connections",
    type: "gauge",
    unit: "connections",
    help: "Connections to an endpoint: idle, in use and being opened.",
    worry: "It is 0: nothing connects to the endpoint any more.",
    labels: { endpoint },
  },
  poolHealthy: {
    name: "flowctl_pool_healthy_connections",
    type: "gauge",
    unit: "connections",
    help: "Connections to an endpoint that may be given out.",
    worry: "It is below half of flowctl_pool_total_connections for a minute.",
    labels: { endpoint },
  },
  poolIdle: {
    name: "flowctl_pool_idle_connections",
    type: "gauge",
    unit: "connections",
    help: "Connections to an endpoint that have no work.",
    worry: "It is 0 for long while calls wait: raise CONNECTION_POOL_MAX_CONNECTIONS.",
    labels: { endpoint },
  },
  throughput: {
    name: "flowctl_service_throughput",
    type: "gauge",
    unit: "events per second",
    help: "Events a second that the service does, over the last minute; of a source its ledgers.",
    worry: "It is 0 while ledgers close, or falls at one stage only.",
    labels: { service_id, service_type },
  },
  queueDepth: {
    name: "flowctl_service_queue_depth",
    type: "gauge",
    unit: "batches",
    help: "Batches that wait in the service.",
    worry: "It grows for minutes: what comes after that queue does not keep up.",
    labels: { service_id, service_type },
  },
} as const satisfies MetricDeclarations;
