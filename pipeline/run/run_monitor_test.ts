import { assertEquals } from "@std/assert";
import {
  ControlPlaneError,
  FakeClock,
  type HealthAnswer,
  type ListedService,
} from "../../flowctl/mod.ts";
import { MemoryClient } from "../../flowctl/controller/testing/mod.ts";
import { type PipelinePlan, planPipeline, readDeclarations } from "../plan/mod.ts";
import type { ComponentSnapshot } from "../supervision/mod.ts";
import { RunMonitor } from "./run_monitor.ts";

async function planned(env: Record<string, string> = {}): Promise<PipelinePlan> {
  return await planPipeline(await readDeclarations(), {
    profile: "local",
    env: { get: (name) => env[name], toObject: () => env },
  });
}

/** A component that runs and answers. */
function running(component: string, health: number, fields: Partial<HealthAnswer> = {}) {
  const answer: HealthAnswer = {
    status: "healthy",
    component,
    version: "0.1.0",
    uptime_seconds: 1,
    ports: {},
    rss_bytes: 1_000,
    details: {},
    ...fields,
  };
  const ports = { flight: health + 1_000, health };
  return { component, state: "healthy", restarts: 0, ports, reply: { code: 200, answer } } as const;
}

const RUNNING: ComponentSnapshot[] = [
  running("stellar-arrow-source", 1),
  running("ttp-arrow-processor", 2),
  running("arrow-analytics-sink", 3),
];

async function monitorOf(
  snapshots: () => ComponentSnapshot[],
  env: Record<string, string> = {},
  client = new MemoryClient(),
) {
  const clock = new FakeClock();
  const { components } = await planned(env);
  const connect = () => Promise.resolve(client);
  return { monitor: new RunMonitor({ components, snapshots, clock, connect }), clock, client };
}

Deno.test("without a control plane the report comes from the components alone", async () => {
  const { monitor, client } = await monitorOf(() => RUNNING);
  const report = await monitor.report();
  assertEquals([report.status, report.problems, client.calls], ["healthy", [], []]);
  assertEquals(
    report.services.map(({ id, type, heartbeat_age_ms }) => [id, type, heartbeat_age_ms]),
    [
      ["source", "SOURCE", null],
      ["processor", "PROCESSOR", null],
      ["sink", "CONSUMER", null],
    ],
  );
});

Deno.test("a component that starts, failed or gave no answer is told, and the rest is used", async () => {
  const { reply } = running("ttp-arrow-processor", 2);
  const { monitor } = await monitorOf(() => [
    { ...RUNNING[0]!, state: "restarting" },
    // What it answered before stands beside the reason.
    { ...RUNNING[1]!, state: "unhealthy", reply: { ...reply, code: undefined, error: "too slow" } },
    { component: "arrow-analytics-sink", state: "starting", restarts: 0, ports: {} },
  ]);
  const { services, problems } = await monitor.report();
  assertEquals(services.map(({ status }) => status), ["STARTING", "UNHEALTHY", "STARTING"]);
  assertEquals(problems, [
    "source gives no answer at http://127.0.0.1:1/health: it is restarting",
    "processor gives no answer at http://127.0.0.1:2/health: too slow",
    "sink gives no answer: it is starting",
  ]);
});

Deno.test("a lag that grows is seen over the looks of the run, and nothing is left running", async () => {
  let ledger = 1_000;
  const lagging = () => {
    const progress = { ledger, tip: 2_000, ledgers_total: 1, events_total: 1 };
    return [...RUNNING.slice(0, 2), running("arrow-analytics-sink", 3, { progress })];
  };
  const { monitor, clock } = await monitorOf(lagging);
  monitor.start();
  for (let look = 0; look < 24; look++) {
    await clock.advance(5_000);
    ledger -= 5;
  }
  const [recommendation] = (await monitor.report()).recommendations;
  assertEquals(
    recommendation?.because,
    "sink is 1,120 ledgers behind the tip: in the last 1m 0s 1,060 at the least, and 1,000 in the " +
      "1m 0s before",
  );
  await monitor.stop();
  assertEquals(clock.pending, 0);
});

const WITH_FLOWCTL = { ENABLE_FLOWCTL: "true", FLOWCTL_ENDPOINT: "localhost:9999" };

function listed(id: string, port: number, clock: FakeClock): ListedService {
  return {
    id,
    name: "",
    description: "",
    version: "",
    type: "CONSUMER",
    inputEventTypes: ["ttp_event_service.TTPEvent"],
    outputEventTypes: [],
    endpoint: "",
    metadata: { health_endpoint: `http://127.0.0.1:${port}/health` },
    maxInflight: 0,
    status: "HEALTHY",
    metrics: {},
    registeredAt: 0,
    lastHeartbeatAt: clock.now() - 2_000,
  };
}

Deno.test("with a control plane the report has the heartbeats' ages and who else is there", async () => {
  const { monitor, clock, client } = await monitorOf(() => RUNNING, WITH_FLOWCTL);
  client.services = [listed("given-1", 3, clock), listed("other", 99, clock)];
  const { services, problems } = await monitor.report();
  assertEquals(services.map(({ id, heartbeat_age_ms }) => [id, heartbeat_age_ms]), [
    ["source", null],
    ["processor", null],
    ["sink", 2_000],
    ["other", 2_000],
  ]);
  assertEquals([problems, client.closed], [[], 1]);
});

Deno.test("a control plane that is away, or says nothing, is a problem told, and the rest is used", async () => {
  const { monitor, clock, client } = await monitorOf(() => RUNNING, WITH_FLOWCTL);
  client.fail = () => new ControlPlaneError("UNAVAILABLE", "localhost:9999", "nothing is there");
  const away = await monitor.report();
  assertEquals([away.services.length, away.status, away.problems], [3, "healthy", [
    "the control plane localhost:9999 cannot be asked: Control plane localhost:9999: nothing is there",
  ]]);
  client.fail = () => "hang";
  const report = monitor.report();
  await clock.advance(5_000);
  assertEquals((await report).problems, [
    "the control plane localhost:9999 cannot be asked: no answer within 5 s",
  ]);
  assertEquals(clock.pending, 0);
});

Deno.test("a control plane of the run is no part of the pipeline's data", async () => {
  const clock = new FakeClock();
  const { components } = await planned();
  const plane = { ...components[0]!, declaration: (await readDeclarations()).controlPlane };
  const monitor = new RunMonitor({
    components: [plane, ...components],
    snapshots: () => [running("flowctl-control-plane", 9), ...RUNNING],
    clock,
  });
  assertEquals((await monitor.report()).services.map(({ id }) => id), [
    "source",
    "processor",
    "sink",
  ]);
});

Deno.test("components under managers of their own are healthy where their neighbours are elsewhere", async () => {
  const all = await planned({ PROCESSOR_ENDPOINT: "127.0.0.1:1,127.0.0.1:2" });
  for (const [at, component] of all.components.entries()) {
    const monitor = new RunMonitor({
      components: [component],
      snapshots: () => [RUNNING[at]!],
      clock: new FakeClock(),
    });
    const { status, reasons, recommendations } = await monitor.report();
    assertEquals([status, reasons, recommendations], ["healthy", [], []]);
  }
});

Deno.test("a sink that is left to discovery and finds no processor at the control plane misses it", async () => {
  const { components } = await planned({ ENABLE_FLOWCTL: "true" });
  const monitor = new RunMonitor({
    components: [components[2]!],
    snapshots: () => [RUNNING[2]!],
    clock: new FakeClock(),
    connect: () => Promise.resolve(new MemoryClient()),
  });
  const { reasons } = await monitor.report();
  assertEquals(reasons[0], "nothing serves ttp_event_service.TTPEvent, which sink reads");
});
