import { assertEquals, assertStringIncludes } from "@std/assert";
import { createLogger, FakeClock } from "../component/mod.ts";
import { failure, MemoryClient } from "../controller/testing/mod.ts";
import { listedService } from "./_listed_service.ts";
import { Discovery, DiscoveryAllow, UpstreamDiscovery } from "./mod.ts";

const PRICES = "example.Price";

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
  const closed: string[] = [];
  const used = { endpoint: "discovery" };
  const discovery = new Discovery({
    endpoint: "plane.example:8080",
    clock,
    random: () => 0.5,
    connect: () => client,
  });
  const found = new UpstreamDiscovery({
    eventType: PRICES,
    discovery,
    allow: new DiscoveryAllow(allow),
    log,
    open: (endpoint) => ({ endpoint, close: () => closed.push(endpoint) }),
    take: (all) => taken.push(all.map(({ endpoint }) => endpoint).join(" ")),
    inUse: () => used.endpoint,
  });
  const look = () => clock.advance(5_000);
  return { clock, client, lines, taken, closed, used, found, look };
}

Deno.test("who serves the event type is taken, the healthy first, and followed", async () => {
  const { client, taken, closed, used, found, look, clock, lines } = upstreams("127.0.0.1");
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
  used.endpoint = "127.0.0.1:2";
  await look();
  assertEquals(taken, []);
  // Both are gone, and one of them is still in use.
  client.services = [listedService("c", { endpoint: "127.0.0.1:3" })];
  await look();
  assertEquals([taken.splice(0), closed], [["127.0.0.1:3"], ["127.0.0.1:1"]]);
  await found.stop();
  assertEquals(closed, ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]);
  assertEquals(clock.pending, 0);
});

Deno.test("a control plane that lists nobody any more changes nothing", async () => {
  const { client, taken, closed, found, look } = upstreams("127.0.0.1");
  client.services = [listedService("a", { endpoint: "127.0.0.1:1" })];
  found.start();
  await look();
  client.services = [];
  await look();
  assertEquals([taken, closed], [["127.0.0.1:1"], []]);
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
