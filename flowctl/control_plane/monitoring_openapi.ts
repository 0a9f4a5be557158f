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
};

/** The monitor's paths. */
export const monitoringPaths = {
  "/api/snapshot": get("getSnapshot", "What the last look at all services has found.", {
    200: answer("The pipeline at that moment.", reference("Snapshot")),
  }),
};
