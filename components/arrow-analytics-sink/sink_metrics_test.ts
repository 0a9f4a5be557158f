import { assertStringIncludes } from "@std/assert";
import { MetricsRegistry } from "../../flowctl/mod.ts";
import { addSinkMetrics } from "./sink_metrics.ts";
import { type AnalyticsStore, EVENT_TYPES } from "./tables/mod.ts";
import type { UpstreamReader } from "./upstream_reader.ts";

Deno.test("the metrics show what the Flight server has in flight, and its streams", async () => {
  const metrics = new MetricsRegistry();
  const stats = {
    streams: 3,
    inflightBytes: 700,
    inflightLedgers: 3,
    bytesSent: 0,
    batchesSent: 0,
  };
  const eventsByType = Object.fromEntries(EVENT_TYPES.map((type) => [type, 0]));
  const totals = { ledgers: 0, eventsByType, files: 0, bytes: 0 };
  const store = { cursor: undefined, totals, commits: 0 } as unknown as AnalyticsStore;
  const reader = { tip: undefined, reconnects: 0 } as UpstreamReader;
  addSinkMetrics(metrics, store, reader, { stats: () => stats });
  assertStringIncludes(await metrics.text(), "arrow_analytics_sink_inflight_bytes 700\n");
  stats.streams = 4;
  assertStringIncludes(await metrics.text(), "arrow_analytics_sink_flight_streams 4\n");
});
