import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseDeclaration } from "../config/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { MetricsRegistry } from "./metrics_registry.ts";
import { addProcessMetrics } from "./process_metrics.ts";

const testYaml = await Deno.readTextFile(new URL("./testdata/component.yaml", import.meta.url));

Deno.test("counters, gauges and histograms appear in the text of Prometheus", async () => {
  const metrics = new MetricsRegistry();
  const counter = metrics.counter({ name: "a_total", help: "A." });
  counter.inc();
  counter.inc(2);
  metrics.gauge({ name: "b", help: "B." }).set(5);
  metrics.histogram({ name: "c_seconds", help: "C.", buckets: [1, 2] }).observe(1.5);
  const text = await metrics.text();
  for (const line of ["a_total 3", "b 5", 'c_seconds_bucket{le="2"} 1', "# HELP a_total A."]) {
    assertStringIncludes(text, line);
  }
});

Deno.test("a label value that is not declared counts as other, so that series are bounded", async () => {
  const metrics = new MetricsRegistry();
  const counter = metrics.counter({
    name: "e_total",
    help: "E.",
    labels: { type: ["mint", "burn"] },
  });
  for (let i = 0; i < 1000; i++) counter.inc(1, { type: `made up ${i}` });
  counter.inc(1, { type: "mint" });
  const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith("e_total{"));
  assertEquals(lines, ['e_total{type="other"} 1000', 'e_total{type="mint"} 1']);
});

Deno.test("numbers that are kept elsewhere are read at each scrape", async () => {
  const metrics = new MetricsRegistry();
  let ledgers = 5;
  metrics.counter({ name: "ledgers_total", help: "L.", read: () => ledgers });
  metrics.gauge({
    name: "rows",
    help: "R.",
    labels: { table: ["a", "b"] },
    read: () => [{ value: ledgers, labels: { table: "a" } }, { value: 1, labels: { table: "b" } }],
  });
  assertStringIncludes(await metrics.text(), "ledgers_total 5");
  ledgers = 9;
  const text = await metrics.text();
  assertStringIncludes(text, "ledgers_total 9");
  assertStringIncludes(text, 'rows{table="a"} 9');
});

Deno.test("process metrics show memory, time, event-loop lag and the version", async () => {
  const metrics = new MetricsRegistry();
  const clock = new FakeClock(5_000);
  const lag = addProcessMetrics(metrics, parseDeclaration(testYaml), clock);
  const text = await metrics.text();
  assertStringIncludes(text, "process_start_time_seconds 5");
  assertStringIncludes(
    text,
    'obsrvr_component_info{component="test-arrow-component",version="1.2.3"} 1',
  );
  for (const name of ["process_resident_memory_bytes", "process_cpu_seconds_total"]) {
    assertEquals(Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]) > 0, true, name);
  }
  assertStringIncludes(text, "process_event_loop_lag_seconds 0");
  lag.stop();
  assertEquals(clock.pending, 0);
});
