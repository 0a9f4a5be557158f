import { assert, assertEquals } from "@std/assert";
import { HEARTBEAT_METRICS, readMetrics } from "../controller/mod.ts";
import { service } from "../service/testing/mod.ts";
import { serviceMetrics } from "./service_metrics.ts";

const figures = (metrics: Record<string, string>, maxInflight = 0) => {
  const { eventsPerSecond, latencyMs, loadRatio, queueDepth, errorRate } = serviceMetrics(
    service({ metrics, maxInflight }),
  );
  return [eventsPerSecond, latencyMs, loadRatio, queueDepth, errorRate];
};
const NONE = undefined;

Deno.test("figures are those that heartbeats carry, by their names", () => {
  const told = readMetrics({
    events_per_second: () => 12.5,
    processing_latency_ms: () => 3,
    load_ratio: () => 0.25,
    queue_depth: () => 7,
    error_rate: () => 0.01,
  });
  for (const name of Object.keys(told)) {
    assert((HEARTBEAT_METRICS as readonly string[]).includes(name), name);
  }
  const texts = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, `${value}`]));
  assertEquals(figures(texts), [12.5, 3, 0.25, 7, 0.01]);
});

Deno.test("a service that tells no load has that of what it holds, by its own limit or the registered one", () => {
  assertEquals(figures({ inflight: "50", max_inflight: "200" }, 1000)[2], 0.25);
  assertEquals(figures({ inflight: "50" }, 1000)[2], 0.05);
  assertEquals(figures({ inflight: "50" })[2], NONE);
  assertEquals(figures({ load_ratio: "0.9", inflight: "50" }, 1000)[2], 0.9);
});

Deno.test("what is no figure is not known", () => {
  assertEquals(figures({}), [NONE, NONE, NONE, NONE, NONE]);
  for (const text of ["", " ", "fast", "NaN", "Infinity", "-1"]) {
    assertEquals(figures({ events_per_second: text, queue_depth: text })[0], NONE, text);
  }
  assertEquals(figures({ error_rate: "1.5" })[4], NONE);
  assertEquals(figures({ error_rate: "1" })[4], 1);
});
