import { assertEquals } from "@std/assert";
import { FakeClock, MetricsRegistry } from "../../component/mod.ts";
import { Scrape } from "../../component/testing/mod.ts";
import { poolFigures } from "../../metrics/mod.ts";
import type { Service } from "../../service/mod.ts";
import { processor, service, sink, source } from "../../service/testing/mod.ts";
import { FLOWCTL_METRICS, MAX_SHOWN_SERVICES } from "./flowctl_metrics.ts";
import { RegisteredServicesMetrics } from "./registered_services.ts";

const told = (fields: Partial<Service>, metrics: Record<string, number>) =>
  service({
    ...fields,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, n]) => [name, `${n}`])),
  });

function shown(first: Service[]) {
  const state = { services: first };
  const metrics = new MetricsRegistry();
  const clock = new FakeClock();
  const registered = new RegisteredServicesMetrics(metrics, {
    services: () => state.services,
    pipelines: () => new Map(),
    clock,
    intervalMs: 5_000,
  });
  // As the control plane observes its own answers.
  metrics.histogramOf(FLOWCTL_METRICS.discoveryDuration);
  return { state, clock, registered, scrape: () => Scrape.of(metrics) };
}

const pool = (endpoint: string) =>
  poolFigures({
    total: 4,
    healthy: 3,
    idle: 1,
    busy: 2,
    waiting: 0,
    reconnects: { connect_failed: 1, check_failed: 0, call_failed: 0 },
    endpoints: [{ endpoint, total: 4, healthy: 3, idle: 1, busy: 2 }],
  });

Deno.test("the thirteen are shown of all services, with the values of their heartbeats", async () => {
  const { scrape } = shown([
    told(source, { load_ratio: 0.25, throttle_rate: 0.5, backpressure_active: 1 }),
    told(processor, { events_per_second: 12.5, queue_depth: 3, ...pool("127.0.0.1:8815") }),
    told({ ...processor, id: "second" }, pool("127.0.0.1:8815")),
    told(sink, { ...pool("127.0.0.1:8816") }),
  ]);
  const found = await scrape();
  const names = Object.values(FLOWCTL_METRICS).map(({ name }) => name as string);
  assertEquals([names.length, found.names.toSorted()], [13, names.toSorted()]);
  assertEquals(found.seriesOf("flowctl_service_load_ratio"), {
    '{service_id="source",service_type="SOURCE"}': 0.25,
  });
  assertEquals(found.seriesOf("flowctl_throttle_rate"), { '{service_id="source"}': 0.5 });
  assertEquals(found.seriesOf("flowctl_backpressure_active"), { '{service_id="source"}': 1 });
  assertEquals(found.seriesOf("flowctl_service_throughput"), {
    '{service_id="processor",service_type="PROCESSOR"}': 12.5,
  });
  assertEquals(found.seriesOf("flowctl_service_queue_depth"), {
    '{service_id="processor",service_type="PROCESSOR"}': 3,
  });
  assertEquals(found.seriesOf("flowctl_pool_total_connections"), {
    '{endpoint="127.0.0.1:8815"}': 8,
    '{endpoint="127.0.0.1:8816"}': 4,
  });
  assertEquals(found.value('flowctl_pool_healthy_connections{endpoint="127.0.0.1:8815"}'), 6);
  assertEquals(found.value('flowctl_pool_idle_connections{endpoint="127.0.0.1:8816"}'), 1);
  assertEquals(
    found.value('flowctl_service_connections{service_id="second",endpoint="127.0.0.1:8815"}'),
    2,
  );
  assertEquals(
    found.value('flowctl_reconnection_events_total{service_id="sink",reason="connect_failed"}'),
    1,
  );
});

Deno.test("the series of a service that has fallen silent end", async () => {
  const { state, scrape } = shown([told(sink, { load_ratio: 0.9 })]);
  assertEquals(Object.keys((await scrape()).seriesOf("flowctl_service_load_ratio")).length, 1);
  state.services = [told({ ...sink, expired: true, status: "UNHEALTHY" }, { load_ratio: 0.9 })];
  assertEquals((await scrape()).seriesOf("flowctl_service_load_ratio"), {});
});

Deno.test("what is counted between two scrapes is not lost, and no timer is left after a stop", async () => {
  const { state, clock, registered, scrape } = shown([told(sink, { events_processed_total: 5 })]);
  registered.start();
  await clock.advance(5_000);
  state.services = [told(sink, { events_processed_total: 9 })];
  await clock.advance(5_000);
  // The service is restarted before the next scrape.
  state.services = [told(sink, { events_processed_total: 2 })];
  const found = await scrape();
  assertEquals(found.value('flowctl_pipeline_throughput_total{pipeline="default"}'), 6);
  registered.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("services beyond the most are counted instead of shown", async () => {
  const many = Array.from(
    { length: MAX_SHOWN_SERVICES + 7 },
    (_, n) => told({ ...sink, id: `sink-${n}` }, { load_ratio: 0.5 }),
  );
  const { registered, scrape } = shown(many);
  const series = Object.keys((await scrape()).seriesOf("flowctl_service_load_ratio"));
  assertEquals([series.length, registered.notShown], [MAX_SHOWN_SERVICES, 7]);
});
