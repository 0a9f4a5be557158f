import { assert, assertEquals } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { sink } from "../../service/testing/mod.ts";
import { monitored, snapshotOf, threeServices } from "../_test_pipeline.ts";
import { type PipelineReport, pipelineReport } from "./pipeline_report.ts";
import { reportText } from "./report_text.ts";

const quiet = pipelineReport(snapshotOf(threeServices()));

Deno.test("a report of a quiet pipeline is a table and two lines", () => {
  assertEquals(reportText(quiet, false), [
    "pipeline healthy, 3 services, 2025-01-01 00:00:00 UTC",
    "",
    "service    type       status   heard of  events/s  latency  load  queue  errors  behind tip",
    "source     source     healthy  1s ago           –        –     –      –       –           –",
    "processor  processor  healthy  1s ago           –        –     –      –       –           –",
    "sink       consumer   healthy  1s ago           –        –     –      –       –           –",
    "",
    "flow control  nobody asks for less than comes",
    "bottleneck    none",
  ]);
});

Deno.test("a report of a busy one tells pools, flow control, bottleneck, problems and what to do", () => {
  const snapshot = snapshotOf(threeServices({
    processor: { inflight: 1_100, error_rate: 0.07, pool_total: 3, pool_healthy: 1, pool_idle: 1 },
    sink: {
      load_ratio: 0.95,
      backpressure_active: 1,
      throttle_rate: 0.4,
      processing_latency_ms: 7_200,
      queue_depth: 120,
      ledgers_behind_tip: 420,
    },
  }));
  const report = pipelineReport({ ...snapshot, problems: ["other gives no answer"] });
  assertEquals(reportText(report, false).slice(4), [
    "processor  processor  healthy  1s ago           –        –     –      –     7 %           –",
    "sink       consumer   healthy  1s ago           –    7.2 s  95 %    120       –         420",
    "",
    "pool of    connections  healthy  busy  idle  waiting",
    "processor            3        1     2     1        0",
    "",
    "flow control  backpressure at sink; sink throttled, down to 40 % of the pace; 1,100 in flight",
    "bottleneck    sink: its load is 95 %, above 80 %; nothing after it is busy",
    "",
    "What could not be read",
    "  other gives no answer",
    "",
    "What to do",
    "  1.  warning: Scale sink: give it more threads, memory or a faster disk, or run another one",
    "      because its load is 95 %, above 80 %; it asks for less than comes, at 40 % of the pace; 120",
    "      wait in its queue",
    "  2.  warning: Look in the log of processor for what it cannot use",
    "      because 7 % of its latest work failed, more than 5 %",
    "  3.  warning: Let sink take smaller batches, or give it more processor time",
    "      because a batch takes it 7.2 s, more than 5 s",
    "  4.  warning: See whether the servers that processor connects to are up and can be reached",
    "      because 1 of its 3 connections is healthy, less than half",
  ]);
});

Deno.test("reasons, pools and recommendations beyond a screen are counted", () => {
  const many = Array.from(
    { length: 70 },
    (_, at) =>
      monitored({ ...sink, id: `s${at}`, status: "DEGRADED" }, { pool_total: 1, pool_healthy: 1 }),
  );
  const lines = reportText(pipelineReport(snapshotOf(many)), false);
  for (const line of ["  and 121 more", "and 50 more", "  and 21 less urgent"]) {
    assert(lines.includes(line), line);
  }
  assert(lines.some((line) => line.startsWith("  50.  ")));
  assert(lines.some((line) => line.startsWith("   1.  ")));
});

Deno.test("names cannot steer the terminal, and colours change no width", () => {
  const snapshot = snapshotOf([monitored({ ...sink, id: "a\x1b[2J" }, { load_ratio: 0.9 })]);
  const report: PipelineReport = pipelineReport(snapshot);
  const painted = reportText(report, true);
  assertEquals(painted.map(stripAnsiCode), reportText(report, false));
  assert(painted.join("\n") !== reportText(report, false).join("\n"));
  assertEquals(reportText(report, false).join("").includes("\x1b"), false);
});
