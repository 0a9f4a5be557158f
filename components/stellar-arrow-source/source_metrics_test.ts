import { assertStringIncludes } from "@std/assert";
import { MetricsRegistry } from "../../flowctl/mod.ts";
import { addSourceMetrics } from "./source_metrics.ts";
import { SourceStats } from "./source_stats.ts";
import { TestLake } from "./_test_lake.ts";

Deno.test("the metrics show what the Flight server has in flight, and its streams", async () => {
  const metrics = new MetricsRegistry();
  const stats = {
    streams: 3,
    inflightBytes: 700,
    inflightLedgers: 3,
    bytesSent: 0,
    batchesSent: 0,
  };
  await using test = await TestLake.create(2, 3);
  const lake = await test.open();
  addSourceMetrics(metrics, new SourceStats(), lake, undefined, { stats: () => stats });
  assertStringIncludes(await metrics.text(), "stellar_arrow_source_inflight_bytes 700\n");
  stats.streams = 4;
  assertStringIncludes(await metrics.text(), "stellar_arrow_source_flight_streams 4\n");
});
