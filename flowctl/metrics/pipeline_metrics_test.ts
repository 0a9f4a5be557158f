import { assert, assertEquals } from "@std/assert";
import type { Service } from "../service/mod.ts";
import { processor, service, sink, source } from "../service/testing/mod.ts";
import { metricsJson } from "./metrics_json.ts";
import { pipelineMetrics } from "./pipeline_metrics.ts";

const measured = (fields: Partial<Service>, metrics: Record<string, number>) =>
  service({
    ...fields,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, `${value}`])),
  });

Deno.test("the whole pipeline has the throughput of its end and the worst of all else", () => {
  const { total } = pipelineMetrics([
    measured(source, { events_per_second: 2, queue_depth: 10, load_ratio: 0.2, error_rate: 0 }),
    measured(processor, { events_per_second: 400, processing_latency_ms: 12, load_ratio: 0.9 }),
    measured({ ...processor, id: "second" }, { events_per_second: 300, error_rate: 0.1 }),
    measured(sink, { events_per_second: 690, processing_latency_ms: 4, queue_depth: 5 }),
  ]);
  assertEquals(total, {
    services: 4,
    working: 4,
    eventsPerSecond: 690,
    eventsPerSecondByType: { SOURCE: 2, PROCESSOR: 700, CONSUMER: 690 },
    latencyMs: { value: 12, serviceId: "processor" },
    loadRatio: { value: 0.9, serviceId: "processor" },
    queueDepth: 15,
    errorRate: { value: 0.1, serviceId: "second" },
  });
});

Deno.test("where consumers tell no throughput the pipeline's is that of the last stage that does", () => {
  const processing = measured(processor, { events_per_second: 400 });
  assertEquals(pipelineMetrics([service(sink), processing]).total.eventsPerSecond, 400);
  const reading = measured(source, { events_per_second: 2 });
  assertEquals(pipelineMetrics([service(sink), reading]).total.eventsPerSecond, 2);
});

Deno.test("the last figures of a service that does not work are shown, and count for nothing", () => {
  const { services, total } = pipelineMetrics([
    measured(sink, { events_per_second: 1, load_ratio: 0.1 }),
    measured({ ...sink, id: "dead", status: "UNHEALTHY" }, {
      events_per_second: 999,
      load_ratio: 1,
      queue_depth: 9,
    }),
    measured({ ...sink, id: "hurt", status: "DEGRADED" }, { events_per_second: 2 }),
  ]);
  assertEquals(services[1]!.eventsPerSecond, 999);
  assertEquals([total.services, total.working, total.eventsPerSecond], [3, 2, 3]);
  assertEquals([total.loadRatio?.serviceId, total.queueDepth], ["sink", undefined]);
});

Deno.test("without services nothing is known, and JSON says so with null", () => {
  assertEquals(metricsJson(pipelineMetrics([])), {
    services: [],
    total: {
      services: 0,
      working: 0,
      events_per_second: null,
      events_per_second_by_type: {},
      latency_ms: null,
      load_ratio: null,
      queue_depth: null,
      error_rate: null,
    },
  });
});

Deno.test("a figure of zero is a figure", () => {
  const { services: [only], total } = metricsJson(pipelineMetrics([
    measured(sink, { events_per_second: 0, queue_depth: 0, error_rate: 0 }),
  ]));
  assertEquals([only!.events_per_second, only!.queue_depth, only!.error_rate], [0, 0, 0]);
  assertEquals([total.events_per_second, total.queue_depth], [0, 0]);
  assertEquals(total.error_rate, { value: 0, service_id: "sink" });
});

/** How often anything of the services, or of their list, is read to take their metrics. */
function readsFor(count: number): number {
  let reads = 0;
  const watched = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        reads++;
        const value = Reflect.get(object, name);
        return typeof value === "object" && value !== null ? watched(value) : value;
      },
    });
  const many = Array.from({ length: count }, (_, at) => {
    const metrics = Object.fromEntries(Array.from({ length: at % 50 }, (_, n) => [`m${n}`, n]));
    return measured({ ...processor, id: `p${at}` }, { ...metrics, events_per_second: at });
  });
  pipelineMetrics(watched(many));
  return reads;
}

Deno.test("the work grows with the number of services and with nothing else", () => {
  const [none, ten, hundred, thousand] = [0, 10, 100, 1000].map(readsFor) as [
    number,
    number,
    number,
    number,
  ];
  const each = (ten - none) / 10;
  assert(each > 0);
  assertEquals([hundred - none, thousand - none], [100 * each, 1000 * each]);
});
