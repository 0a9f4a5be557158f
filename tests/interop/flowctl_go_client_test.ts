/**
 * The control plane as a Go program sees it, over grpc-go and Go's protobuf. Skipped without Go.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FakeClock } from "../../flowctl/component/mod.ts";
import { ControlPlane, type ControlPlaneOptions } from "../../flowctl/control_plane/mod.ts";
import { hasOpenssl } from "../../grpc/testing/mod.ts";
import { makeCertificates } from "../e2e/certificates.ts";
import { eventually } from "../e2e/patience.ts";
import { buildGoClient, GoClient, type GoClientOptions } from "./go_client.ts";

const V1 = "flowctl.v1.ControlPlaneService";
const OLDER = "flowctl.ControlPlane";
const LEDGERS = "stellar_ledger_service.StellarLedger";
const EVENTS = "ttp_event_service.TTPEvent";

const absent = await buildGoClient();
if (absent !== undefined) console.log(`skipped: ${absent}`);

/** A control plane whose time goes by only when told, and a Go client of it. */
async function started(options: ControlPlaneOptions = {}, security: GoClientOptions = {}) {
  const clock = new FakeClock();
  const plane = new ControlPlane({ port: 0, clock, ...options });
  const { port } = await plane.start();
  const go = new GoClient(`localhost:${port}`, security);
  return {
    clock,
    plane,
    port,
    go,
    [Symbol.asyncDispose]: async () => {
      await go[Symbol.asyncDispose]();
      await plane.stop();
    },
  };
}

function goTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: absent !== undefined, fn });
}

const SOURCE = {
  id: "source",
  name: "ledgers",
  version: "1.2.3",
  type: "COMPONENT_TYPE_SOURCE",
  output_event_types: [LEDGERS],
  endpoint: "127.0.0.1:8815",
  metadata: { network: "pubnet" },
};

goTest("a Go client registers, is found, is listed and leaves over flowctl.v1", async () => {
  await using t = await started();
  const { go, port } = t;
  assertEquals(await go.call(`${V1}/RegisterComponent`, { component: SOURCE }), {
    code: "OK",
    answer: {
      service_id: "source",
      assigned_topics: [`${LEDGERS}.v1`],
      connection_info: { control_plane_endpoint: `localhost:${port}` },
    },
  });
  const reader = { type: "COMPONENT_TYPE_CONSUMER", input_event_types: [LEDGERS] };
  const { answer: ack } = await go.call(`${V1}/RegisterComponent`, {
    component: reader,
    component_id: "sink",
  });
  assertEquals([ack.service_id, ack.assigned_topics], ["sink", undefined]);
  assertEquals(ack.connection_info[LEDGERS], "127.0.0.1:8815");

  const found = async (filter: unknown) => {
    const { code, answer } = await go.call(`${V1}/DiscoverComponents`, filter);
    return [code, ...(answer.components ?? []).map((each: { id: string }) => each.id)];
  };
  assertEquals(await found({}), ["OK", "source", "sink"]);
  assertEquals(await found({ type: "COMPONENT_TYPE_SOURCE" }), ["OK", "source"]);
  assertEquals(await found({ event_types: [LEDGERS, EVENTS] }), ["OK", "source", "sink"]);
  assertEquals(await found({ event_types: [EVENTS] }), ["OK"]);
  assertEquals(await found({ metadata_filters: { network: "pubnet" } }), ["OK", "source"]);

  const listed = await go.call(`${V1}/ListComponents`, { type_filter: "COMPONENT_TYPE_SOURCE" });
  assertEquals(listed.answer.components.length, 1);
  assertEquals(listed.answer.components[0].component, SOURCE);
  for (let times = 0; times < 2; times++) {
    const left = await go.call(`${V1}/UnregisterComponent`, { service_id: "source" });
    assertEquals(left, { code: "OK", answer: {} });
  }
  assertEquals(t.plane.services().map(({ id }) => id), ["sink"]);
});

goTest("a Go client that sends UNKNOWN for ever stays healthy, and is revived by it", async () => {
  await using t = await started();
  const { go, clock } = t;
  await go.call(`${V1}/RegisterComponent`, { component: SOURCE });
  const beat = (metrics: Record<string, string>) =>
    go.call(`${V1}/Heartbeat`, {
      service_id: "source",
      status: "HEALTH_STATUS_UNKNOWN",
      metrics,
    });
  for (let beats = 0; beats < 9; beats++) {
    await clock.advance(10_000);
    assertEquals(await beat({ [`figure_${beats % 2}`]: `${beats}` }), { code: "OK", answer: {} });
  }
  const now = () => go.call(`${V1}/GetComponentStatus`, { service_id: "source" });
  const { answer } = await now();
  assertEquals([answer.status, answer.metrics], [
    "HEALTH_STATUS_HEALTHY",
    { figure_0: "8", figure_1: "7" },
  ]);
  assertEquals(Date.parse(answer.last_heartbeat), clock.now());
  assertEquals(Date.parse(answer.registered_at), clock.now() - 90_000);
  await clock.advance(45_000);
  assertEquals((await now()).answer.status, "HEALTH_STATUS_UNHEALTHY");
  const listed = async (include_unhealthy: boolean) =>
    (await go.call(`${V1}/ListComponents`, { include_unhealthy })).answer.components?.length;
  assertEquals([await listed(false), await listed(true)], [undefined, 1]);
  await beat({});
  assertEquals((await now()).answer.status, "HEALTH_STATUS_HEALTHY");
});

goTest(
  "a Go client of the older protocol registers, beats, is listed and keeps a run",
  async () => {
    await using t = await started();
    const { go, clock } = t;
    const { answer: ack } = await go.call(`${OLDER}/Register`, {
      service_id: "processor",
      service_type: "SERVICE_TYPE_PROCESSOR",
      input_event_types: [LEDGERS],
      output_event_types: [EVENTS],
      health_endpoint: "http://127.0.0.1:8091/health",
      max_inflight: 1000,
    });
    assertEquals([ack.service_id, ack.topic_names], ["processor", [`${EVENTS}.v1`]]);
    await clock.advance(5_000);
    const timestamp = new Date(clock.now()).toISOString();
    const beat = { service_id: "processor", timestamp, metrics: { queue_depth: 2.5 } };
    assertEquals((await go.call(`${OLDER}/Heartbeat`, beat)).code, "OK");
    const status = {
      service_id: "processor",
      service_type: "SERVICE_TYPE_PROCESSOR",
      is_healthy: true,
      last_heartbeat: timestamp.replace(".000Z", "Z"),
      metrics: { queue_depth: 2.5 },
      component_id: "processor",
    };
    assertEquals((await go.call(`${OLDER}/ListServices`)).answer, { services: [status] });
    await clock.advance(45_000);
    const asked = await go.call(`${OLDER}/GetServiceStatus`, { service_id: "processor" });
    // False is left out of protobuf's JSON.
    assertEquals(asked.answer, (({ is_healthy: _, ...rest }) => rest)(status));

    await go.call(`${OLDER}/CreatePipelineRun`, {
      run_id: "r1",
      pipeline_name: "payments",
      component_ids: ["processor"],
    });
    const metrics = {
      events_processed: "9007199254740991",
      component_metrics: { processor: { events_in: "3", processing_time_ms: 0.5 } },
    };
    await go.call(`${OLDER}/UpdatePipelineRun`, {
      run_id: "r1",
      status: "RUN_STATUS_COMPLETED",
      metrics,
    });
    const { answer: run } = await go.call(`${OLDER}/GetPipelineRun`, { run_id: "r1" });
    assertEquals([run.status, run.metrics, run.component_ids], [
      "RUN_STATUS_COMPLETED",
      metrics,
      ["processor"],
    ]);
  },
);

goTest("a Go client is told by gRPC's codes what is wrong, in both protocols", async () => {
  await using t = await started({ limits: { services: 1 } });
  const { go } = t;
  const refusals: [string, unknown, string, string][] = [
    ["GetComponentStatus", { service_id: "x" }, "NotFound", "service x not found"],
    ["Heartbeat", { service_id: "x" }, "NotFound", "service x not found"],
    ["RegisterComponent", {}, "InvalidArgument", "component must be set"],
    ["RegisterComponent", { component: { type: 9 } }, "InvalidArgument", "type 9 is not one of"],
    [
      "RegisterComponent",
      { component: { endpoint: "nowhere" } },
      "InvalidArgument",
      'endpoint "nowhere" must be host:port',
    ],
  ];
  const older: typeof refusals = [
    ["GetServiceStatus", { service_id: "x" }, "NotFound", "service x not found"],
    ["Heartbeat", { service_id: "x" }, "NotFound", "service x not found"],
    ["Register", { service_type: 9 }, "InvalidArgument", "service_type 9 is not one of"],
    ["Register", { max_inflight: -1 }, "InvalidArgument", "max_inflight must be 0 or more"],
    ["GetPipelineRun", { run_id: "x" }, "NotFound", "pipeline run not found: x"],
  ];
  for (const [service, cases] of [[V1, refusals], [OLDER, older]] as const) {
    for (const [method, request, code, message] of cases) {
      const refusal = await go.call(`${service}/${method}`, request);
      assertEquals(refusal.code, code, method);
      assertStringIncludes(refusal.message!, message);
    }
  }
  await go.call(`${V1}/RegisterComponent`, { component: SOURCE });
  const second = { component: { ...SOURCE, id: "second" } };
  assertEquals((await go.call(`${V1}/RegisterComponent`, second)).code, "ResourceExhausted");
});

goTest(
  "a Go client that never registers again is known after a restart with the same state",
  async () => {
    const folder = await Deno.makeTempDir();
    const statePath = join(folder, "state.sqlite");
    try {
      await using t = await started({ statePath });
      const { go, port } = t;
      await go.call(`${V1}/RegisterComponent`, { component: SOURCE });
      await t.plane.stop();
      await using second = new ControlPlane({ port, statePath });
      await second.start();
      assertEquals(second.services().map(({ status }) => status), ["UNHEALTHY"]);
      await eventually("the Go client does not reach the control plane again", async () => {
        const { code } = await go.call(`${V1}/Heartbeat`, { service_id: "source" });
        return code === "OK";
      });
      assertEquals(second.services().map(({ id, status }) => [id, status]), [[
        "source",
        "HEALTHY",
      ]]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

goTest("a Go client needs the token, and is told so", async () => {
  await using t = await started({ token: "open-sesame" });
  const request = { component: SOURCE };
  const none = await t.go.call(`${V1}/RegisterComponent`, request);
  assertEquals(none.code, "Unauthenticated");
  await using wrong = new GoClient(`localhost:${t.port}`, { token: "sesame" });
  assertEquals((await wrong.call(`${OLDER}/ListServices`)).code, "Unauthenticated");
  await using right = new GoClient(`localhost:${t.port}`, { token: "open-sesame" });
  assertEquals((await right.call(`${V1}/RegisterComponent`, request)).code, "OK");
});

Deno.test({
  name: "a Go client connects over TLS, and over mutual TLS only with a certificate",
  ignore: absent !== undefined || !await hasOpenssl(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const files = await makeCertificates(folder);
      const [certificate, key, clientCa] = await Promise.all(
        [files.certificate, files.key, files.authority].map((path) => Deno.readFile(path)),
      );
      const pair = { certificate: certificate!, key: key! };
      const ca = files.authority;
      const own = { cert: files.certificate, key: files.key };
      await using tls = await started({ tls: pair }, { ca });
      assertEquals((await tls.go.call(`${V1}/ListComponents`)).code, "OK");
      await using mutual = await started({ tls: { ...pair, clientCa: clientCa! } }, { ca, ...own });
      assertEquals((await mutual.go.call(`${V1}/ListComponents`)).code, "OK");
      await using unknown = new GoClient(`localhost:${mutual.port}`, { ca });
      assertEquals((await unknown.call(`${V1}/ListComponents`)).code, "Unavailable");
      await using plain = new GoClient(`localhost:${mutual.port}`);
      assertEquals((await plain.call(`${V1}/ListComponents`)).code, "Unavailable");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
