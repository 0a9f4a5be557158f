import { assertEquals } from "@std/assert";
import { FakeClock, MetricsRegistry } from "../component/mod.ts";
import { failure, MemoryClient } from "../controller/testing/mod.ts";
import { addDiscoveryMetrics, Discovery } from "./mod.ts";

Deno.test("how long answers took and how many looks failed is shown, in buckets that double", async () => {
  const metrics = new MetricsRegistry();
  const client = new MemoryClient();
  const clock = new FakeClock();
  const discovery = new Discovery({
    ...addDiscoveryMetrics(metrics),
    endpoint: "plane.example:8080",
    clock,
    connect: () => client,
  });
  await discovery.refresh();
  client.fail = () => failure("UNAVAILABLE");
  await discovery.refresh().catch(() => {});
  await discovery.stop();
  const text = await metrics.text();
  const buckets = [...text.matchAll(/duration_seconds_bucket\{le="([^"]+)"\} 1/g)];
  assertEquals(buckets.map(([, bound]) => bound), [
    ...["0.001", "0.002", "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512"],
    "+Inf",
  ]);
  const counts = [...text.matchAll(/^flowctl_service_discover\S+(?:_count|\}) (\d+)$/gm)]
    .map(([line]) => line).filter((line) => !line.includes("bucket"));
  assertEquals(counts, [
    "flowctl_service_discovery_duration_seconds_count 1",
    'flowctl_service_discoveries_total{result="ok"} 1',
    'flowctl_service_discoveries_total{result="failed"} 1',
  ]);
});
