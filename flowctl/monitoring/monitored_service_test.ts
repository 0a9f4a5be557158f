import { assertEquals } from "@std/assert";
import { service, source } from "../service/testing/mod.ts";
import { monitored, NOW } from "./_test_pipeline.ts";
import { monitoredService } from "./monitored_service.ts";

Deno.test("all figures of a heartbeat are read by their names", () => {
  const { figures, pool, lastHeartbeatAgeMs } = monitored({ ...source, maxInflight: 7 }, {
    events_per_second: 1,
    processing_latency_ms: 2,
    load_ratio: 0.5,
    queue_depth: 3,
    error_rate: 0.25,
    throttle_rate: 0.05,
    backpressure_active: 1,
    inflight: 4,
    max_inflight: 8,
    last_ledger: 100,
    ledgers_behind_tip: 5,
    lag_seconds: 13,
    commit_age_seconds: 12,
    errors_total: 6,
    events_processed_total: 9,
    memory_bytes: 10,
    uptime_seconds: 11,
    pool_total: 4,
    pool_healthy: 3,
    pool_idle: 1,
    pool_waiting: 2,
  });
  assertEquals(figures, {
    id: "source",
    type: "SOURCE",
    status: "HEALTHY",
    eventsPerSecond: 1,
    latencyMs: 2,
    loadRatio: 0.5,
    queueDepth: 3,
    errorRate: 0.25,
    throttleRate: 0.05,
    backpressureActive: true,
    inflight: 4,
    maxInflight: 8,
    lastLedger: 100,
    ledgersBehindTip: 5,
    lagSeconds: 13,
    commitAgeSeconds: 12,
    errorsTotal: 6,
    eventsTotal: 9,
    memoryBytes: 10,
    uptimeSeconds: 11,
  });
  assertEquals(pool, { total: 4, healthy: 3, idle: 1, busy: 3, waiting: 2 });
  assertEquals(lastHeartbeatAgeMs, 1_000);
});

Deno.test("what a service does not tell, or tells wrongly, is not known", () => {
  const known = monitoredService(
    service({ ...source, metrics: { throttle_rate: "fast", inflight: "-1", pool_total: "3" } }),
    NOW,
  );
  assertEquals(Object.values(known.figures).filter((value) => value !== undefined), [
    "source",
    "SOURCE",
    "HEALTHY",
  ]);
  assertEquals([known.pool, known.lastHeartbeatAgeMs, known.healthEndpoint], [
    undefined,
    null,
    undefined,
  ]);
});

Deno.test("the most in hand is that of the registration where heartbeats do not tell it", () => {
  assertEquals(monitored({ maxInflight: 7 }).figures.maxInflight, 7);
});

Deno.test("the address of its health is that of its metadata", () => {
  const url = "http://127.0.0.1:1/health";
  assertEquals(monitored({ metadata: { health_endpoint: url } }).healthEndpoint, url);
});

Deno.test("the time between heartbeats is known of services that tell it", () => {
  const interval = (seconds: string) =>
    monitored({ ...source, metadata: { heartbeat_interval_seconds: seconds } }).heartbeatIntervalMs;
  assertEquals(["2.5", "0", "soon", ""].map(interval), [2_500, undefined, undefined, undefined]);
});
