import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock, type HealthAnswer, type HealthReply } from "../component/mod.ts";
import { processor, sink, source } from "../service/testing/mod.ts";
import { type AskedComponent, HealthReader } from "./health_reader.ts";
import { pipelineSnapshot } from "./pipeline_snapshot.ts";

const { signal } = new AbortController();

function component(
  { id, name, type, inputEventTypes, outputEventTypes, endpoint }: typeof source,
  more: Partial<AskedComponent> = {},
): AskedComponent {
  return { id, name, type, inputEventTypes, outputEventTypes, endpoint, ...more };
}

const FLOW = {
  inflight: 5,
  max_inflight: 10,
  inflight_bytes: 1,
  max_inflight_bytes: 2,
  queue_depth: 3,
  load_ratio: 0.5,
  throttle_rate: 0.25,
  backpressure_active: true,
  reason: "queue_full",
  ledgers_per_second_limit: null,
  processing_latency_ms: 12,
  consumers: [],
};

function healthy(fields: Partial<HealthAnswer> = {}): HealthReply {
  const answer: HealthAnswer = {
    status: "healthy",
    component: "arrow-analytics-sink",
    version: "0.1.0",
    uptime_seconds: 60,
    ports: {},
    rss_bytes: 1_000,
    details: {},
    ...fields,
  };
  return { code: 200, answer };
}

const progress = (ledgers: number, errors = 0) => ({
  ledger: ledgers,
  tip: ledgers + 2,
  ledgers_total: ledgers,
  events_total: ledgers * 10,
  errors_total: errors,
});

/** A reader of the sink alone, with what it answers. */
function sinkReader(reply: () => HealthReply) {
  const clock = new FakeClock();
  const components = () => [component(sink)];
  const reader = new HealthReader({ components, ask: () => Promise.resolve(reply()), clock });
  return { reader, clock, figures: async () => (await reader.read(signal)).services[0]!.figures };
}

Deno.test("a component's own answer has all figures of its heartbeats", async () => {
  const pool = { total: 4, healthy: 3, idle: 1, busy: 3, waiting: 2 };
  const { reader } = sinkReader(() =>
    healthy({ progress: progress(7, 1), flow: { ...FLOW, pool }, status: "degraded" })
  );
  const [service] = (await reader.read(signal)).services;
  assertEquals(service!.figures, {
    id: "sink",
    type: "CONSUMER",
    status: "DEGRADED",
    eventsPerSecond: undefined,
    latencyMs: 12,
    loadRatio: 0.5,
    queueDepth: 3,
    errorRate: undefined,
    throttleRate: 0.25,
    backpressureActive: true,
    inflight: 5,
    maxInflight: 10,
    lastLedger: 7,
    ledgersBehindTip: 2,
    lagSeconds: undefined,
    commitAgeSeconds: undefined,
    errorsTotal: 1,
    eventsTotal: 70,
    memoryBytes: 1_000,
    uptimeSeconds: 60,
  });
  assertEquals([service!.pool, service!.lastHeartbeatAgeMs], [pool, null]);
});

Deno.test("rates are those between its looks, and a component that starts again begins anew", async () => {
  let ledgers = 0;
  const { clock, figures } = sinkReader(() => healthy({ progress: progress(ledgers, ledgers) }));
  await figures();
  ledgers = 10;
  await clock.advance(5_000);
  const { eventsPerSecond, errorRate } = await figures();
  assertEquals([eventsPerSecond, errorRate], [20, 10 / 110]);
  ledgers = 1;
  assertEquals((await figures()).eventsPerSecond, undefined);
  assertEquals(clock.pending, 0);
});

Deno.test("a pool is found among the details, too", async () => {
  const pool = { total: 2, healthy: 1, idle: 2, waiting: 0 };
  const { reader } = sinkReader(() => healthy({ details: { pool } }));
  assertEquals((await reader.read(signal)).services[0]!.pool, { ...pool, busy: 0 });
  const wrong = sinkReader(() => healthy({ details: { pool: "none" } }));
  assertEquals((await wrong.reader.read(signal)).services[0]!.pool, undefined);
});

Deno.test("one that gives no answer is a problem with its address, and the others are told", async () => {
  const healthEndpoint = "http://127.0.0.1:9/health";
  const reader = new HealthReader({
    components: () => [
      component(source),
      component(processor, { healthEndpoint }),
      component(sink, { silentStatus: "STARTING" }),
    ],
    ask: ({ id }) =>
      Promise.resolve(
        id === "source"
          ? healthy()
          : { code: undefined, answer: undefined, error: "nothing listens there" },
      ),
  });
  const reading = await reader.read(signal);
  assertEquals(reading.services.map(({ status }) => status), ["HEALTHY", "UNHEALTHY", "STARTING"]);
  assertEquals(reading.problems, [
    "processor gives no answer at http://127.0.0.1:9/health: nothing listens there",
    "sink gives no answer: nothing listens there",
  ]);
  const { health } = pipelineSnapshot(reading, 0);
  assertEquals([health.status, health.reasons.includes("processor gives no answer")], [
    "unhealthy",
    true,
  ]);
});

Deno.test("rates go on after an answer that did not come", async () => {
  let reply = healthy({ progress: progress(0) });
  const { clock, figures } = sinkReader(() => reply);
  await figures();
  reply = { code: undefined, answer: undefined };
  assertEquals((await figures()).eventsTotal, undefined);
  reply = healthy({ progress: progress(10) });
  await clock.advance(10_000);
  assertEquals((await figures()).eventsPerSecond, 10);
});

Deno.test("without other means components are asked over HTTP", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json(healthy({ status: "degraded" }).answer),
  );
  const reader = new HealthReader({
    components: () => [
      component(source, { healthEndpoint: `http://127.0.0.1:${server.addr.port}/health` }),
      component(processor),
      component(sink, { healthEndpoint: "nowhere" }),
    ],
  });
  const { services, problems } = await reader.read(signal);
  assertEquals(services.map(({ status }) => status), ["DEGRADED", "UNHEALTHY", "UNHEALTHY"]);
  assertEquals(problems[0], "processor gives no answer: its address is not known yet");
  assertStringIncludes(problems[1]!, "at nowhere: that is no URL");
});
