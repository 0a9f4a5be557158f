import { assertEquals } from "@std/assert";
import { addDeclaredMetrics, oncePerTurn } from "./declared_metrics.ts";
import type { MetricDeclarations } from "./metric_declaration.ts";
import { MetricsRegistry } from "./metrics_registry.ts";
import { Scrape } from "./testing/mod.ts";

const DECLARED = {
  done: { name: "done_total", type: "counter", unit: "events", help: "Done.", worry: "Never." },
  depth: { name: "depth", type: "gauge", unit: "batches", help: "Depth.", worry: "Never." },
  took: {
    name: "took_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Took.",
    worry: "Never.",
    buckets: [1, 2],
  },
} as const satisfies MetricDeclarations;

Deno.test("declared metrics are read at the scrape, and one that is not known has no series", async () => {
  const metrics = new MetricsRegistry();
  let depth: number | undefined;
  const { took } = addDeclaredMetrics(metrics, DECLARED, { done: () => 3, depth: () => depth });
  took.observe(1.5);
  const first = await Scrape.of(metrics);
  assertEquals(first.names, ["done_total", "depth", "took_seconds"]);
  assertEquals([first.value("done_total"), first.seriesOf("depth")], [3, {}]);
  assertEquals(first.value('took_seconds_bucket{le="2"}'), 1);
  depth = 0;
  assertEquals((await Scrape.of(metrics)).value("depth"), 0);
  depth = undefined;
  assertEquals((await Scrape.of(metrics)).seriesOf("depth"), {});
});

Deno.test("whoever asks for the histogram of a declaration gets the same one", async () => {
  const metrics = new MetricsRegistry();
  metrics.histogramOf(DECLARED.took).observe(1);
  metrics.histogramOf(DECLARED.took).observe(1);
  assertEquals((await Scrape.of(metrics)).value("took_seconds_count"), 2);
});

Deno.test("all metrics of a scrape are of one reading, and the next scrape reads anew", async () => {
  const metrics = new MetricsRegistry();
  let reads = 0;
  const read = oncePerTurn(() => ++reads);
  addDeclaredMetrics(metrics, DECLARED, { done: read, depth: read });
  await metrics.text();
  assertEquals(reads, 1);
  const scrape = await Scrape.of(metrics);
  assertEquals([scrape.value("done_total"), scrape.value("depth")], [2, 2]);
});
