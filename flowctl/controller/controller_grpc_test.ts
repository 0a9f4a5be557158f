import { assertEquals, assertStringIncludes } from "@std/assert";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { certificates, hasOpenssl } from "../../grpc/testing/mod.ts";
import { FakeClock } from "../component/mod.ts";
import { ControlPlane, type ControlPlaneOptions } from "../control_plane/mod.ts";
import { legacy, v1 } from "../protocol/mod.ts";
import { CountedClient } from "./_counted_client.ts";
import { answer, handlerServer } from "./_handler_server.ts";
import { Controller, type ControllerOptions } from "./mod.ts";

const PRICES = "example.Price";

/** Largest step of the clock between two waits for calls; below every pause and time-out. */
const STEP_MS = 400;

/** A controller over gRPC whose clock, shared with its control plane, goes by only in `advance`. */
function controlled(port: number, clock: FakeClock, options: Partial<ControllerOptions> = {}) {
  const calls = new CountedClient();
  const controller = new Controller({
    endpoint: `localhost:${port}`,
    registration: {
      id: "feed-1",
      name: "feed",
      type: "SOURCE",
      version: "1.2.3",
      outputEventTypes: [PRICES],
      endpoint: "127.0.0.1:9000",
      metadata: { network: "pubnet" },
    },
    clock,
    random: () => 0.5,
    connect: calls.connect,
    ...options,
  });
  const advance = async (ms: number) => {
    const settle = () => clock.advance(0);
    await settle();
    await calls.ended(settle);
    for (let left = ms; left > 0; left -= STEP_MS) {
      await clock.advance(Math.min(left, STEP_MS));
      await calls.ended(settle);
    }
  };
  /** Lets the real client be loaded, and the first call end, while the clock stands still. */
  const begin = async () => {
    controller.start();
    await controller.registered();
    await advance(0);
  };
  return { controller, advance, begin, [Symbol.asyncDispose]: () => controller.stop() };
}

async function started(options: ControlPlaneOptions = {}) {
  const clock = new FakeClock();
  const controlPlane = new ControlPlane({ port: 0, clock, ...options });
  const { port } = await controlPlane.start();
  return { clock, controlPlane, port, [Symbol.asyncDispose]: () => controlPlane.stop() };
}

Deno.test("over v1 a control plane sees the service, how it is and its figures, until it leaves", async () => {
  await using plane = await started();
  const t = controlled(plane.port, plane.clock, {
    status: () => "DEGRADED",
    metrics: { events_per_second: () => 2.5 },
  });
  await t.begin();
  const [service] = plane.controlPlane.services();
  assertEquals(
    [service!.id, service!.name, service!.version, service!.type, service!.endpoint],
    ["feed-1", "feed", "1.2.3", "SOURCE", "127.0.0.1:9000"],
  );
  assertEquals([service!.status, { ...service!.metrics }], [
    "DEGRADED",
    { events_per_second: "2.5" },
  ]);
  assertEquals({ ...service!.metadata }, { network: "pubnet" });
  assertEquals(t.controller.details.protocol, "v1");
  await t.controller.stop();
  assertEquals(plane.controlPlane.services(), []);
});

Deno.test("over the older protocol it sees the same, and the service expires when it has left", async () => {
  await using plane = await started();
  const t = controlled(plane.port, plane.clock, {
    protocol: "legacy",
    metrics: { events_per_second: () => 2.5 },
  });
  await t.begin();
  const [service] = plane.controlPlane.services();
  assertEquals(
    [service!.id, service!.type, service!.endpoint, { ...service!.metrics }],
    ["feed-1", "SOURCE", "127.0.0.1:9000", { events_per_second: "2.5" }],
  );
  assertEquals(t.controller.details.protocol, "legacy");
  await t.controller.stop();
  await plane.clock.advance(45_000);
  assertEquals(plane.controlPlane.services()[0]!.expired, true);
});

Deno.test("a service without an id is given one and keeps it when it registers anew", async () => {
  const clock = new FakeClock();
  const first = new ControlPlane({ port: 0, clock });
  const { port } = await first.start();
  await using t = controlled(port, clock, { registration: { name: "feed", type: "SOURCE" } });
  await t.begin();
  const { service_id } = t.controller.details;
  assertStringIncludes(service_id, "COMPONENT_TYPE_SOURCE-");
  await first.stop();
  await using second = new ControlPlane({ port, clock });
  await second.start();
  await t.advance(15_000);
  assertEquals(second.services().map(({ id }) => id), [service_id]);
});

Deno.test("a service stays healthy by its heartbeats, expires in silence and is revived", async () => {
  const changes: string[] = [];
  await using plane = await started({ onChange: ({ what }) => changes.push(what) });
  // Two clocks, so that the service can be silent while the control plane's time goes by.
  await using t = controlled(plane.port, new FakeClock());
  await t.begin();
  for (let beats = 0; beats < 9; beats++) {
    await plane.clock.advance(10_000);
    await t.advance(10_000);
  }
  assertEquals(changes, ["registered"]);
  await plane.clock.advance(45_000);
  assertEquals(changes.at(-1), "expired");
  await t.advance(10_000);
  assertEquals([changes.at(-1), t.controller.isRegistered], ["revived", true]);
});

Deno.test("a control plane that is restarted without its state has the service again within 15 s", async () => {
  const clock = new FakeClock();
  const first = new ControlPlane({ port: 0, clock });
  const { port } = await first.start();
  await using t = controlled(port, clock);
  await t.begin();
  await first.stop();
  await t.advance(20_000);
  assertEquals(t.controller.details.state, "degraded");
  await using second = new ControlPlane({ port, clock });
  await second.start();
  await t.advance(15_000);
  assertEquals(second.services().map(({ id, status }) => [id, status]), [["feed-1", "HEALTHY"]]);
  assertEquals(t.controller.details.state, "registered");
});

Deno.test("a control plane that comes only later gets the service", async () => {
  const clock = new FakeClock();
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  await using t = controlled(port, clock);
  t.controller.start();
  while (t.controller.details.state === "registering") await t.advance(STEP_MS);
  assertStringIncludes(t.controller.details.error!, "UNAVAILABLE: nothing listens there");
  await using plane = new ControlPlane({ port, clock });
  await plane.start();
  await t.advance(15_000);
  assertEquals(plane.services().map(({ id }) => id), ["feed-1"]);
});

Deno.test("a token opens the control plane, and a wrong one is told", async () => {
  await using plane = await started({ token: "open-sesame" });
  await using wrong = controlled(plane.port, plane.clock, { token: "sesame" });
  wrong.controller.start();
  while (wrong.controller.details.state === "registering") await wrong.advance(STEP_MS);
  assertStringIncludes(wrong.controller.details.error!, "UNAUTHENTICATED: The token of the call");
  assertEquals(plane.controlPlane.services(), []);
  await using right = controlled(plane.port, plane.clock, { token: "open-sesame" });
  await right.begin();
  assertEquals(plane.controlPlane.services().length, 1);
});

Deno.test("a control plane over TLS is reached by its authority, and asks for a certificate", async () => {
  if (!await hasOpenssl()) return;
  await using files = await certificates();
  const server = { certificate: files.read("server.pem"), key: files.read("server.key") };
  const tlsCa = files.read("ca.pem");
  const own = {
    clientCertificate: files.read("client.pem"),
    clientKey: files.read("client.key"),
  };
  await using plane = await started({ tls: server });
  await using plain = controlled(plane.port, plane.clock, { tlsCa });
  await plain.begin();
  await using mutual = await started({ tls: { ...server, clientCa: tlsCa } });
  await using known = controlled(mutual.port, mutual.clock, { tlsCa, ...own });
  await known.begin();
  assertEquals(mutual.controlPlane.services().length, 1);
  await using unknown = controlled(mutual.port, mutual.clock, { tlsCa });
  unknown.controller.start();
  while (unknown.controller.details.state === "registering") await unknown.advance(STEP_MS);
  assertEquals(unknown.controller.details.state, "degraded");
});

Deno.test("TLS to an address instead of a name is told, not tried in vain without a word", async () => {
  const clock = new FakeClock();
  const tlsCa = new TextEncoder().encode("any");
  await using t = controlled(1, clock, { endpoint: "127.0.0.1:1", tlsCa });
  t.controller.start();
  while (t.controller.details.state === "registering") await t.advance(STEP_MS);
  assertStringIncludes(t.controller.details.error!, "127.0.0.1:1 is an IP address");
});

Deno.test("a control plane that speaks only the older protocol is spoken to in it", async () => {
  const beats: legacy.ServiceHeartbeat[] = [];
  const beat: handleUnaryCall<legacy.ServiceHeartbeat, unknown> = (call, done) => {
    beats.push(call.request);
    done(null, {});
  };
  const { Register, Heartbeat } = legacy.controlPlaneMethods;
  using older = await handlerServer({ Register, Heartbeat }, {
    Register: answer(legacy.registrationAck.create({ serviceId: "feed-1" })),
    Heartbeat: beat,
  });
  const clock = new FakeClock();
  await using t = controlled(older.port, clock, { metrics: { queue_depth: () => 3 } });
  await t.begin();
  await t.advance(10_000);
  assertEquals(t.controller.details.protocol, "legacy");
  assertEquals(beats.map(({ metrics }) => ({ ...metrics })), [
    { queue_depth: 3 },
    { queue_depth: 3 },
  ]);
});

Deno.test("Go's flowctl, which says UNKNOWN of a service that it has forgotten, gets it again", async () => {
  let registrations = 0;
  let known = true;
  const { RegisterComponent, Heartbeat, UnregisterComponent } = v1.controlPlaneServiceMethods;
  const register: handleUnaryCall<unknown, v1.RegisterResponse> = (_call, done) => {
    registrations++;
    known = true;
    done(null, v1.registerResponse.create({ serviceId: "feed-1" }));
  };
  const beat: handleUnaryCall<unknown, unknown> = (_call, done) => {
    if (known) done(null, {});
    else done({ code: 2, details: "service feed-1 not found" });
  };
  using go = await handlerServer({ RegisterComponent, Heartbeat, UnregisterComponent }, {
    RegisterComponent: register,
    Heartbeat: beat,
    UnregisterComponent: answer({}),
  });
  const clock = new FakeClock();
  await using t = controlled(go.port, clock);
  await t.begin();
  known = false;
  await t.advance(11_000);
  assertEquals([registrations, t.controller.isRegistered], [2, true]);
});

Deno.test("a server that accepts connections and says nothing holds nothing up", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of silent) connections.push(connection);
  })();
  const { port } = silent.addr as Deno.NetAddr;
  const clock = new FakeClock();
  const controller = new Controller({
    endpoint: `127.0.0.1:${port}`,
    registration: { name: "feed", type: "SOURCE" },
    clock,
  });
  controller.start();
  while (connections.length === 0) await clock.advance(0);
  await clock.advance(10_000);
  assertEquals(controller.details.error, "DEADLINE_EXCEEDED: no answer within 10 s");
  await controller.stop();
  assertEquals(clock.pending, 0);
  silent.close();
  await accepting;
  for (const connection of connections) connection.close();
});
