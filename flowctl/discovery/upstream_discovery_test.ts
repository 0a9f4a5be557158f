import { assertEquals, assertStringIncludes } from "@std/assert";
import { createLogger, FakeClock, MetricsRegistry, realClock } from "../component/mod.ts";
import { loadConfig, parseDeclaration } from "../config/mod.ts";
import { ControlPlane } from "../control_plane/mod.ts";
import { connectControlPlane } from "../controller/mod.ts";
import { failure, MemoryClient } from "../controller/testing/mod.ts";
import { listedService } from "./_listed_service.ts";
import { Discovery, DiscoveryAllow, UpstreamDiscovery } from "./mod.ts";

const PRICES = "example.Price";

/** Counts the services that were looked at. */
class CountingAllow extends DiscoveryAllow {
  asked = 0;

  override address(service: { readonly id: string; readonly endpoint: string }): string {
    this.asked++;
    return super.address(service);
  }
}

function upstreams(...allow: string[]) {
  const clock = new FakeClock();
  const client = new MemoryClient();
  const lines: string[] = [];
  const log = createLogger({
    component: "reader",
    level: "info",
    format: "text",
    clock,
    write: (line) => lines.push(line),
  });
  const taken: string[] = [];
  const used = { unusable: "" };
  const discovery = new Discovery({
    endpoint: "plane.example:8080",
    clock,
    random: () => 0.5,
    connect: () => client,
  });
  const policy = new CountingAllow(allow);
  const found = new UpstreamDiscovery({
    eventType: PRICES,
    discovery,
    allow: policy,
    log,
    check: (endpoint) => {
      if (endpoint === used.unusable) throw new Error("no name in the certificate");
    },
    take: (endpoints) => taken.push(endpoints.join(" ")),
  });
  const look = () => clock.advance(5_000);
  return { clock, client, lines, taken, used, found, look, policy };
}

Deno.test("who serves the event type is taken, the healthy first, and followed", async () => {
  const { client, taken, found, look, clock, lines } = upstreams("127.0.0.1");
  found.start();
  await clock.advance(0);
  assertEquals(taken, []);
  assertEquals(found.reason, `No service that serves ${PRICES} has been found by discovery yet.`);
  const a = listedService("a", { endpoint: "127.0.0.1:1" });
  const b = listedService("b", { endpoint: "127.0.0.1:2" });
  client.services = [
    { ...a, status: "DEGRADED" },
    b,
    listedService("reader", { inputEventTypes: [PRICES], outputEventTypes: [] }),
  ];
  await look();
  assertEquals(taken.splice(0), ["127.0.0.1:2 127.0.0.1:1"]);
  assertEquals(lines.length, 1);
  await look();
  assertEquals(taken, []);
  client.services = [listedService("c", { endpoint: "127.0.0.1:3" })];
  await look();
  assertEquals(taken.splice(0), ["127.0.0.1:3"]);
  await found.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a control plane that lists nobody any more changes nothing", async () => {
  const { client, taken, found, look } = upstreams("127.0.0.1");
  client.services = [listedService("a", { endpoint: "127.0.0.1:1" })];
  found.start();
  await look();
  client.services = [];
  await look();
  assertEquals(taken, ["127.0.0.1:1"]);
  await found.stop();
});

Deno.test("an upstream outside DISCOVERY_ALLOW is refused, and told once in the log and as the reason", async () => {
  const { client, taken, found, look, lines } = upstreams("127.0.0.1");
  client.services = [listedService("a", { endpoint: "evil.example:1" })];
  found.start();
  await look();
  client.services = [listedService("a", { endpoint: "evil.example:1", version: "2" })];
  await look();
  assertEquals([taken, lines.length], [[], 1]);
  assertStringIncludes(lines[0]!, "DISCOVERY_ALLOW");
  assertStringIncludes(found.reason, "add evil.example or evil.example:1 to it");
  await found.stop();
});

Deno.test("of services on hundreds of other machines a hundred are told, and not again at each change", async () => {
  const { client, found, look, lines } = upstreams("127.0.0.1");
  const others = Array.from(
    { length: 150 },
    (_, at) => listedService(`s${at}`, { endpoint: `host-${at}.example:1` }),
  );
  client.services = others;
  found.start();
  await look();
  assertEquals(lines.length, 100);
  client.services = others.map((each) => ({ ...each, version: "2" }));
  await look();
  assertEquals(lines.length, 100);
  // Those that are gone make room for others.
  client.services = [listedService("new", { endpoint: "new.example:1" }), ...others.slice(0, 20)];
  await look();
  assertEquals(lines.length, 101);
  assertStringIncludes(lines.at(-1)!, "new.example:1");
  await found.stop();
});

Deno.test("an upstream whose address cannot be used is told, and the others are taken", async () => {
  const { client, found, look, lines, taken, used } = upstreams("127.0.0.1");
  used.unusable = "127.0.0.1:1";
  client.services = [
    listedService("a", { endpoint: "127.0.0.1:1" }),
    listedService("b", { endpoint: "127.0.0.1:2" }),
    listedService("the same", { endpoint: "grpc://127.0.0.1:2" }),
  ];
  found.start();
  await look();
  assertEquals(taken, ["127.0.0.1:2"]);
  assertStringIncludes(lines[0]!, "127.0.0.1:1 cannot be used: no name in the certificate");
  await found.stop();
});

Deno.test("all services are looked at once, however many of them have changed", async () => {
  const { client, found, look, policy, taken } = upstreams("127.0.0.1");
  client.services = Array.from(
    { length: 1_000 },
    (_, at) => listedService(`s${at}`, { endpoint: `127.0.0.1:${1 + at}` }),
  );
  found.start();
  await look();
  assertEquals([policy.asked, taken.length], [1_000, 1]);
  await look();
  assertEquals(policy.asked, 1_000);
  await found.stop();
});

Deno.test("while the control plane is away, that is the reason", async () => {
  const { client, found, look } = upstreams("127.0.0.1");
  client.fail = () => failure("UNAVAILABLE", "nothing listens there");
  found.start();
  await look();
  assertStringIncludes(
    found.reason,
    "yet: Control plane plane.example:8080: nothing listens there",
  );
  await found.stop();
});

Deno.test("a component that names no upstream finds it at the control plane of its variables", async () => {
  await using plane = new ControlPlane({ port: 0 });
  const { port } = await plane.start();
  const endpoint = `localhost:${port}`;
  const client = await connectControlPlane({ endpoint });
  const path = new URL("../../components/ttp-arrow-processor/component.yaml", import.meta.url);
  const declaration = parseDeclaration(await Deno.readTextFile(path));
  const eventType = declaration.inputEventTypes[0]!;
  const variables: Record<string, string> = {
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: endpoint,
    DISCOVERY_ALLOW: "127.0.0.1:8815",
  };
  const env = { get: (name: string) => variables[name] };
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const log = createLogger({
    component: declaration.name,
    level: "error",
    format: "text",
    clock: realClock,
    write: () => {},
  });
  const metrics = new MetricsRegistry();
  const found = await UpstreamDiscovery.of({
    declaration,
    config: loadConfig({ declaration, env, profile: "local" }),
    log,
    metrics,
    signal: new AbortController().signal,
    clock: realClock,
  }, {
    check: () => {},
    take: (endpoints) => resolve([...endpoints]),
  });
  const source = (id: string, address: string) =>
    client.register(listedService(id, { outputEventTypes: [eventType], endpoint: address }));
  await source("elsewhere", "127.0.0.1:8816");
  await source("source", "127.0.0.1:8815");
  found.start();
  assertEquals(await promise, ["127.0.0.1:8815"]);
  assertStringIncludes(
    await metrics.text(),
    "flowctl_service_discovery_duration_seconds_count 1",
  );
  await found.stop();
  client.close();
});
