import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Client, Metadata } from "@grpc/grpc-js";
import { join } from "@std/path";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor/index.js";
import { clientCredentials, GrpcError, healthMethods, namedTarget } from "../../grpc/mod.ts";
import {
  askReflection,
  callUnary,
  certificates,
  failureOf,
  hasOpenssl,
  rawClient,
  sendBytes,
  UnreadCalls,
  type UnreadEnd,
} from "../../grpc/testing/mod.ts";
import { FakeClock } from "../component/mod.ts";
import { legacy, v1 } from "../protocol/mod.ts";
import { EVENTS, LEDGERS } from "./_test_services.ts";
import { MAX_ANSWER_BYTES, STALLED_MS } from "./limits.ts";
import { ControlPlane, type ControlPlaneOptions } from "./mod.ts";

const modern = v1.controlPlaneServiceMethods;
const older = legacy.controlPlaneMethods;

/** A control plane on a free port, and a client of it. */
async function started(options: ControlPlaneOptions = {}) {
  const controlPlane = new ControlPlane({ port: 0, ...options });
  const { port } = await controlPlane.start();
  const client = rawClient(port);
  return {
    controlPlane,
    port,
    client,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await controlPlane.stop();
    },
  };
}

function register(client: Client, fields: Partial<v1.ComponentInfo>, componentId = "") {
  const component = v1.componentInfo.create(fields);
  return callUnary(client, modern.RegisterComponent, { component, componentId });
}

const SOURCE = {
  id: "source",
  type: v1.ComponentType.SOURCE,
  outputEventTypes: [LEDGERS],
  endpoint: "127.0.0.1:8815",
};

Deno.test("a component registers, beats, is found and leaves over flowctl.v1", async () => {
  const clock = new FakeClock();
  await using t = await started({ clock });
  const { client, port } = t;
  await register(client, SOURCE);
  const ack = await register(client, {
    id: "its own",
    type: v1.ComponentType.PROCESSOR,
    inputEventTypes: [LEDGERS],
    outputEventTypes: [EVENTS],
    metadata: { network: "pubnet" },
  }, "processor");
  assertEquals([ack.serviceId, ack.assignedTopics], ["processor", [`${EVENTS}.v1`]]);
  assertEquals({ ...ack.connectionInfo }, {
    control_plane_endpoint: `127.0.0.1:${port}`,
    [LEDGERS]: "127.0.0.1:8815",
  });
  await clock.advance(1500);
  const { DEGRADED } = v1.HealthStatus;
  const beat = { serviceId: "processor", status: DEGRADED, metrics: { events_per_second: "7.5" } };
  await callUnary(client, modern.Heartbeat, beat);
  const status = await callUnary(client, modern.GetComponentStatus, { serviceId: "processor" });
  assertEquals(
    [status.status, status.lastHeartbeat, status.registeredAt, { ...status.metrics }],
    [DEGRADED, clock.now(), clock.now() - 1500, { events_per_second: "7.5" }],
  );
  const found = await callUnary(client, modern.DiscoverComponents, {
    type: v1.ComponentType.PROCESSOR,
    eventTypes: [EVENTS],
    metadataFilters: { network: "pubnet" },
  });
  assertEquals(found.components.map(({ id, type }) => [id, type]), [["processor", 2]]);
  await callUnary(client, modern.UnregisterComponent, { serviceId: "processor" });
  await callUnary(client, modern.UnregisterComponent, { serviceId: "processor" });
  assertEquals(
    await failureOf(callUnary(client, modern.GetComponentStatus, { serviceId: "processor" })),
    "NOT_FOUND: service processor not found",
  );
});

Deno.test("only healthy components are listed, unless all are asked for", async () => {
  await using t = await started();
  for (const id of ["healthy", "degraded", "unhealthy"]) await register(t.client, { id });
  const { DEGRADED, UNHEALTHY } = v1.HealthStatus;
  for (const [serviceId, status] of [["degraded", DEGRADED], ["unhealthy", UNHEALTHY]] as const) {
    await callUnary(t.client, modern.Heartbeat, { serviceId, status, metrics: {} });
  }
  const listed = async (includeUnhealthy: boolean, typeFilter = 0) => {
    const request = { typeFilter, includeUnhealthy };
    const { components } = await callUnary(t.client, modern.ListComponents, request);
    return components.map(({ component }) => component!.id);
  };
  assertEquals(await listed(false), ["healthy"]);
  assertEquals(await listed(true), ["healthy", "degraded", "unhealthy"]);
  assertEquals(await listed(true, v1.ComponentType.SOURCE), []);
});

Deno.test("a Go client that sends UNKNOWN for ever stays alive, and one that slept is revived by it", async () => {
  const clock = new FakeClock();
  await using t = await started({ clock });
  await register(t.client, SOURCE);
  const beat = { serviceId: "source", status: v1.HealthStatus.UNKNOWN, metrics: {} };
  const statusNow = async () =>
    (await callUnary(t.client, modern.GetComponentStatus, { serviceId: "source" })).status;
  for (let i = 0; i < 6; i++) {
    await clock.advance(10_000);
    await callUnary(t.client, modern.Heartbeat, beat);
  }
  assertEquals(await statusNow(), v1.HealthStatus.HEALTHY);
  await clock.advance(40_000);
  assertEquals(await statusNow(), v1.HealthStatus.UNHEALTHY);
  await callUnary(t.client, modern.Heartbeat, { ...beat, status: 99 });
  assertEquals(await statusNow(), v1.HealthStatus.HEALTHY);
});

Deno.test("both protocols show the same services", async () => {
  const clock = new FakeClock();
  await using t = await started({ clock });
  const { client } = t;
  await register(client, SOURCE);
  const ack = await callUnary(
    client,
    older.Register,
    legacy.serviceInfo.create({
      componentId: "sink",
      serviceType: legacy.ServiceType.SINK,
      inputEventTypes: [LEDGERS],
      healthEndpoint: "http://127.0.0.1:8090/health",
      maxInflight: 7,
    }),
  );
  assertEquals([ack.serviceId, ack.topicNames, ack.connectionInfo[LEDGERS]], [
    "sink",
    [],
    "127.0.0.1:8815",
  ]);
  const metrics = { rows: 3.5, files: 2 };
  await callUnary(client, older.Heartbeat, { serviceId: "sink", timestamp: undefined, metrics });
  const modernView = await callUnary(client, modern.GetComponentStatus, { serviceId: "sink" });
  assertEquals(
    [modernView.component!.type, modernView.component!.endpoint, { ...modernView.metrics }],
    [v1.ComponentType.CONSUMER, "http://127.0.0.1:8090/health", { rows: "3.5", files: "2" }],
  );
  const beat = { serviceId: "source", status: 0, metrics: { a: "1e3", b: "no number", c: "" } };
  await callUnary(client, modern.Heartbeat, beat);
  await clock.advance(25_000);
  await callUnary(client, modern.Heartbeat, beat);
  await clock.advance(15_000);
  const { services } = await callUnary(client, older.ListServices, {});
  assertEquals(
    services.map((each) => [each.serviceId, each.serviceType, each.isHealthy, { ...each.metrics }]),
    [["source", legacy.ServiceType.SOURCE, true, { a: 1000 }], [
      "sink",
      legacy.ServiceType.SINK,
      false,
      metrics,
    ]],
  );
  const asked = legacy.serviceInfo.create({ serviceId: "source" });
  const { isHealthy, lastHeartbeat } = await callUnary(client, older.GetServiceStatus, asked);
  assertEquals([isHealthy, lastHeartbeat], [true, clock.now() - 15_000]);
  const unknown = legacy.serviceInfo.create({ serviceId: "x" });
  for (
    const call of [
      callUnary(client, older.GetServiceStatus, unknown),
      callUnary(client, older.Heartbeat, { serviceId: "x", timestamp: undefined, metrics: {} }),
      callUnary(client, modern.Heartbeat, { serviceId: "x", status: 0, metrics: {} }),
    ]
  ) assertEquals(await failureOf(call), "NOT_FOUND: service x not found");
});

Deno.test("in the older Register service_id beats component_id, and none of both gets one of its type", async () => {
  const clock = new FakeClock();
  await using t = await started({ clock });
  const { SINK, PIPELINE } = legacy.ServiceType;
  const idOf = async (fields: Partial<legacy.ServiceInfo>) =>
    (await callUnary(t.client, older.Register, legacy.serviceInfo.create(fields))).serviceId;
  const nanoseconds = `${clock.now()}000000`;
  assertEquals(await idOf({ serviceId: "a", componentId: "b" }), "a");
  assertEquals(await idOf({ serviceType: SINK }), `COMPONENT_TYPE_CONSUMER-${nanoseconds}`);
  const { serviceId } = await register(t.client, { type: v1.ComponentType.PROCESSOR });
  assertEquals(serviceId, `COMPONENT_TYPE_PROCESSOR-${nanoseconds}`);
  await idOf({ serviceId: "p", serviceType: PIPELINE });
  const { component } = await callUnary(t.client, modern.GetComponentStatus, { serviceId: "p" });
  assertEquals(component!.type, v1.ComponentType.UNSPECIFIED);
});

Deno.test("pipeline runs go from STARTING to their end", async () => {
  const clock = new FakeClock();
  await using t = await started({ clock });
  const created = await callUnary(t.client, older.CreatePipelineRun, {
    runId: "r1",
    pipelineName: "payments",
    configYaml: "a: 1",
    componentIds: ["source", "sink"],
  });
  const { STARTING, RUNNING, STOPPED } = legacy.RunStatus;
  assertEquals(
    [created.status, created.pipelineId, created.pipelineName, created.startTime, created.endTime],
    [STARTING, "payments", "payments", clock.now(), undefined],
  );
  const metrics = legacy.runMetrics.create({
    eventsProcessed: 2 ** 52,
    componentMetrics: { source: legacy.componentMetrics.create({ eventsOut: 5 }) },
  });
  const update = { runId: "r1", status: RUNNING, metrics, error: "" };
  await callUnary(t.client, older.UpdatePipelineRun, update);
  const { runs } = await callUnary(
    t.client,
    older.ListPipelineRuns,
    legacy.listPipelineRunsRequest.create({ status: RUNNING }),
  );
  assertEquals(runs.map((run) => run.metrics), [metrics]);
  const stopped = await callUnary(t.client, older.StopPipelineRun, { runId: "r1" });
  assertEquals([stopped.status, stopped.endTime], [STOPPED, clock.now()]);
  assertEquals(await callUnary(t.client, older.GetPipelineRun, { runId: "r1" }), stopped);
  assertEquals(
    await failureOf(callUnary(t.client, older.GetPipelineRun, { runId: "r2" })),
    "NOT_FOUND: pipeline run not found: r2",
  );
  const unknown = { ...update, runId: "r2" };
  for (
    const call of [
      callUnary(t.client, older.StopPipelineRun, { runId: "r2" }),
      callUnary(t.client, older.UpdatePipelineRun, unknown),
    ]
  ) assertEquals(await failureOf(call), "NOT_FOUND: pipeline run not found: r2");
});

Deno.test("a list of runs holds the latest that fit an answer", async () => {
  await using t = await started();
  const configYaml = "x".repeat(250_000);
  for (let i = 0; i < 80; i++) {
    const run = { runId: `r${i}`, pipelineName: "p", configYaml, componentIds: [] };
    await callUnary(t.client, older.CreatePipelineRun, run);
  }
  const reader = rawClient(t.port, { "grpc.max_receive_message_length": MAX_ANSWER_BYTES });
  const request = legacy.listPipelineRunsRequest.create({ limit: 100 });
  const { runs } = await callUnary(reader, older.ListPipelineRuns, request);
  assertEquals([runs.length, runs[0]!.runId], [67, "r79"]);
  reader.close();
});

Deno.test("what of a connection is gone is answered to nobody, and others are answered", async () => {
  await using t = await started();
  const metadata = { text: "x".repeat(16_000) };
  for (let i = 0; i < 150; i++) await register(t.client, { id: `${i}`, metadata });
  const all = modern.ListComponents.requestSerialize({ typeFilter: 0, includeUnhealthy: true });
  const list = () =>
    callUnary(t.client, modern.ListComponents, { typeFilter: 0, includeUnhealthy: true });
  // More than may be unread in all, again and again: what the dead leave must be given back.
  for (let round = 0; round < 3; round++) {
    const gone = await Promise.all(Array.from({ length: 8 }, () => UnreadCalls.connect(t.port)));
    for (const unread of gone) {
      const given = await unread.call(modern.ListComponents.path, all);
      await unread.call(modern.ListComponents.path, all);
      await unread.cancel(given);
    }
    for (const unread of gone) await unread[Symbol.asyncDispose]();
    assertEquals((await list()).components.length, 150);
  }
});

Deno.test("an answer that nobody takes is given up when others wait for its place", async () => {
  const clock = new FakeClock();
  await using t = await started({ clock });
  const metadata = { text: "x".repeat(16_000) };
  for (let i = 0; i < 150; i++) await register(t.client, { id: `${i}`, metadata });
  const request = { typeFilter: 0, includeUnhealthy: true };
  const all = modern.ListComponents.requestSerialize(request);
  const unknown = modern.GetComponentStatus.requestSerialize({ serviceId: "unknown" });
  const stalled = await Promise.all(Array.from({ length: 7 }, () => UnreadCalls.connect(t.port)));
  const first: Promise<UnreadEnd>[] = [];
  for (const unread of stalled) {
    first.push((await unread.call(modern.ListComponents.path, all)).ended);
    // Told without message, and so behind the list only in the order of work.
    await (await unread.call(modern.GetComponentStatus.path, unknown)).ended;
  }
  const waits = callUnary(t.client, modern.ListComponents, request);
  // A heartbeat waits for nobody.
  await callUnary(t.client, modern.Heartbeat, { serviceId: "0", status: 0, metrics: {} });
  await clock.advance(STALLED_MS);
  assertEquals([(await waits).components.length, await first[0]], [150, "reset"]);
  for (const unread of stalled) await unread[Symbol.asyncDispose]();
});

Deno.test("requests that make no sense are refused with what is wrong, and the server goes on", async () => {
  const told: unknown[] = [];
  await using t = await started({ onError: (error) => told.push(error) });
  const { client } = t;
  const noComponent = callUnary(client, modern.RegisterComponent, {
    component: undefined,
    componentId: "a",
  });
  assertEquals(await failureOf(noComponent), "INVALID_ARGUMENT: component must be set");
  assertEquals(
    await failureOf(register(client, { type: 9 })),
    "INVALID_ARGUMENT: type 9 is not one of UNSPECIFIED (0), SOURCE (1), PROCESSOR (2), CONSUMER (3)",
  );
  const odd = legacy.serviceInfo.create({ serviceType: -1 });
  assertEquals(
    (await failureOf(callUnary(client, older.Register, odd))).slice(0, 36),
    "INVALID_ARGUMENT: service_type -1 is",
  );
  const path = modern.Heartbeat.path;
  for (const bytes of [[0x0a, 9, 1], [0xff], [0x0a, 1, 0xff], [0x07]]) {
    const failure = await failureOf(sendBytes(client, path, Uint8Array.from(bytes)));
    assert(failure.startsWith("INVALID_ARGUMENT: "), failure);
    assertStringIncludes(failure, "HeartbeatRequest");
  }
  const missing = await failureOf(
    sendBytes(client, "/flowctl.v1.ControlPlaneService/No", new Uint8Array()),
  );
  assertEquals(missing.split(":")[0], "UNIMPLEMENTED");
  assertEquals((await register(client, SOURCE)).serviceId, "source");
  assertEquals(told, []);
});

Deno.test("messages and requests beyond the limits are refused", async () => {
  const clock = new FakeClock();
  const limits = { messageBytes: 1000, requestsPerSecond: 3 };
  await using t = await started({ clock, limits });
  const { client } = t;
  const large = await failureOf(register(client, { description: "x".repeat(1100) }));
  assertEquals(large.split(":")[0], "RESOURCE_EXHAUSTED");
  for (let i = 0; i < 3; i++) await register(client, SOURCE);
  const refused = await failureOf(register(client, SOURCE));
  assertEquals(
    refused,
    "RESOURCE_EXHAUSTED: 127.0.0.1 sends more than 3 requests a second: send fewer, or raise " +
      "MAX_REQUESTS_PER_SECOND",
  );
  const health = callUnary(client, healthMethods.Check, { service: "" });
  assertEquals((await failureOf(health)).split(":")[0], "RESOURCE_EXHAUSTED");
  await clock.advance(1000);
  await register(client, SOURCE);
});

Deno.test("health is told for the server and for both services", async () => {
  await using t = await started();
  for (const service of ["", v1.CONTROL_PLANE_SERVICE_NAME, legacy.CONTROL_PLANE_NAME]) {
    assertEquals(await callUnary(t.client, healthMethods.Check, { service }), { status: 1 });
  }
});

Deno.test("reflection has all that a client needs to call both services without their files", async () => {
  await using t = await started();
  const services = [v1.CONTROL_PLANE_SERVICE_NAME, legacy.CONTROL_PLANE_NAME];
  for (const version of ["v1", "v1alpha"]) {
    const [listed, ...described] = await askReflection(t.client, version, [
      { list_services: "" },
      ...services.map((name) => ({ file_containing_symbol: name })),
    ]);
    const names = listed.list_services_response.service.map((each: { name: string }) => each.name);
    assertEquals(names.slice(0, 2), services);
    for (const { files } of described) {
      const has = files.map((file: { name: string }) => file.name);
      const needs = files.flatMap((file: { dependency?: string[] }) => file.dependency ?? []);
      assertEquals(needs.filter((name: string) => !has.includes(name)), []);
    }
    const [{ files }] = described;
    // deno-lint-ignore no-explicit-any -- protobufjs' types leave descriptors out.
    const root: protobuf.Root = (protobuf.Root as any).fromDescriptor({ file: files });
    const request = root.lookupType("flowctl.v1.RegisterRequest");
    const response = root.lookupType("flowctl.v1.RegisterResponse");
    const component = {
      id: `by ${version}`,
      type: 1,
      metadata: { a: "b" },
      outputEventTypes: ["x.Y"],
    };
    const bytes = request.encode(request.fromObject({ component })).finish();
    const answer = await sendBytes(t.client, modern.RegisterComponent.path, bytes);
    const { serviceId, assignedTopics } = response.toObject(response.decode(answer));
    assertEquals([serviceId, assignedTopics], [`by ${version}`, ["x.Y.v1"]]);
  }
  assertEquals(t.controlPlane.services().map((each) => each.metadata.a), ["b", "b"]);
});

Deno.test("with a token everything but health asks for it", async () => {
  await using t = await started({ token: "open-sesame" });
  const bearer = (token: string) => {
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${token}`);
    return metadata;
  };
  const list = (metadata: Metadata) => callUnary(t.client, older.ListServices, {}, metadata);
  assertEquals((await failureOf(list(new Metadata()))).split(":")[0], "UNAUTHENTICATED");
  assertEquals((await failureOf(list(bearer("open-sesamf")))).split(":")[0], "UNAUTHENTICATED");
  assertEquals((await list(bearer("open-sesame"))).services, []);
  await callUnary(t.client, healthMethods.Check, { service: "" });
  const ask = (metadata: Metadata) =>
    askReflection(t.client, "v1", [{ list_services: "" }], metadata);
  assertEquals((await failureOf(ask(new Metadata()))).split(":")[0], "UNAUTHENTICATED");
  assertEquals((await ask(bearer("open-sesame"))).length, 1);
});

Deno.test({
  name: "over TLS a client needs the authority, and with mutual TLS a certificate of it",
  ignore: !await hasOpenssl(),
  async fn() {
    await using files = await certificates();
    const pair = { certificate: files.read("server.pem"), key: files.read("server.key") };
    const tlsCa = files.read("ca.pem");
    const own = {
      clientCertificate: files.read("client.pem"),
      clientKey: files.read("client.key"),
    };
    const ask = async (port: number, credentials: Parameters<typeof clientCredentials>[1]) => {
      const endpoint = `localhost:${port}`;
      const options = { "grpc.use_local_subchannel_pool": 1 };
      const client = new Client(
        namedTarget(endpoint),
        clientCredentials(endpoint, credentials),
        options,
      );
      try {
        return await callUnary(client, older.ListServices, {});
      } finally {
        client.close();
      }
    };
    await using tls = await started({ tls: pair });
    assertEquals((await ask(tls.port, { tlsCa })).services, []);
    assertEquals((await failureOf(ask(tls.port, {}))).split(":")[0], "UNAVAILABLE");
    await using mutual = await started({ tls: { ...pair, clientCa: tlsCa } });
    assertEquals((await ask(mutual.port, { tlsCa, ...own })).services, []);
    assertEquals((await failureOf(ask(mutual.port, { tlsCa }))).split(":")[0], "UNAVAILABLE");
  },
});

Deno.test("registrations and runs survive a restart, as unhealthy until they beat again", async () => {
  const folder = await Deno.makeTempDir();
  const statePath = join(folder, "state.sqlite");
  try {
    {
      await using t = await started({ statePath });
      await register(t.client, SOURCE);
      await register(t.client, { id: "left", type: v1.ComponentType.PROCESSOR });
      await callUnary(t.client, modern.UnregisterComponent, { serviceId: "left" });
      const run = legacy.createPipelineRunRequest.create({ runId: "r1", pipelineName: "p" });
      await callUnary(t.client, older.CreatePipelineRun, run);
    }
    await using t = await started({ statePath });
    const { services } = await callUnary(t.client, older.ListServices, {});
    assertEquals(services.map((each) => [each.serviceId, each.isHealthy]), [["source", false]]);
    await callUnary(t.client, modern.Heartbeat, { serviceId: "source", status: 0, metrics: {} });
    const request = { typeFilter: 0, includeUnhealthy: false };
    const { components } = await callUnary(t.client, modern.ListComponents, request);
    assertEquals(components.map(({ component }) => component!.outputEventTypes), [[LEDGERS]]);
    assertEquals((await callUnary(t.client, older.GetPipelineRun, { runId: "r1" })).status, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a thousand services register and beat, two hundred at once", async () => {
  const clock = new FakeClock();
  const folder = await Deno.makeTempDir();
  try {
    await using t = await started({ clock, statePath: join(folder, "state.sqlite") });
    const ids = Array.from({ length: 1000 }, (_, at) => `service-${at}`);
    const inBatches = async (each: (id: string) => Promise<unknown>) => {
      for (let at = 0; at < ids.length; at += 200) {
        await Promise.all(ids.slice(at, at + 200).map(each));
      }
    };
    await inBatches((id) => register(t.client, { ...SOURCE, id }));
    await clock.advance(40_000);
    assert(t.controlPlane.services().every((service) => service.expired));
    await inBatches((id) => {
      const metrics = { events_per_second: "100", queue_depth: "3", last_ledger: "53312000" };
      return callUnary(t.client, modern.Heartbeat, { serviceId: id, status: 2, metrics });
    });
    const request = { typeFilter: v1.ComponentType.SOURCE, includeUnhealthy: false };
    const { components } = await callUnary(t.client, modern.ListComponents, request);
    assertEquals(components.length, 1000);
    await clock.advance(10_000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a port that is taken is told, and nothing stays open", async () => {
  await using t = await started();
  const second = new ControlPlane({ port: t.port });
  await assertRejects(() => second.start(), GrpcError, `Port ${t.port} on 127.0.0.1 is taken`);
  await second.stop();
});

Deno.test("changes are told as they come", async () => {
  const changes: string[] = [];
  await using t = await started({
    onChange: ({ what, service }) => changes.push(`${what} ${service.id}`),
  });
  await register(t.client, SOURCE);
  await callUnary(t.client, modern.UnregisterComponent, { serviceId: "source" });
  assertEquals(changes, ["registered source", "unregistered source"]);
});

Deno.test("a control plane that is stopped while it starts has closed everything, and is not started again", async () => {
  const controlPlane = new ControlPlane({ port: 0 });
  const starting = controlPlane.start();
  await Promise.all([starting, controlPlane.stop()]);
  const { port } = await starting;
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  listener.close();
  await assertRejects(() => controlPlane.start(), Error, "started once");
  assertEquals(controlPlane.services(), []);
});
