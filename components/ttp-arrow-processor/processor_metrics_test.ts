import { assertStringIncludes } from "@std/assert";
import { MetricsRegistry } from "../../flowctl/mod.ts";
import type { LedgerThreads } from "./ledger_threads.ts";
import { addProcessorMetrics } from "./processor_metrics.ts";
import { ProcessorStats } from "./processor_stats.ts";

Deno.test("the metrics show what the Flight server has in flight, and its streams", async () => {
  const metrics = new MetricsRegistry();
  const stats = {
    streams: 3,
    inflightBytes: 700,
    inflightLedgers: 3,
    bytesSent: 0,
    batchesSent: 0,
  };
  const threads = { waiting: 0 } as LedgerThreads;
  addProcessorMetrics(metrics, new ProcessorStats(), threads, { stats: () => stats });
  assertStringIncludes(await metrics.text(), "ttp_arrow_processor_inflight_bytes 700\n");
  stats.streams = 4;
  assertStringIncludes(await metrics.text(), "ttp_arrow_processor_flight_streams 4\n");
});
