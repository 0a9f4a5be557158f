import { assertEquals, assertStringIncludes } from "@std/assert";
import { EVENTS, LEDGERS, processor, sink, source } from "../../service/testing/mod.ts";
import type { Service } from "../../service/mod.ts";
import {
  monitored,
  NOW,
  type PipelineFigures,
  snapshotOf,
  threeServices,
} from "../_test_pipeline.ts";
import type { HistoryTrend } from "../metrics_history.ts";
import type { MonitoredService } from "../monitored_service.ts";
import { pipelineReport } from "./pipeline_report.ts";

const reportOf = (services: readonly MonitoredService[]) => pipelineReport(snapshotOf(services));
const reportOn = (figures: PipelineFigures) => reportOf(threeServices(figures));

/** Recommendations as `severity: text: because`. */
function advice({ recommendations }: ReturnType<typeof pipelineReport>): string[] {
  return recommendations.map(({ severity, text, because }) => `${severity}: ${text}: ${because}`);
}

const SCALE = "give it more threads, memory or a faster disk, or run another one";

Deno.test("a pipeline with nothing wrong has no bottleneck and nothing to do", () => {
  const report = reportOn({
    source: { load_ratio: 0.2, events_per_second: 1, inflight: 5 },
    processor: { load_ratio: 0.8, queue_depth: 3, error_rate: 0.05, processing_latency_ms: 5_000 },
    sink: { throttle_rate: 1, inflight: 7, pool_total: 4, pool_healthy: 2, pool_idle: 1 },
  });
  assertEquals([report.status, report.reasons, report.bottleneck, report.recommendations], [
    "healthy",
    [],
    null,
    [],
  ]);
  assertEquals(report.services[1], {
    id: "processor",
    type: "PROCESSOR",
    status: "HEALTHY",
    load_ratio: 0.8,
    throughput: null,
    latency_ms: 5_000,
    queue_depth: 3,
    error_rate: 0.05,
    ledgers_behind_tip: null,
    lag_seconds: null,
    commit_age_seconds: null,
    heartbeat_age_ms: 1_000,
  });
  assertEquals(report.pools, [
    { service_id: "sink", total: 4, healthy: 2, idle: 1, busy: 3, waiting: 0 },
  ]);
  assertEquals(report.flow_control, {
    backpressure: [],
    throttled: [],
    lowest_throttle_rate: null,
    inflight: 12,
  });
  assertEquals(report.time, new Date(NOW).toISOString());
});

Deno.test("a report of no services says so", () => {
  const { status, reasons, flow_control, services } = reportOf([]);
  assertEquals([status, reasons, flow_control.inflight, services], [
    "unhealthy",
    ["no service is registered"],
    null,
    [],
  ]);
});

Deno.test("backpressure: the slow service at the end is scaled, not those that it holds back", () => {
  const report = reportOn({
    source: { load_ratio: 0.97, backpressure_active: 1, throttle_rate: 0.35 },
    processor: { load_ratio: 0.9, backpressure_active: 1, throttle_rate: 0.4 },
    sink: { load_ratio: 0.95, backpressure_active: 1, throttle_rate: 0.4, queue_depth: 120 },
  });
  assertEquals(report.bottleneck, {
    service_id: "sink",
    load_ratio: 0.95,
    queue_depth: 120,
    found_by: "load",
    reason: "its load is 95 %, above 80 %; 2 before it are busy, and nothing after it",
  });
  assertEquals(advice(report), [
    `warning: Scale sink: ${SCALE}: it holds back source, processor before it, down to 35 % of ` +
    "its pace; its load is 95 %, above 80 %; it asks for less than comes, at 40 % of the pace; " +
    "120 wait in its queue",
  ]);
  assertEquals(report.flow_control, {
    backpressure: ["source", "processor", "sink"],
    throttled: ["source", "processor", "sink"],
    lowest_throttle_rate: 0.35,
    inflight: null,
  });
});

Deno.test("a busy service in the middle with an idle one after it is the bottleneck", () => {
  const report = reportOn({
    source: { load_ratio: 0.99 },
    processor: { load_ratio: 0.85 },
    sink: { load_ratio: 0.1 },
  });
  assertEquals([report.bottleneck?.service_id, report.bottleneck?.reason], [
    "processor",
    "its load is 85 %, above 80 %; 1 before it is busy, and nothing after it",
  ]);
  assertEquals(advice(report), [
    `warning: Scale processor: ${SCALE}: its load is 85 %, above 80 %`,
  ]);
});

Deno.test("a load above 80 % alone is enough, and one of 80 % is not", () => {
  const report = reportOn({ sink: { load_ratio: 0.81 } });
  assertEquals(report.bottleneck?.reason, "its load is 81 %, above 80 %; nothing after it is busy");
  assertEquals(reportOn({ sink: { load_ratio: 0.8 } }).bottleneck, null);
});

Deno.test("of two slow services that do not feed each other the busier is the bottleneck, and both are scaled", () => {
  const other = { ...sink, id: "sink-2" };
  const loads = (one: number, two: number) => [
    ...threeServices({ sink: { load_ratio: one } }),
    monitored(other, { load_ratio: two, queue_depth: 7 }),
  ];
  const report = reportOf(loads(0.85, 0.9));
  assertEquals(report.bottleneck?.service_id, "sink-2");
  assertEquals(report.recommendations.map(({ service_id }) => service_id), ["sink", "sink-2"]);
  // Of the same load the one with the deeper queue.
  assertEquals(reportOf(loads(0.9, 0.9)).bottleneck?.service_id, "sink-2");
  assertEquals(reportOf(loads(0.95, 0.9)).bottleneck?.service_id, "sink");
});

Deno.test("a service that asks for less without telling a load, or at a small one, is found too", () => {
  assertEquals(
    reportOn({ sink: { backpressure_active: 1 } }).bottleneck?.reason,
    "it asks for less than comes, and tells no load; nothing after it is busy",
  );
  assertEquals(
    reportOn({ sink: { backpressure_active: 1, load_ratio: 0.7 } }).bottleneck?.reason,
    "it asks for less than comes, and has a load of 70 %; nothing after it is busy",
  );
});

Deno.test("a service that asks for less with little to do is held back by the one after it, busy or not", () => {
  const held = { backpressure_active: 1, throttle_rate: 0.21, load_ratio: 0 };
  const report = reportOn({ processor: held, sink: { load_ratio: 0.16, queue_depth: 2 } });
  assertEquals([report.bottleneck?.service_id, report.bottleneck?.reason], [
    "sink",
    "what it reads from is held back, and it has a load of 16 % now; 1 before it is busy, and " +
    "nothing after it",
  ]);
  assertEquals(advice(report), [
    `warning: Scale sink: ${SCALE}: it holds back processor before it, down to 21 % of its pace; ` +
    "its load is 16 %; 2 wait in its queue",
  ]);
  assertEquals(
    reportOn({ processor: held }).bottleneck?.reason,
    "what it reads from is held back, and it tells no load now; 1 before it is busy, and " +
      "nothing after it",
  );
  // With more to do it may be the one that is slow, and at the end there is nobody else.
  assertEquals(
    reportOn({ processor: { ...held, load_ratio: 0.6 } }).bottleneck?.service_id,
    "processor",
  );
  assertEquals(reportOn({ sink: held }).bottleneck?.service_id, "sink");
});

Deno.test("who is slowed down with little to do is not what holds back, though it asks for no less now", () => {
  // Heartbeats come at different moments: the source has just been held back, the processor was.
  const { bottleneck, recommendations } = reportOn({
    source: { backpressure_active: 1, throttle_rate: 0.4, load_ratio: 0 },
    processor: { backpressure_active: 0, throttle_rate: 0.6, load_ratio: 0 },
    sink: { backpressure_active: 0, throttle_rate: 1, load_ratio: 0.04 },
  });
  assertEquals(bottleneck?.service_id, "sink");
  assertEquals(recommendations.map(({ service_id }) => service_id), ["sink"]);
});

Deno.test("of two readers the busy one holds back, even where the other tells a larger load", () => {
  const { bottleneck } = reportOf([
    ...threeServices({ processor: { load_ratio: 0.9 }, sink: { load_ratio: 0.7 } }),
    monitored({ ...sink, id: "asks" }, { backpressure_active: 1, load_ratio: 0.65 }),
  ]);
  assertEquals(bottleneck?.service_id, "asks");
});

Deno.test("where nobody is busy the bottleneck is where most waits", () => {
  const waiting = (one: number, two: number) =>
    reportOn({ processor: { queue_depth: one, load_ratio: 0.3 }, sink: { queue_depth: two } })
      .bottleneck;
  assertEquals(waiting(30, 120), {
    service_id: "sink",
    load_ratio: null,
    queue_depth: 120,
    found_by: "queue",
    reason: "120 wait in its queue, 80 % of the 150 that wait anywhere; no load is above 80 %",
  });
  assertEquals(
    waiting(20, 0)?.reason,
    "20 wait in its queue, which is all that waits anywhere; no load is above 80 %",
  );
  assertEquals([waiting(9, 0), waiting(50, 50)], [null, null]);
});

Deno.test("services in a circle, and one that reads its own output, do not hold up the report", () => {
  const circle = [["a", "x", "y"], ["b", "y", "x"], ["c", "z", "z"]].map(([id, input, output]) =>
    monitored({ id: id!, inputEventTypes: [input!], outputEventTypes: [output!] }, {
      load_ratio: 0.9,
    })
  );
  const { bottleneck, recommendations } = reportOf(circle);
  assertEquals(["a", "b", "c"].includes(bottleneck!.service_id), true);
  assertEquals(recommendations.length, 2);
});

Deno.test("the figures of a service that does not work lead to nothing but a look at it", () => {
  const figures = {
    load_ratio: 0.99,
    queue_depth: 500,
    error_rate: 1,
    processing_latency_ms: 9_000,
    pool_total: 4,
    pool_healthy: 0,
    ledgers_behind_tip: 99,
  };
  const dead = monitored({ ...processor, status: "UNHEALTHY", expired: false }, figures);
  const [first, , last] = threeServices();
  const report = reportOf([first!, dead, last!]);
  assertEquals([report.bottleneck, advice(report)], [null, [
    "critical: Look for the reason in the log of processor: processor says that it is UNHEALTHY",
  ]]);
});

Deno.test("a service that is not heard of is looked for, with its silence in numbers", () => {
  const silent = (expired: boolean | undefined, ageMs: number) =>
    advice(reportOf([
      monitored({
        ...source,
        status: "UNHEALTHY",
        ...(expired === undefined ? {} : { expired }),
        lastHeartbeatAt: NOW - ageMs,
      }),
      ...threeServices().slice(1),
    ]));
  const told = "critical: See whether source still runs and reaches the control plane, and " +
    "restart it if not: it was heard of 1m 30s ago, and is silent for longer than three " +
    "heartbeats usually take (HEARTBEAT_TTL)";
  assertEquals(silent(true, 90_000), [told]);
  const remote = monitored({ ...source, lastHeartbeatAt: NOW - 90_000 });
  const { expired: _, ...untold } = remote;
  assertEquals(advice(reportOf([untold, ...threeServices().slice(1)])), [told]);
});

Deno.test("a service that was asked and gave no answer is looked for where it was asked", () => {
  const metadata = { health_endpoint: "http://127.0.0.1:9/health" };
  const [first, second] = threeServices();
  const silent = (fields: Partial<Service>) => {
    const end = monitored({ ...sink, status: "UNHEALTHY", ...fields });
    return advice(reportOf([first!, second!, { ...end, isSilent: true }]));
  };
  const look = "critical: See whether sink still runs, and restart it if not: sink gives no answer";
  assertEquals(silent({ metadata }), [`${look} at http://127.0.0.1:9/health`]);
  assertEquals(silent({}), [look]);
});

Deno.test("a degraded service is a warning that names where it tells why", () => {
  const degraded = monitored({
    ...sink,
    status: "DEGRADED",
    metadata: { health_endpoint: "http://127.0.0.1:9/health" },
  });
  assertEquals(advice(reportOf([...threeServices().slice(0, 2), degraded])), [
    "warning: Look for the reason in the log of sink and at http://127.0.0.1:9/health: sink says " +
    "that it is DEGRADED",
  ]);
});

Deno.test("an event type that nobody serves asks for a service that does", () => {
  assertEquals(
    advice(reportOf([monitored(processor), monitored(sink)]))[0],
    [
      `critical: Start a service that serves ${LEDGERS}: nothing serves ${LEDGERS}, which `,
      "processor reads",
    ].join(""),
  );
  assertEquals(
    reportOf([monitored(sink)]).reasons[0],
    `nothing serves ${EVENTS}, which sink reads`,
  );
});

Deno.test("more than 5 % of failed work, and batches of more than 5 s, are told with their numbers", () => {
  assertEquals(advice(reportOn({ processor: { error_rate: 0.0623, errors_total: 1_234 } })), [
    "warning: Look in the log of processor for what it cannot use: 6.2 % of its latest work " +
    "failed, more than 5 %, 1,234 in all",
  ]);
  assertEquals(advice(reportOn({ processor: { error_rate: 0.5 } })), [
    "critical: Look in the log of processor for what it cannot use: 50 % of its latest work " +
    "failed, more than 5 %",
  ]);
  assertEquals(advice(reportOn({ sink: { processing_latency_ms: 7_200 } })), [
    "warning: Let sink take smaller batches, or give it more processor time: a batch takes it " +
    "7.2 s, more than 5 s",
  ]);
});

Deno.test("a pool below half healthy, and one in which work waits, are told with their numbers", () => {
  const pool = (pool_total: number, pool_healthy: number, pool_idle = 0, pool_waiting = 0) =>
    advice(reportOn({ sink: { pool_total, pool_healthy, pool_idle, pool_waiting } }));
  const see = "See whether the servers that sink connects to are up and can be reached";
  assertEquals(pool(4, 1), [
    `warning: ${see}: 1 of its 4 connections is healthy, less than half`,
  ]);
  assertEquals(pool(4, 0), [
    `critical: ${see}: 0 of its 4 connections are healthy, less than half`,
  ]);
  assertEquals(pool(10, 10, 0, 2), [
    "info: Raise CONNECTION_POOL_MAX_CONNECTIONS of sink: 2 wait for a connection, and none of " +
    "its 10 is idle",
  ]);
  assertEquals([pool(4, 2), pool(10, 10, 1, 2), pool(0, 0)], [[], [], []]);
});

Deno.test("connections that are being opened after a start are no reason", () => {
  const opening = (uptime_seconds: number) =>
    advice(reportOn({ sink: { pool_total: 2, pool_healthy: 0, uptime_seconds } })).length;
  assertEquals([opening(9), opening(10)], [0, 1]);
});

/** The report on three services behind the tip, whose lags have gone like this. */
function lagging(trends: Readonly<Record<string, HistoryTrend>>, figures: PipelineFigures = {}) {
  const services = threeServices({
    source: { ledgers_behind_tip: 410, ...figures.source },
    processor: { ledgers_behind_tip: 410, ...figures.processor },
    sink: { ledgers_behind_tip: 420, ...figures.sink },
  });
  return advice(pipelineReport(snapshotOf(services), (id) => trends[id]));
}

const growing = { overMs: 300_000, earlier: 320, later: 400 };

Deno.test("a lag that grows is told once, of the service that is furthest behind", () => {
  const find = "warning: Find out what keeps sink from the tip: its upstream, or its own machine";
  const growth = "sink is 420 ledgers behind the tip: in the last 2m 30s 400 at the least, " +
    "and 320 in the 2m 30s before";
  assertEquals(lagging({ sink: growing }), [`${find}: ${growth}`]);
  assertEquals(lagging({ processor: growing, sink: growing }), [
    `${find}: ${growth}; processor falls behind too`,
  ]);
  assertEquals(lagging({ source: growing, processor: growing, sink: growing }), [
    `${find}: ${growth}; source, processor fall behind too`,
  ]);
});

Deno.test("where a lag grows and something holds up the pipeline, that is scaled first", () => {
  const [scale, lag] = lagging({ sink: growing }, { processor: { load_ratio: 0.9 } });
  assertStringIncludes(scale!, "Scale processor: ");
  assertStringIncludes(lag!, "Scale processor first: the pipeline does not keep up");
});

Deno.test("a lag that shrinks, hardly grows, or has been seen for a moment only is no reason", () => {
  assertEquals(lagging({ sink: { ...growing, later: 329 } }), []);
  assertEquals(lagging({ sink: { ...growing, later: 310 } }), []);
  assertEquals(lagging({ sink: { ...growing, overMs: 110_000 } }), []);
});

Deno.test("of very many recommendations the worst are told, and the rest is counted", () => {
  const services = Array.from(
    { length: 80 },
    (_, at) => monitored({ ...sink, id: `s${at}`, status: at < 60 ? "DEGRADED" : "UNHEALTHY" }),
  );
  const { recommendations, recommendations_left_out } = reportOf(services);
  assertEquals([recommendations.length, recommendations_left_out], [50, 31]);
  const severities = recommendations.map(({ severity }) => severity);
  assertEquals(severities.filter((each) => each === "critical").length, 21);
  assertEquals(severities, severities.toSorted());
});

Deno.test("what could not be read is in the report", () => {
  const snapshot = { ...snapshotOf(threeServices()), problems: ["sink gives no answer"] };
  assertEquals(pipelineReport(snapshot).problems, ["sink gives no answer"]);
});
