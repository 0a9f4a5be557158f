import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { monitored, NOW } from "./_test_pipeline.ts";
import { HISTORY_METRICS } from "./history_metrics.ts";
import { MetricsHistory } from "./metrics_history.ts";
import type { MonitoredService } from "./monitored_service.ts";
import { pipelineSnapshot } from "./pipeline_snapshot.ts";

const STEP = 5_000;
const MB = 1_000_000;

function manyServices(count: number, load: number, prefix = "s"): MonitoredService[] {
  return Array.from(
    { length: count },
    (_, at) => monitored({ id: `${prefix}${at}` }, { load_ratio: load, queue_depth: at }),
  );
}

function record(history: MetricsHistory, timeMs: number, services: MonitoredService[]): void {
  history.record(pipelineSnapshot({ services, problems: [] }, timeMs));
}

/** A service whose load goes up by a hundredth from look to look. */
function climbing(looks: number, intervalMs = STEP) {
  const history = new MetricsHistory({ intervalMs });
  for (let look = 0; look < looks; look++) {
    record(history, NOW + look * intervalMs, manyServices(1, look / 100));
  }
  return history;
}

Deno.test("each look is a point, of each service and of the pipeline", () => {
  const history = climbing(3);
  const points = [[NOW, 0], [NOW + STEP, 0.01], [NOW + 2 * STEP, 0.02]];
  assertEquals(history.points("load_ratio", "s0"), points as never);
  assertEquals(history.points("load_ratio"), points as never);
  assertEquals(history.points("load_ratio", "s0", NOW + 2 * STEP), [[NOW + 2 * STEP, 0.02]]);
  assertEquals(history.points("latency_ms", "s0").map(([, value]) => value), [null, null, null]);
  assertEquals([history.points("load_ratio", "x"), history.services, history.has("s0")], [
    [],
    ["s0"],
    true,
  ]);
});

Deno.test("it goes back an hour, and the oldest points go first", () => {
  const history = climbing(1_000);
  const points = history.points("load_ratio", "s0");
  assertEquals([points.length, history.spanMs], [720, 3_600_000]);
  assertEquals([points[0], points.at(-1)], [[NOW + 280 * STEP, 2.8], [NOW + 999 * STEP, 9.99]]);
});

Deno.test("looks between two steps, after a change, go into the mean of the point before", () => {
  const history = new MetricsHistory({ intervalMs: STEP });
  for (const [ms, load] of [[0, 0.2], [100, 0.4], [4_600, 0.9], [5_000, 0.7]] as const) {
    record(history, NOW + ms, manyServices(1, load));
  }
  assertEquals(history.points("load_ratio", "s0"), [[NOW, 0.3], [NOW + 4_600, 0.8]]);
});

Deno.test("looks more often than the least step share points, and less often have larger steps", () => {
  const often = climbing(10, 1_000);
  assertEquals([often.stepMs, often.points("load_ratio", "s0").length], [5_000, 2]);
  const seldom = climbing(10, 60_000);
  assertEquals([seldom.stepMs, seldom.spanMs], [60_000, 64 * 60_000]);
  assertEquals(climbing(1, 3_600_000).spanMs, 64 * 3_600_000);
});

Deno.test("a time without looks is a gap", () => {
  const history = climbing(2);
  record(history, NOW + 10 * STEP, manyServices(1, 0.5));
  assertEquals(history.points("load_ratio", "s0").slice(1), [
    [NOW + STEP, 0.01],
    [NOW + 2 * STEP, null],
    [NOW + 10 * STEP, 0.5],
  ]);
});

Deno.test("the last figures of a service that does not work are not of now, but its age is", () => {
  const history = new MetricsHistory({ intervalMs: STEP });
  const dead = monitored({ id: "a", status: "UNHEALTHY", lastHeartbeatAt: NOW - 40_000 }, {
    load_ratio: 0.5,
  });
  record(history, NOW, [dead]);
  assertEquals(history.points("load_ratio", "a"), [[NOW, null]]);
  assertEquals(history.points("last_heartbeat_age_ms", "a"), [[NOW, 40_000]]);
});

Deno.test("every metric of its list is kept", () => {
  const history = new MetricsHistory({ intervalMs: STEP });
  record(history, NOW, [
    monitored({ id: "a" }, {
      events_per_second: 1,
      processing_latency_ms: 2,
      load_ratio: 3,
      queue_depth: 4,
      error_rate: 0.5,
      throttle_rate: 0.6,
      backpressure_active: 1,
      inflight: 8,
      ledgers_behind_tip: 9,
      lag_seconds: 12,
      commit_age_seconds: 13,
      memory_bytes: 10,
      pool_total: 4,
      pool_healthy: 3,
    }),
  ]);
  const values = HISTORY_METRICS.map((metric) => history.points(metric, "a")[0]![1]);
  assertEquals(values, [1, 2, 3, 4, 0.5, 0.6, 1, 8, 9, 10, 0.75, 1_000, 12, 13]);
});

Deno.test("a clock that is set back begins the history anew", () => {
  const history = climbing(5);
  record(history, NOW - 60_000, manyServices(1, 0.5));
  assertEquals(history.points("load_ratio", "s0"), [[NOW - 60_000, 0.5]]);
});

Deno.test("an hour of ten services takes less than 1 MB", () => {
  const history = new MetricsHistory({ intervalMs: STEP });
  for (let look = 0; look < 720; look++) {
    record(history, NOW + look * STEP, manyServices(10, 0.5));
  }
  assertEquals(history.points("load_ratio", "s9").length, 720);
  assertLess(history.byteLength, MB);
});

Deno.test("a thousand services stay within the limit with coarser points, over the same hour", () => {
  const history = new MetricsHistory({ intervalMs: STEP });
  for (let look = 0; look < 20; look++) {
    record(history, NOW + look * STEP, manyServices(look < 10 ? 10 : 1_000, look / 100));
  }
  assertEquals([history.stepMs, history.spanMs, history.leftOut], [20_000, 3_600_000, 0]);
  assertLess(history.byteLength, 10 * 1024 * 1024);
  assertEquals(history.services.length, 1_000);
  // Looks 0 to 3, 4 to 7, 8 to 9 and what came after.
  const points = history.points("load_ratio", "s0");
  assertEquals(points.map(([timeMs]) => (timeMs - NOW) / STEP), [0, 4, 8, 12, 16]);
  assertEquals(points.slice(0, 2).map(([, value]) => value), [0.015, 0.055]);
});

Deno.test("a point that was unknown when points became coarser is known with its next look", () => {
  const history = new MetricsHistory({ intervalMs: STEP, maxBytes: 250_000 });
  record(history, NOW, [monitored({ id: "s0" })]);
  record(history, NOW + 1_000, manyServices(20, 0.5));
  assertEquals([history.stepMs, history.points("load_ratio", "s0")], [20_000, [[NOW, 0.5]]]);
});

Deno.test("where coarser points are not enough, services are left out and counted", () => {
  const history = new MetricsHistory({ intervalMs: STEP, maxBytes: 100_000 });
  record(history, NOW, manyServices(100, 0.5));
  assertEquals([history.stepMs, history.services.length, history.leftOut], [40_000, 18, 82]);
  assertLess(history.byteLength, 100_001);
});

Deno.test("new services take the room of those that are gone", () => {
  const history = new MetricsHistory({ intervalMs: STEP, maxBytes: 100_000 });
  record(history, NOW, manyServices(18, 0.5, "old"));
  record(history, NOW + 40_000, manyServices(18, 0.5, "new"));
  record(history, NOW + 80_000, manyServices(18, 0.5, "new"));
  assertEquals([history.leftOut, history.has("new17"), history.has("old0")], [0, true, false]);
});

Deno.test("a service that is gone for longer than the history goes back is forgotten", () => {
  const history = new MetricsHistory({ intervalMs: STEP });
  record(history, NOW, manyServices(2, 0.5));
  for (let look = 1; look <= 721; look++) record(history, NOW + look * STEP, manyServices(1, 0.5));
  assertEquals(history.services, ["s0"]);
});

Deno.test("memory does not grow with the length of a run or with ids that come and go", () => {
  const history = new MetricsHistory({ intervalMs: STEP, maxBytes: 200_000 });
  let most = 0;
  for (let look = 0; look < 3_000; look++) {
    record(history, NOW + look * STEP, manyServices(3, 0.5, `${look}-`));
    most = Math.max(most, history.byteLength);
  }
  assertGreater(most, 150_000);
  assert(most <= 200_000, `${most}`);
});

Deno.test("a trend tells the least value of each half", () => {
  const { overMs, earlier, later } = climbing(60).trend("load_ratio", "s0", 30_000)!;
  assertEquals([overMs, ...[earlier, later].map((each) => Number(each.toFixed(6)))], [
    30_000,
    0.53,
    0.57,
  ]);
  const empty = new MetricsHistory({ intervalMs: STEP });
  assertEquals(empty.trend("load_ratio", "s0", 1_000), undefined);
  assertEquals(climbing(1).trend("load_ratio", "s0", 30_000), undefined);
});
