import { assert, assertEquals } from "@std/assert";
import {
  FakeClock,
  type HealthFlow,
  type HealthProgress,
  type HealthReport,
} from "../component/mod.ts";
import { ComponentFigures } from "./component_figures.ts";
import { readMetrics } from "./heartbeat_metrics.ts";

/** What a component says that knows this much of its progress. */
function reportOf(progress: HealthProgress | undefined): Pick<HealthReport, "progress"> {
  return progress === undefined ? {} : { progress };
}

function figuresOf(progress: () => HealthProgress | undefined) {
  const clock = new FakeClock();
  const figures = new ComponentFigures({
    health: () => reportOf(progress()),
    clock,
    startedAt: 0,
    intervalMs: 5_000,
  });
  const read = () => {
    const { memory_bytes, ...others } = readMetrics(figures.metrics);
    assert(memory_bytes! > 1_000_000);
    return others;
  };
  return { clock, figures, read };
}

Deno.test("figures are those of the component's progress, with rates over the last minute", async () => {
  const progress = { ledger: 90, tip: 100, ledgers_total: 9, events_total: 500, errors_total: 0 };
  const { clock, figures, read } = figuresOf(() => ({ ...progress }));
  figures.start();
  assertEquals(read(), {
    events_processed_total: 500,
    errors_total: 0,
    last_ledger: 90,
    ledgers_behind_tip: 10,
    uptime_seconds: 0,
  });
  Object.assign(progress, { ledger: 95, events_total: 503, errors_total: 1 });
  await clock.advance(5_000);
  assertEquals(read(), {
    events_processed_total: 503,
    events_per_second: 0.6,
    errors_total: 1,
    error_rate: 0.25,
    last_ledger: 95,
    ledgers_behind_tip: 5,
    uptime_seconds: 5,
  });
  // Commits come in bursts: what came some seconds ago still counts.
  await clock.advance(5_000);
  assertEquals(read().events_per_second, 0.3);
  await clock.advance(60_000);
  assertEquals([read().events_per_second, "error_rate" in read()], [0, false]);
  figures.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("what a component does not know is left out, not sent as zero", () => {
  const unknown = { ledger: null, tip: null, ledgers_total: 0, events_total: 0 };
  const { figures, read } = figuresOf(() => unknown);
  figures.start();
  assertEquals(read(), { events_processed_total: 0, uptime_seconds: 0 });
  figures.stop();
  const nothing = figuresOf(() => undefined);
  nothing.figures.start();
  assertEquals(nothing.read(), { uptime_seconds: 0 });
  nothing.figures.stop();
});

Deno.test("the events of a source are its ledgers", async () => {
  let ledgers = 0;
  const { clock, figures, read } = figuresOf(() => ({
    ledger: 2,
    tip: 1,
    ledgers_total: ledgers,
    events_total: null,
  }));
  figures.start();
  ledgers = 10;
  await clock.advance(5_000);
  // A tip that is known late is not behind what was reached.
  const { events_processed_total, events_per_second, ledgers_behind_tip } = read();
  assertEquals([events_processed_total, events_per_second, ledgers_behind_tip], [10, 2, 0]);
  figures.stop();
});

Deno.test("a component that cannot say how far it is costs those figures only", async () => {
  const { clock, figures, read } = figuresOf(() => {
    throw new Error("unwell");
  });
  figures.start();
  await clock.advance(5_000);
  assertEquals(read(), { uptime_seconds: 5 });
  figures.stop();
});

Deno.test("how work flows through a component is told as it says it", () => {
  const flow: HealthFlow = {
    inflight: 850,
    max_inflight: 1_000,
    inflight_bytes: 1_024,
    max_inflight_bytes: 4_096,
    queue_depth: 9,
    load_ratio: 0.85,
    throttle_rate: 0.5,
    backpressure_active: true,
    reason: "queue_full",
    ledgers_per_second_limit: 12,
    processing_latency_ms: null,
    consumers: [],
  };
  const clock = new FakeClock();
  const figures = new ComponentFigures({
    health: () => ({ flow }),
    clock,
    startedAt: 0,
    intervalMs: 5_000,
  });
  const { memory_bytes: _varies, ...read } = readMetrics(figures.metrics);
  assertEquals(read, {
    uptime_seconds: 0,
    inflight: 850,
    max_inflight: 1_000,
    queue_depth: 9,
    load_ratio: 0.85,
    throttle_rate: 0.5,
    backpressure_active: 1,
  });
});
