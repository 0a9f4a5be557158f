import { assertEquals } from "@std/assert";
import { FakeClock, type HealthFlow, MetricsRegistry } from "../../component/mod.ts";
import { Scrape } from "../../component/testing/mod.ts";
import { FLOWCTL_METRICS } from "./flowctl_metrics.ts";
import { pipelineLatency } from "./pipeline_latency.ts";
import { addServiceMetrics, type ServiceMetricsOptions } from "./service_metrics.ts";

const flow: HealthFlow = {
  inflight: 1,
  max_inflight: 10,
  inflight_bytes: 1,
  max_inflight_bytes: 10,
  queue_depth: 4,
  load_ratio: 0.75,
  throttle_rate: 0.5,
  backpressure_active: true,
  reason: "queue_full",
  ledgers_per_second_limit: null,
  processing_latency_ms: null,
  consumers: [],
  pool: {
    total: 3,
    healthy: 2,
    idle: 1,
    busy: 1,
    waiting: 0,
    reconnects: { connect_failed: 0, check_failed: 5, call_failed: 0 },
    endpoints: [{ endpoint: "a:1", total: 3, healthy: 2, idle: 1, busy: 1 }],
  },
};
const progress = { ledger: 1, tip: 1, ledgers_total: 10, events_total: 700, processed_total: 60 };

function shown(health: ServiceMetricsOptions["health"]) {
  const metrics = new MetricsRegistry();
  const clock = new FakeClock();
  let id = "local-sink-1";
  const timer = addServiceMetrics(metrics, {
    serviceId: () => id,
    serviceType: "CONSUMER",
    health,
    clock,
    intervalMs: 5_000,
  });
  const rename = (to: string) => id = to;
  return { metrics, clock, timer, rename, scrape: () => Scrape.of(metrics) };
}

Deno.test("the thirteen are shown of a component, with the values of its health", async () => {
  const { scrape, clock, timer } = shown(() => ({ flow, progress }));
  const found = await scrape();
  const names = Object.values(FLOWCTL_METRICS).map(({ name }) => name as string);
  assertEquals(found.names, names);
  const own = '{service_id="local-sink-1"}';
  const typed = '{service_id="local-sink-1",service_type="CONSUMER"}';
  const [of, value] = ['{endpoint="a:1"}', (series: string) => found.value(series)];
  assertEquals(value(`flowctl_service_load_ratio${typed}`), 0.75);
  assertEquals(value(`flowctl_service_queue_depth${typed}`), 4);
  assertEquals(value(`flowctl_backpressure_active${own}`), 1);
  assertEquals(value(`flowctl_throttle_rate${own}`), 0.5);
  assertEquals(value('flowctl_pipeline_throughput_total{pipeline="default"}'), 60);
  assertEquals(value(`flowctl_pool_total_connections${of}`), 3);
  assertEquals(value(`flowctl_pool_healthy_connections${of}`), 2);
  assertEquals(value(`flowctl_pool_idle_connections${of}`), 1);
  assertEquals(
    value('flowctl_service_connections{service_id="local-sink-1",endpoint="a:1"}'),
    1,
  );
  assertEquals(
    value('flowctl_reconnection_events_total{service_id="local-sink-1",reason="check_failed"}'),
    5,
  );
  timer.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("the throughput is that of the looks, under the id that the control plane gave", async () => {
  let done = 0;
  const { scrape, clock, rename } = shown(() => ({
    progress: { ...progress, processed_total: done },
  }));
  await clock.advance(5_000);
  done = 50;
  await clock.advance(5_000);
  rename("sink-1");
  assertEquals((await scrape()).seriesOf("flowctl_service_throughput"), {
    '{service_id="sink-1",service_type="CONSUMER"}': 10,
  });
});

Deno.test("a component whose health fails has no figures, and its metrics are still shown", async () => {
  const { scrape } = shown(() => {
    throw new Error("ill");
  });
  const found = await scrape();
  assertEquals(found.names.length, 13);
  assertEquals(found.seriesOf("flowctl_service_load_ratio"), {});
  assertEquals(found.seriesOf("flowctl_pool_total_connections"), {});
});

Deno.test("the latency is the time since the source had read a batch, never below zero", async () => {
  const metrics = new MetricsRegistry();
  const clock = new FakeClock(10_000);
  const seen: number[] = [];
  const done = pipelineLatency(metrics, clock, (seconds) => seen.push(seconds));
  for (const readAtMs of [9_000, 12_000, undefined, "now", NaN]) done(readAtMs);
  assertEquals(seen, [1, 0]);
  const found = await Scrape.of(metrics);
  assertEquals(found.value('flowctl_pipeline_latency_seconds_sum{pipeline="default"}'), 1);
});
