import { totalJson } from "../metrics/mod.ts";
import type { MonitoredService } from "./monitored_service.ts";
import type { PipelineSnapshot } from "./pipeline_snapshot.ts";

/** A snapshot as `/api/snapshot` and `/api/events` tell it. */
export type SnapshotJson = ReturnType<typeof snapshotJson>;

/** A snapshot in the names of its JSON form; what is not known is null. */
export function snapshotJson(snapshot: PipelineSnapshot) {
  const { timeMs, services, edges, total, health, problems } = snapshot;
  return {
    time: new Date(timeMs).toISOString(),
    services: services.map(serviceJson),
    edges: edges.map(([from, to, eventType]) => ({ from, to, event_type: eventType })),
    total: totalJson(total),
    health,
    problems,
  };
}

function serviceJson(service: MonitoredService) {
  const { figures, pool } = service;
  return {
    id: service.id,
    name: service.name,
    type: service.type,
    status: service.status,
    endpoint: service.endpoint,
    health_endpoint: service.healthEndpoint ?? null,
    input_event_types: service.inputEventTypes,
    output_event_types: service.outputEventTypes,
    last_heartbeat_age_ms: service.lastHeartbeatAgeMs,
    events_per_second: figures.eventsPerSecond ?? null,
    events_total: figures.eventsTotal ?? null,
    latency_ms: figures.latencyMs ?? null,
    load_ratio: figures.loadRatio ?? null,
    queue_depth: figures.queueDepth ?? null,
    error_rate: figures.errorRate ?? null,
    errors_total: figures.errorsTotal ?? null,
    throttle_rate: figures.throttleRate ?? null,
    backpressure_active: figures.backpressureActive ?? null,
    inflight: figures.inflight ?? null,
    max_inflight: figures.maxInflight ?? null,
    last_ledger: figures.lastLedger ?? null,
    ledgers_behind_tip: figures.ledgersBehindTip ?? null,
    lag_seconds: figures.lagSeconds ?? null,
    commit_age_seconds: figures.commitAgeSeconds ?? null,
    memory_bytes: figures.memoryBytes ?? null,
    uptime_seconds: figures.uptimeSeconds ?? null,
    pool: pool ?? null,
  };
}
