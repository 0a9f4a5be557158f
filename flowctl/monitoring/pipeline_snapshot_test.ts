import { assertEquals } from "@std/assert";
import { EVENTS, LEDGERS, processor, sink } from "../service/testing/mod.ts";
import { monitored, NOW, snapshotOf, threeServices } from "./_test_pipeline.ts";
import { MAX_EDGES, pipelineSnapshot } from "./pipeline_snapshot.ts";
import { snapshotJson } from "./snapshot_json.ts";

Deno.test("a snapshot tells total, edges and health of what was read", () => {
  const snapshot = snapshotOf(threeServices({ sink: { events_per_second: 7, load_ratio: 0.5 } }));
  assertEquals(snapshot.edges, [["source", "processor", LEDGERS], ["processor", "sink", EVENTS]]);
  assertEquals(snapshot.health, { status: "healthy", reasons: [] });
  assertEquals([snapshot.total.eventsPerSecond, snapshot.total.loadRatio], [
    7,
    { value: 0.5, serviceId: "sink" },
  ]);
});

Deno.test("a service that is not heard of makes the pipeline unhealthy, with its age", () => {
  const silent = monitored({
    ...processor,
    status: "UNHEALTHY",
    expired: true,
    lastHeartbeatAt: NOW - 45_000,
  });
  const [source, , end] = threeServices();
  const { health } = snapshotOf([source!, silent, end!]);
  assertEquals([health.status, health.reasons.at(-1)], [
    "unhealthy",
    "processor has not been heard of for 45 s",
  ]);
});

Deno.test("where event types are not told, no service is called an orphan", () => {
  const services = [monitored({ id: "a" }), monitored({ id: "b" })];
  const { health, edges } = pipelineSnapshot({ services, problems: [], joined: false }, NOW);
  assertEquals([health.status, edges], ["healthy", []]);
});

Deno.test("edges are bounded, and a snapshot says how many are left out", () => {
  const services = Array.from({ length: 100 }, (_, at) => [
    monitored({ id: `p${at}`, outputEventTypes: ["x"] }),
    monitored({ ...sink, id: `c${at}`, inputEventTypes: ["x"] }),
  ]).flat();
  const { edges, problems } = snapshotOf(services);
  assertEquals([edges.length, problems], [MAX_EDGES, [
    "10000 joins are too many to show: 8000 are left out",
  ]]);
});

Deno.test("the JSON of a snapshot has null for what is not known", () => {
  const [told, untold] = snapshotJson(
    snapshotOf([
      monitored({ id: "a", metadata: { health_endpoint: "http://a/health" } }, {
        throttle_rate: 0.5,
        backpressure_active: 0,
        pool_total: 2,
        pool_healthy: 1,
      }),
      monitored({ id: "b", lastHeartbeatAt: 0 }),
    ]),
  ).services;
  assertEquals(
    [told!.throttle_rate, told!.backpressure_active, told!.pool, told!.last_heartbeat_age_ms],
    [0.5, false, { total: 2, healthy: 1, idle: 0, busy: 2, waiting: 0 }, 1_000],
  );
  assertEquals(
    [untold!.throttle_rate, untold!.backpressure_active, untold!.pool, untold!.health_endpoint],
    [null, null, null, null],
  );
  assertEquals(untold!.last_heartbeat_age_ms, null);
});
