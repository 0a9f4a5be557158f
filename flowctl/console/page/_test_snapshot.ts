import type { ServiceJson, SnapshotJson } from "./api_types.ts";

/** A service that tells nothing of itself, but for what is given. */
export function testService(fields: Partial<ServiceJson> & { id: string }): ServiceJson {
  return {
    name: "",
    type: "PROCESSOR",
    status: "HEALTHY",
    endpoint: "",
    health_endpoint: null,
    input_event_types: [],
    output_event_types: [],
    last_heartbeat_age_ms: null,
    events_per_second: null,
    events_total: null,
    latency_ms: null,
    load_ratio: null,
    queue_depth: null,
    error_rate: null,
    errors_total: null,
    throttle_rate: null,
    backpressure_active: null,
    inflight: null,
    max_inflight: null,
    last_ledger: null,
    ledgers_behind_tip: null,
    lag_seconds: null,
    commit_age_seconds: null,
    memory_bytes: null,
    uptime_seconds: null,
    pool: null,
    ...fields,
  };
}

/** A snapshot of these services. */
export function testSnapshot(services: ServiceJson[]): SnapshotJson {
  return {
    time: "2026-01-01T00:00:00.000Z",
    services,
    edges: [],
    total: {
      services: services.length,
      working: services.length,
      events_per_second: 12,
      events_per_second_by_type: {},
      latency_ms: null,
      load_ratio: { value: 0.5, service_id: "a" },
      queue_depth: null,
      error_rate: null,
    },
    health: { status: "healthy", reasons: [] },
    problems: [],
  };
}
