import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createLogger, FakeClock } from "../component/mod.ts";
import { ControlPlane } from "../control_plane/mod.ts";
import { connectControlPlane, ControlPlaneError, type ListedService } from "../controller/mod.ts";
import { failure, MemoryClient } from "../controller/testing/mod.ts";
import { listedService as service } from "./_listed_service.ts";
import { Discovery, type DiscoveryOptions } from "./mod.ts";

const PRICES = "example.Price";

function discovering(options: Partial<DiscoveryOptions> = {}) {
  const clock = new FakeClock();
  const client = new MemoryClient();
  const log: string[] = [];
  const changes: string[] = [];
  const discovery = new Discovery({
    endpoint: "plane.example:8080",
    clock,
    random: () => 0.5,
    connect: () => client,
    log: createLogger({
      component: "reader",
      level: "info",
      format: "text",
      clock,
      write: (line) => log.push(line),
    }),
    ...options,
  });
  discovery.watch(({ what, service }) => changes.push(`${what} ${service.id}`));
  return { clock, client, discovery, log, changes };
}

Deno.test("what has changed since the last look is told once, in words", async () => {
  const { clock, client, discovery, changes } = discovering();
  client.services = [service("a"), service("b")];
  discovery.start();
  await clock.advance(0);
  assertEquals(changes.splice(0), ["added a", "added b"]);
  client.services = [service("a"), service("b", { status: "UNHEALTHY" })];
  await clock.advance(5_000);
  assertEquals(changes.splice(0), ["unhealthy b"]);
  const steps: [ListedService[], string[]][] = [
    [[service("a"), service("b", { status: "UNHEALTHY" })], []],
    [[service("a", { status: "DEGRADED", metrics: { queue_depth: "9" } }), service("b")], [
      "healthy b",
    ]],
    [[service("a", { status: "STOPPING" }), service("b", { endpoint: "b2.example:1" })], [
      "unhealthy a",
      "changed b",
    ]],
    [[service("b", { endpoint: "b2.example:1", metadata: { x: "1", y: "2" } })], [
      "removed a",
      "changed b",
    ]],
    // Maps have no order on the wire.
    [[service("b", { endpoint: "b2.example:1", metadata: { y: "2", x: "1" } })], []],
    [[], ["removed b"]],
  ];
  for (const [services, expected] of steps) {
    client.services = services;
    await clock.advance(5_000);
    assertEquals(changes.splice(0), expected);
  }
  await discovery.stop();
});

Deno.test("a look-up asks nobody, and finds only what works, the healthy first", async () => {
  const { clock, client, discovery } = discovering();
  assertEquals(discovery.find(), []);
  client.services = [
    service("degraded", { status: "DEGRADED", metadata: { network: "pubnet" } }),
    service("healthy", { metadata: { network: "testnet" } }),
    service("expired", { status: "UNHEALTHY" }),
    service("stopping", { status: "STOPPING" }),
    service("reader", { type: "CONSUMER", inputEventTypes: [PRICES], outputEventTypes: [] }),
    service("other", { outputEventTypes: ["example.Weather"] }),
  ];
  discovery.start();
  await clock.advance(0);
  const ids = (services: ListedService[]) => services.map(({ id }) => id);
  assertEquals(ids(discovery.find()), ["healthy", "reader", "other", "degraded"]);
  assertEquals(ids(discovery.find({ type: "CONSUMER" })), ["reader"]);
  assertEquals(ids(discovery.find({ eventTypes: [PRICES] })), ["healthy", "reader", "degraded"]);
  assertEquals(ids(discovery.find({ metadata: { network: "pubnet" } })), ["degraded"]);
  assertEquals(ids(discovery.find({ metadata: { constructor: "x" } })), []);
  assertEquals(ids(discovery.producersOf(PRICES)), ["healthy", "degraded"]);
  assertEquals(discovery.services().length, 4);
  assertEquals(client.calls.filter((call) => call.startsWith("discover")).length, 1);
  await discovery.stop();
});

Deno.test("a control plane that is away leaves what is known, is told once and asked again", async () => {
  const { clock, client, discovery, log, changes } = discovering();
  client.services = [service("a")];
  discovery.start();
  await clock.advance(0);
  client.fail = () => failure("UNAVAILABLE", "nothing listens there");
  await clock.advance(60_000);
  assertEquals([changes, discovery.find().length], [["added a"], 1]);
  assertStringIncludes(discovery.error!, "nothing listens there");
  assertEquals(log.length, 1);
  await assertRejects(() => discovery.refresh(), ControlPlaneError, "nothing listens there");
  client.fail = () => undefined;
  await clock.advance(10_000);
  assertEquals([discovery.error, log.length], [undefined, 2]);
  await discovery.stop();
});

Deno.test("one that never answers is given up after 5 s, and a stop waits for nothing", async () => {
  const { clock, client, discovery } = discovering();
  client.fail = () => "hang";
  discovery.start();
  await clock.advance(5_000);
  assertStringIncludes(discovery.error!, "no answer within 5 s");
  const ready = assertRejects(() => discovery.ready(), DOMException, "the discovery stops");
  await discovery.stop();
  await ready;
  assertEquals([client.closed, clock.pending], [1, 0]);
});

Deno.test("a client that takes longer than a look is used by the next one, or closed after a stop", async () => {
  for (const stopsBefore of [false, true]) {
    const { promise, resolve } = Promise.withResolvers<MemoryClient>();
    let made = 0;
    const { clock, client, discovery } = discovering({
      connect: () => {
        made++;
        return promise;
      },
    });
    discovery.start();
    await clock.advance(20_000);
    assertStringIncludes(discovery.error!, "no answer within 5 s");
    if (stopsBefore) await discovery.stop();
    resolve(client);
    await clock.advance(0);
    assertEquals([made, client.calls.length], [1, stopsBefore ? 0 : 1]);
    await discovery.stop();
    assertEquals(client.closed, 1);
  }
});

Deno.test("a client that could not be made is made at the next look", async () => {
  const client = new MemoryClient();
  let tries = 0;
  const { discovery } = discovering({
    connect: () => ++tries === 1 ? Promise.reject(new TypeError("no such module")) : client,
  });
  await assertRejects(() => discovery.refresh(), TypeError, "no such module");
  assertStringIncludes(discovery.error!, "no such module");
  await discovery.refresh();
  assertEquals([tries, discovery.error], [2, undefined]);
  await discovery.stop();
});

Deno.test("two who want to know at once ask once", async () => {
  const { client, discovery } = discovering();
  await Promise.all([discovery.refresh(), discovery.refresh()]);
  assertEquals(client.calls, ["discover"]);
  await discovery.stop();
});

Deno.test("who looks at all services at once hears of a look once, and of none without changes", async () => {
  const { client, discovery, log } = discovering();
  const heard: string[] = [];
  const leave = discovery.watchLooks((changes) =>
    heard.push(changes.map(({ what, service }) => `${what} ${service.id}`).join(", "))
  );
  discovery.watchLooks(() => {
    throw new Error("a mistake");
  });
  client.services = [service("a"), service("b")];
  await discovery.refresh();
  await discovery.refresh();
  client.services = [service("b")];
  await discovery.refresh();
  leave();
  client.services = [];
  await discovery.refresh();
  assertEquals(heard, ["added a, added b", "removed a"]);
  assertStringIncludes(log[0]!, "a mistake");
  await discovery.stop();
});

Deno.test("a listener that fails keeps nothing from the others, and one that left hears nothing", async () => {
  const { client, discovery, log, changes } = discovering();
  discovery.watch(() => {
    throw new Error("a mistake");
  });
  const heard: string[] = [];
  discovery.watch(({ service }) => heard.push(service.id));
  discovery.watch(({ service }) => heard.push(`left ${service.id}`))();
  client.services = [service("a")];
  await discovery.refresh();
  assertEquals([changes, heard], [["added a"], ["a"]]);
  assertStringIncludes(log[0]!, "a mistake");
  await discovery.stop();
});

Deno.test("over gRPC a service that comes, is ill, expires and goes is seen", async () => {
  const clock = new FakeClock();
  await using plane = new ControlPlane({ port: 0, clock });
  const { port } = await plane.start();
  const endpoint = `localhost:${port}`;
  const client = await connectControlPlane({ endpoint });
  const seconds: number[] = [];
  await using discovery = new Discovery({ endpoint, onLookup: (each) => seconds.push(each) });
  const changes: string[] = [];
  discovery.watch(({ what }) => changes.push(what));
  const step = async (what: string | undefined) => {
    await discovery.refresh();
    assertEquals(changes.splice(0), what === undefined ? [] : [what]);
  };
  await step(undefined);
  await client.register(service("a"));
  await step("added");
  assertEquals(discovery.producersOf(PRICES)[0]!.endpoint, "a.example:9000");
  await client.heartbeat({ serviceId: "a", status: "UNHEALTHY", metrics: {} });
  await step("unhealthy");
  await client.heartbeat({ serviceId: "a", status: "HEALTHY", metrics: {} });
  await step("healthy");
  await clock.advance(45_000);
  await step("unhealthy");
  await client.unregister("a");
  await step("removed");
  assertEquals(seconds.length, 6);
  client.close();
});
