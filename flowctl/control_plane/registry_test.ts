import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { GrpcError } from "../../grpc/mod.ts";
import {
  EVENTS,
  fakeRegistry,
  LEDGERS,
  processor,
  registration,
  sink,
  source,
} from "./_test_services.ts";
import { RESTART_GRACE_MS } from "./limits.ts";
import { assignedTopics, type Registration } from "../service/mod.ts";
import type { Storage, StoredService } from "./storage.ts";
import { noStorage } from "./storage.ts";

function refusal(run: () => unknown): string {
  const error = assertThrows(run, GrpcError) as GrpcError;
  return `${error.code}: ${error.message}`;
}

const ids = (services: readonly { id: string }[]) => services.map(({ id }) => id);

Deno.test("a service is healthy from its registration on", () => {
  const { registry, clock } = fakeRegistry();
  const { status, registeredAt, lastHeartbeatAt } = registry.register(source, "X");
  assertEquals([status, registeredAt, lastHeartbeatAt], ["HEALTHY", clock.now(), clock.now()]);
  registry.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a service without an id gets one of its type and the time, each another one", () => {
  const { registry, clock } = fakeRegistry();
  const first = registry.register(registration(), "COMPONENT_TYPE_PROCESSOR");
  const second = registry.register(registration(), "COMPONENT_TYPE_PROCESSOR");
  const nanoseconds = BigInt(clock.now()) * 1_000_000n;
  assertEquals([first.id, second.id], [
    `COMPONENT_TYPE_PROCESSOR-${nanoseconds}`,
    `COMPONENT_TYPE_PROCESSOR-${nanoseconds + 1n}`,
  ]);
});

Deno.test("registering again replaces what is known, metrics and status too", () => {
  const { registry, changes } = fakeRegistry();
  registry.register(source, "X");
  registry.heartbeat("source", { status: "DEGRADED", metrics: { a: "1" } });
  registry.register({ ...source, outputEventTypes: ["other.Type"], endpoint: "h:1" }, "X");
  const { status, metrics, endpoint } = registry.get("source");
  assertEquals([status, metrics, endpoint, registry.size], ["HEALTHY", {}, "h:1", 1]);
  registry.register(processor, "X");
  assertEquals(registry.upstreamEndpoints(registry.get("processor")), {});
  assertEquals(changes, [
    "registered source",
    "changed source",
    "replaced source",
    "registered processor",
  ]);
});

Deno.test("sources and processors are given a topic for each output, others none", () => {
  const { registry } = fakeRegistry();
  const topics = [source, processor, { ...sink, outputEventTypes: ["x.Y"] }]
    .map((each) => assignedTopics(registry.register(each, "X")));
  assertEquals(topics, [[`${LEDGERS}.v1`], [`${EVENTS}.v1`], []]);
});

Deno.test("upstream endpoints are those of services that work, the healthy ones first", async () => {
  const { registry, clock } = fakeRegistry();
  const at = (id: string, endpoint: string) => registry.register({ ...source, id, endpoint }, "X");
  at("degraded", "a:1");
  at("healthy", "b:2");
  at("healthy-under-another-id", "b:2");
  at("stopping", "c:3");
  at("nowhere", "");
  registry.heartbeat("degraded", { status: "DEGRADED" });
  registry.heartbeat("stopping", { status: "STOPPING" });
  const reader = registry.register(processor, "X");
  assertEquals({ ...registry.upstreamEndpoints(reader) }, { [LEDGERS]: "b:2,a:1" });
  await clock.advance(31_000);
  registry.heartbeat("degraded", {});
  await clock.advance(10_000);
  assertEquals({ ...registry.upstreamEndpoints(reader) }, { [LEDGERS]: "a:1" });
});

Deno.test("a service that is not heard of within the TTL expires at the next sweep, and any beat revives it", async () => {
  const { registry, clock, changes } = fakeRegistry();
  registry.register(source, "X");
  await clock.advance(30_000);
  assertEquals(registry.get("source").status, "HEALTHY");
  await clock.advance(10_000);
  assertEquals([registry.get("source").status, registry.get("source").expired], [
    "UNHEALTHY",
    true,
  ]);
  registry.heartbeat("source", {});
  assertEquals([registry.get("source").status, registry.get("source").expired], ["HEALTHY", false]);
  assertEquals(changes, ["registered source", "expired source", "revived source"]);
});

Deno.test("a service that beats stays, however long", async () => {
  const { registry, clock, changes } = fakeRegistry();
  registry.register(source, "X");
  for (let i = 0; i < 1000; i++) {
    await clock.advance(10_000);
    registry.heartbeat("source", {});
  }
  assertEquals([registry.get("source").status, changes], ["HEALTHY", ["registered source"]]);
});

Deno.test("a service whose heartbeats come later than the TTL, one after the other, is told of once", async () => {
  const { registry, clock, changes } = fakeRegistry();
  registry.register(source, "X");
  const slow = () => changes.filter((change) => change === "slow source").length;
  const beatAfter = async (ms: number) => {
    await clock.advance(ms);
    registry.heartbeat("source", {});
  };
  // Pauses of a machine, with heartbeats in time in between.
  for (const ms of [35_000, 35_000, 30_000, 35_000, 35_000, 10_000]) await beatAfter(ms);
  assertEquals(slow(), 0);
  for (let beats = 0; beats < 3; beats++) await beatAfter(30_001);
  assertEquals(slow(), 1);
  registry.register(source, "X");
  for (let beats = 0; beats < 10; beats++) await beatAfter(45_000);
  await beatAfter(10_000);
  for (let beats = 0; beats < 10; beats++) await beatAfter(45_000);
  assertEquals(slow(), 1);
});

Deno.test("a machine's clock that is set changes nothing of who is alive", async () => {
  const { registry, clock } = fakeRegistry();
  registry.register(source, "X");
  clock.jumpTo(clock.now() + 86_400_000);
  await clock.advance(10_000);
  assertEquals(registry.get("source").status, "HEALTHY");
});

Deno.test("a service that is not heard of for an hour is forgotten", async () => {
  const removed: string[] = [];
  const storage = {
    ...noStorage,
    removeServices: (gone: readonly string[]) => removed.push(...gone),
  };
  const { registry, clock, changes } = fakeRegistry({ storage });
  registry.register(source, "X");
  await clock.advance(3_600_000);
  assertEquals(registry.size, 1);
  await clock.advance(10_000);
  assertEquals([registry.size, removed], [0, ["source"]]);
  assertEquals(changes, ["registered source", "expired source", "gone source"]);
  registry.register(processor, "X");
  assertEquals({ ...registry.upstreamEndpoints(registry.get("processor")) }, {});
});

Deno.test("with a TTL of an hour a service is unhealthy for another hour before it is forgotten", async () => {
  const { registry, clock, changes } = fakeRegistry({ heartbeatTtlMs: 3_600_000 });
  registry.register(source, "X");
  await clock.advance(3_610_000);
  assertEquals(changes, ["registered source", "expired source"]);
  await clock.advance(3_590_000);
  assertEquals(registry.size, 1);
  await clock.advance(10_000);
  assertEquals([registry.size, changes.at(-1)], [0, "gone source"]);
});

Deno.test("a beat that says nothing of the status leaves a degraded service degraded, expired or not", async () => {
  const { registry, clock } = fakeRegistry();
  registry.register(source, "X");
  registry.heartbeat("source", { status: "DEGRADED" });
  registry.heartbeat("source", {});
  assertEquals(registry.get("source").status, "DEGRADED");
  await clock.advance(40_000);
  assertEquals(registry.get("source").status, "UNHEALTHY");
  registry.heartbeat("source", {});
  assertEquals(registry.get("source").status, "DEGRADED");
  registry.heartbeat("source", { status: "HEALTHY" });
  assertEquals(registry.get("source").status, "HEALTHY");
});

Deno.test("metrics of heartbeats merge, whatever their names", () => {
  const { registry } = fakeRegistry();
  registry.register(source, "X");
  registry.heartbeat("source", { metrics: { a: "1", b: "2" } });
  registry.heartbeat("source", { metrics: JSON.parse('{"b":"3","__proto__":"4"}') });
  const { metrics } = registry.get("source");
  assertEquals(Object.entries(metrics).sort(), [["__proto__", "4"], ["a", "1"], ["b", "3"]]);
});

Deno.test("metrics that grow past the limit are refused, and the service is alive all the same", async () => {
  const { registry, clock } = fakeRegistry({ maxMetadataBytes: 20 });
  registry.register(source, "X");
  await clock.advance(40_000);
  registry.heartbeat("source", { metrics: { a: "x".repeat(15) } });
  const beat = () => registry.heartbeat("source", { metrics: { b: "ü".repeat(3) } });
  assertEquals(refusal(beat), "RESOURCE_EXHAUSTED: metrics has 23 bytes, more than 20");
  const { metrics, status } = registry.get("source");
  assertEquals([Object.keys(metrics), status], [["a"], "HEALTHY"]);
});

Deno.test("an unknown service is not found by heartbeat and status, and may be unregistered", () => {
  const { registry, changes } = fakeRegistry();
  assertEquals(refusal(() => registry.heartbeat("x", {})), "NOT_FOUND: service x not found");
  assertEquals(refusal(() => registry.get("x")), "NOT_FOUND: service x not found");
  registry.unregister("x");
  registry.register(source, "X");
  registry.unregister("source");
  assertEquals([registry.size, changes], [0, ["registered source", "unregistered source"]]);
});

Deno.test("discovery shows what works, by type, any of the event types and all of the metadata", () => {
  const { registry } = fakeRegistry();
  registry.register({ ...source, metadata: { network: "pubnet", zone: "a" } }, "X");
  registry.register({ ...source, id: "other", metadata: { network: "testnet" } }, "X");
  registry.register(processor, "X");
  registry.register(sink, "X");
  registry.register({ ...source, id: "down" }, "X");
  registry.heartbeat("down", { status: "UNHEALTHY" });
  registry.heartbeat("processor", { status: "DEGRADED" });
  const found = (query: Parameters<typeof registry.discover>[0]) => ids(registry.discover(query));
  assertEquals(found({}), ["source", "other", "processor", "sink"]);
  assertEquals(found({ type: "SOURCE" }), ["source", "other"]);
  assertEquals(found({ eventTypes: [EVENTS] }), ["processor", "sink"]);
  assertEquals(found({ eventTypes: [EVENTS, LEDGERS], type: "PROCESSOR" }), ["processor"]);
  assertEquals(found({ metadata: { network: "pubnet" } }), ["source"]);
  assertEquals(found({ metadata: { network: "pubnet", zone: "b" } }), []);
  assertEquals(found({ metadata: { constructor: "x" } }), []);
});

const BROKEN: readonly [string, Partial<Registration>, string][] = [
  ["an endpoint without port", { endpoint: "localhost" }, 'INVALID_ARGUMENT: endpoint "localhost"'],
  ["a port that is none", { endpoint: "localhost:70000" }, "INVALID_ARGUMENT: endpoint"],
  ["port 0", { endpoint: "localhost:0" }, "INVALID_ARGUMENT: endpoint"],
  ["an endpoint with a space", { endpoint: "local host:1" }, "INVALID_ARGUMENT: endpoint"],
  ["an id of two lines", { id: "a\nb" }, "INVALID_ARGUMENT: id"],
  ["an id of two lines by Unicode", { id: "a\u2028b" }, "INVALID_ARGUMENT: id"],
  ["a name that colours a terminal", { name: "a\x9b31m" }, "INVALID_ARGUMENT: name"],
  ["a name that is read backwards", { name: "a\u202eb" }, "INVALID_ARGUMENT: name"],
  ["an id that is too long", { id: "x".repeat(257) }, "INVALID_ARGUMENT: id has 257 characters"],
  ["an empty event type", { inputEventTypes: [""] }, "INVALID_ARGUMENT: input_event_types"],
  [
    "too many event types",
    { outputEventTypes: Array(33).fill("a") },
    "RESOURCE_EXHAUSTED: output_event_types has 33 entries, more than 32",
  ],
  [
    "too much metadata",
    { metadata: { a: "x".repeat(16 * 1024) } },
    "RESOURCE_EXHAUSTED: metadata has 16385 bytes, more than 16384",
  ],
  ["a negative max_inflight", { maxInflight: -1 }, "INVALID_ARGUMENT: max_inflight"],
];

for (const [what, fields, sentence] of BROKEN) {
  Deno.test(`a registration with ${what} is refused`, () => {
    const { registry } = fakeRegistry();
    const told = refusal(() => registry.register(registration({ id: "a", ...fields }), "X"));
    assertEquals(told.slice(0, sentence.length), sentence);
    assertEquals(registry.size, 0);
  });
}

Deno.test("endpoints of all usual forms are accepted", () => {
  const { registry } = fakeRegistry();
  const forms = [
    "",
    "localhost:8080",
    ":50051",
    "[::1]:1",
    "10.0.0.1:65535",
    "http://h:1/health",
    "h:1/health",
  ];
  for (const endpoint of forms) registry.register(registration({ endpoint }), "X");
  assertEquals(registry.size, forms.length);
});

Deno.test("beyond the limit of services new ones are refused, and known ones replaced", () => {
  const { registry } = fakeRegistry({ maxServices: 2 });
  registry.register(source, "X");
  registry.register(sink, "X");
  assertEquals(
    refusal(() => registry.register(processor, "X")),
    "RESOURCE_EXHAUSTED: 2 services are registered, and no more can be (MAX_SERVICES)",
  );
  registry.register({ ...source, endpoint: "h:2" }, "X");
  assertEquals(registry.get("source").endpoint, "h:2");
});

/** A storage in memory that outlives its registries. */
function memoryStorage(): Storage & { readonly kept: Map<string, StoredService> } {
  const kept = new Map<string, StoredService>();
  return {
    ...noStorage,
    kept,
    services: () => kept.values(),
    saveServices: (all) => all.forEach((each) => kept.set(each.registration.id, each)),
    removeServices: (all) => all.forEach((id) => kept.delete(id)),
  };
}

Deno.test("registrations are there again after a restart, as unhealthy until they beat", async () => {
  const storage = memoryStorage();
  const before = fakeRegistry({ storage });
  before.registry.register(source, "X");
  before.registry.register(sink, "X");
  before.registry.heartbeat("source", { status: "DEGRADED", metrics: { a: "1" } });
  before.registry.unregister("sink");
  before.registry.stop();

  const clock = new FakeClock(before.clock.now() + 5_000);
  const { registry } = fakeRegistry({ storage, clock });
  assertEquals(ids(registry.services()), ["source"]);
  const { status, expired, metrics, outputEventTypes } = registry.get("source");
  assertEquals([status, expired, metrics, outputEventTypes], ["UNHEALTHY", true, { a: "1" }, [
    LEDGERS,
  ]]);
  assertEquals(registry.discover({}), []);
  registry.heartbeat("source", {});
  assertEquals(registry.get("source").status, "DEGRADED");
  await clock.advance(10_000);
  assertEquals(storage.kept.get("source")!.lastHeartbeatAt, clock.now() - 10_000);
});

Deno.test("the hour after which a service is forgotten goes on over a restart, with time to be heard of", async () => {
  const storage = memoryStorage();
  const before = fakeRegistry({ storage });
  for (const id of ["silent", "alive"]) before.registry.register({ ...source, id }, "X");
  before.registry.stop();
  const days = new FakeClock(before.clock.now() + 2 * 86_400_000);
  const { registry, clock } = fakeRegistry({ storage, clock: days });
  await clock.advance(RESTART_GRACE_MS);
  registry.heartbeat("alive", {});
  assertEquals(registry.size, 2);
  await clock.advance(10_000);
  assertEquals([ids(registry.services()), [...storage.kept.keys()]], [["alive"], ["alive"]]);
  registry.stop();

  const halfAnHour = new FakeClock(clock.now() + 1_800_000);
  const again = fakeRegistry({ storage, clock: halfAnHour });
  await again.clock.advance(1_790_000);
  assertEquals(again.registry.size, 1);
  await again.clock.advance(20_000);
  assertEquals(again.registry.size, 0);
});
