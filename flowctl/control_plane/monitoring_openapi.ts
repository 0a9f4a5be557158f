import { HISTORY_METRICS } from "../monitoring/mod.ts";
import {
  answer,
  figure,
  get,
  list,
  object,
  reference,
  text,
  texts,
  time,
} from "./openapi_parts.ts";

const pool = {
  oneOf: [reference("Pool"), { type: "null" }],
  description: "Its connections to its peers.",
};

/** What the monitor's paths answer. */
export const monitoringSchemas = {
  Pool: object({
    total: { type: "number" },
    healthy: { type: "number" },
    idle: { type: "number" },
    busy: { type: "number" },
    waiting: { type: "number", description: "Pieces of work that wait for a connection." },
  }),
  MonitoredService: object({
    id: text,
    name: text,
    type: reference("ServiceType"),
    status: reference("ServiceStatus"),
    endpoint: text,
    health_endpoint: { type: ["string", "null"], description: "URL of its /health." },
    input_event_types: texts,
    output_event_types: texts,
    last_heartbeat_age_ms: figure("Time since it was heard of."),
    events_per_second: figure("Events a second; of a source its ledgers."),
    events_total: figure("Events reached; of a source its ledgers."),
    latency_ms: figure("Time that it takes for its work."),
    load_ratio: figure("Part of its limit that is in use: 1 is full."),
    queue_depth: figure("What waits in its queues."),
    error_rate: figure("Part of its latest work that failed, from 0 to 1."),
    errors_total: figure("What could not be used."),
    throttle_rate: figure("Part of the pace that is let through, from 0.05 to 1."),
    backpressure_active: {
      type: ["boolean", "null"],
      description: "Whether it asks for less than comes, or a consumer of it does.",
    },
    inflight: figure("What it has in hand."),
    max_inflight: figure("Most that it may have in hand."),
    last_ledger: figure("Last ledger reached."),
    ledgers_behind_tip: figure("Ledgers between that and the newest one known upstream."),
    lag_seconds: figure("Time since the last ledger that it has reached was closed."),
    commit_age_seconds: figure("Time since its last commit; of a service that commits."),
    memory_bytes: figure("Memory of its process."),
    uptime_seconds: figure("Time since its process began."),
    pool,
  }),
  Edge: object({ from: text, to: text, event_type: text }),
  Snapshot: object({
    time,
    services: list("MonitoredService"),
    edges: list("Edge"),
    total: reference("PipelineTotal"),
    health: reference("PipelineHealth"),
    problems: { ...texts, description: "What could not be read; the rest is there." },
  }),
  HistoryList: object({
    metrics: { type: "array", items: { ...text, enum: HISTORY_METRICS } },
    services: { ...texts, description: "Those that it has series of." },
    services_left_out: { type: "integer", description: "Those that it has no room for." },
    step_ms: { type: "number", description: "Time between two points." },
    span_ms: { type: "number", description: "How far back it goes." },
  }),
  HistorySeries: object({
    metric: { ...text, enum: HISTORY_METRICS },
    service: { type: ["string", "null"], description: "Null: the pipeline as a whole." },
    step_ms: { type: "number" },
    points: {
      type: "array",
      description: "Milliseconds since 1970, and the mean of the looks of that step, or null.",
      items: { type: "array", items: { type: ["number", "null"] } },
    },
  }),
  ReportedService: object({
    id: text,
    type: reference("ServiceType"),
    status: reference("ServiceStatus"),
    load_ratio: figure("Part of its limit that is in use: 1 is full."),
    throughput: figure("Events a second; of a source its ledgers."),
    latency_ms: figure("Time that it takes for its work."),
    queue_depth: figure("What waits in its queues."),
    error_rate: figure("Part of its latest work that failed, from 0 to 1."),
    ledgers_behind_tip: figure("Ledgers between its last one and the newest one known upstream."),
    lag_seconds: figure("Time since the last ledger that it has reached was closed."),
    commit_age_seconds: figure("Time since its last commit; of a service that commits."),
    heartbeat_age_ms: figure("Time since it was heard of."),
  }),
  ReportedPool: object({
    service_id: text,
    total: { type: "number" },
    healthy: { type: "number" },
    idle: { type: "number" },
    busy: { type: "number" },
    waiting: { type: "number" },
  }),
  FlowControl: object({
    backpressure: {
      ...texts,
      description: "Services that ask for less, or a consumer of which does.",
    },
    throttled: {
      ...texts,
      description: "Services that are let through a part of their pace only.",
    },
    lowest_throttle_rate: figure("The lowest such part."),
    inflight: figure("What all have in hand together."),
  }),
  Bottleneck: object({
    service_id: text,
    load_ratio: figure("Part of its limit that is in use."),
    queue_depth: figure("What waits in its queues."),
    found_by: { ...text, enum: ["load", "queue"] },
    reason: text,
  }),
  Recommendation: object({
    text,
    because: { ...text, description: "The numbers that led to it." },
    service_id: { type: ["string", "null"] },
    severity: { ...text, enum: ["critical", "warning", "info"] },
  }),
  HealthReport: object({
    time,
    status: { ...text, enum: ["healthy", "degraded", "unhealthy"] },
    reasons: texts,
    services: list("ReportedService"),
    pools: list("ReportedPool"),
    flow_control: reference("FlowControl"),
    bottleneck: { oneOf: [reference("Bottleneck"), { type: "null" }] },
    recommendations: list("Recommendation"),
    recommendations_left_out: { type: "integer", description: "Beyond the worst 50." },
    problems: texts,
  }),
};

const wrong = (description: string) => answer(description, reference("Error"));

function parameter(name: string, schema: unknown, description: string) {
  return { name, in: "query", schema, description };
}

/** The monitor's paths. */
export const monitoringPaths = {
  "/api/snapshot": get("getSnapshot", "What the last look at all services has found.", {
    200: answer("The pipeline at that moment.", reference("Snapshot")),
  }),
  "/api/history": get(
    "getHistory",
    "The metrics of the last hour; without a metric, which ones there are.",
    {
      200: answer("A series, or what there is.", {
        oneOf: [reference("HistorySeries"), reference("HistoryList")],
      }),
      400: wrong("A metric or a time that there is not."),
      404: wrong("A service that has no history."),
    },
    [
      parameter("metric", { ...text, enum: HISTORY_METRICS }, "Which series."),
      parameter("service", text, "Id of a service; without it the pipeline as a whole."),
      parameter("since", { type: "number" }, "Only the last so many seconds."),
    ],
  ),
  "/api/health-report": get("getHealthReport", "How the pipeline is, and what to do about it.", {
    200: answer("The report on the last look.", reference("HealthReport")),
  }),
  "/api/events": get("listen", "Each look as it is made, as server-sent events.", {
    200: answer("Events named snapshot, each with a Snapshot as data.", text, "text/event-stream"),
    503: wrong("Enough clients listen already."),
  }),
};
