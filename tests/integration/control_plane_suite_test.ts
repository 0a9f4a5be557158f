/**
 * Services and a control plane together, over real gRPC and in real time. With FLOWCTL_ENDPOINT it
 * runs against that control plane, whosever it is; what only ours promises is skipped then.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { callUnary, failureOf } from "../../grpc/testing/mod.ts";
import { FakeClock } from "../../flowctl/component/mod.ts";
import {
  type Controller,
  ControlPlaneError,
  type ListedService,
} from "../../flowctl/controller/mod.ts";
import type { ServiceType } from "../../flowctl/control_plane/mod.ts";
import { legacy, v1 } from "../../flowctl/protocol/mod.ts";
import { eventually } from "../e2e/patience.ts";
import { known, NAMED_ENDPOINT, Scenario } from "./control_plane_scenario.ts";

const PROTOCOLS = ["v1", "legacy", "auto"] as const;

type Protocol = typeof PROTOCOLS[number];

function scenario(name: string, fn: (s: Scenario) => Promise<void>, onlyOurs = false): void {
  Deno.test({
    name,
    ignore: onlyOurs && NAMED_ENDPOINT !== undefined,
    fn: async () => {
      await using s = await Scenario.start();
      await fn(s);
    },
  });
}

/** A source, a processor and a sink that read from each other. */
function pipeline(s: Scenario, protocol: Protocol) {
  const [ledgers, events] = [s.own("example.Ledger"), s.own("example.Event")];
  const source = s.service("source", {
    type: "SOURCE",
    outputEventTypes: [ledgers],
    endpoint: "127.0.0.1:8815",
    metadata: { network: s.own("network") },
  }, { protocol });
  const processor = s.service("processor", {
    type: "PROCESSOR",
    inputEventTypes: [ledgers],
    outputEventTypes: [events],
    endpoint: "127.0.0.1:8816",
  }, { protocol });
  const sink = s.service("sink", { type: "CONSUMER", inputEventTypes: [events] }, { protocol });
  return { ledgers, events, source, processor, sink, all: [source, processor, sink] };
}

const idsOf = (services: readonly { readonly id: string }[]) => services.map(({ id }) => id).sort();

for (const protocol of PROTOCOLS) {
  scenario(
    `a pipeline's three services find each other, registered over ${protocol}`,
    async (s) => {
      const discovery = await s.discovery();
      const { ledgers, events, all } = pipeline(s, protocol);
      const answers = await Promise.all(all.map((each) => each.registered()));
      const ids = ["source", "processor", "sink"].map((name) => s.own(name));
      assertEquals(answers.map(({ serviceId }) => serviceId), ids);
      const own = () => discovery.find({ eventTypes: [ledgers, events] });
      await known(discovery, "the three are not known", () => own().length === 3);
      assertEquals(discovery.producersOf(ledgers).map(({ endpoint }) => endpoint), [
        "127.0.0.1:8815",
      ]);
      assertEquals(idsOf(discovery.producersOf(events)), [s.own("processor")]);
      assertEquals(idsOf(discovery.find({ eventTypes: [events], type: "CONSUMER" })), [
        s.own("sink"),
      ]);
      assertEquals(idsOf(discovery.find({ metadata: { network: s.own("network") } })), [
        s.own("source"),
      ]);
      for (const each of all) {
        await eventually("no heartbeat is taken", () => each.counts.heartbeats > 1);
        assertEquals([each.isRegistered, each.counts.failedHeartbeats], [true, 0]);
        assertEquals(each.details.protocol, protocol === "legacy" ? "legacy" : "v1");
      }
    },
  );

  scenario(`a service that is lost comes back under its id, over ${protocol}`, async (s) => {
    const discovery = await s.discovery();
    const { source, all } = pipeline(s, protocol);
    await Promise.all(all.map((each) => each.registered()));
    const client = await s.client("v1");
    for (let losses = 1; losses <= 3; losses++) {
      await client.unregister(s.own("source"));
      const again = () => source.counts.registrations === losses + 1 && source.isRegistered;
      await eventually("it does not register anew", again, () => JSON.stringify(source.details));
    }
    assertEquals(source.details.service_id, s.own("source"));
    const back = () => discovery.find().some(({ id }) => id === s.own("source"));
    await known(discovery, "it is not known again", back);
  });

  scenario(`a heartbeat of an unknown service is NOT_FOUND over ${protocol}`, async (s) => {
    const client = await s.client(protocol);
    const id = s.own("nobody");
    const call = () => client.heartbeat({ serviceId: id, metrics: {} });
    const error = await assertRejects(call, ControlPlaneError);
    assertEquals([error.code, error.reason], ["NOT_FOUND", `service ${id} not found`]);
  });
}

scenario("services that leave are gone, and those of the older protocol stay known", async (s) => {
  const discovery = await s.discovery();
  const removed: string[] = [];
  discovery.watch(({ what, service }) => {
    if (what === "removed") removed.push(service.id);
  });
  const leaver = s.service("leaver", { type: "SOURCE" }, { protocol: "v1" });
  const older = s.service("older", { type: "SOURCE" }, { protocol: "legacy" });
  await Promise.all([leaver.registered(), older.registered()]);
  const has = (id: string) => discovery.services().some((each) => each.id === id);
  await known(discovery, "both are not known", () => has(leaver.details.service_id));
  await Promise.all([leaver.stop(), older.stop()]);
  await known(discovery, "it is not gone", () => removed.length > 0);
  assertEquals([removed, has(s.own("older"))], [[s.own("leaver")], true]);
});

scenario(
  "what a service tells of itself is seen: status, figures and a new endpoint",
  async (s) => {
    const discovery = await s.discovery();
    const changes: string[] = [];
    const id = s.own("feed");
    discovery.watch(({ what, service }) => service.id === id && changes.push(what));
    let status: "HEALTHY" | "DEGRADED" | "UNHEALTHY" = "DEGRADED";
    const options = { status: () => status, metrics: { queue_depth: () => 7 } };
    const first = s.service("feed", { type: "SOURCE", endpoint: "127.0.0.1:1" }, options);
    await first.registered();
    const now = (): ListedService | undefined =>
      discovery.services().find((each) => each.id === id);
    await known(discovery, "it is not degraded", () => now()?.status === "DEGRADED");
    assertEquals(now()!.metrics.queue_depth, "7");
    assertEquals(discovery.find().some((each) => each.id === id), true);
    status = "UNHEALTHY";
    await known(discovery, "it is not unhealthy", () => now()!.status === "UNHEALTHY");
    status = "HEALTHY";
    await known(discovery, "it is not healthy", () => now()!.status === "HEALTHY");
    const second = s.service("feed", { type: "SOURCE", endpoint: "127.0.0.1:2" }, options);
    await second.registered();
    await known(discovery, "it has not moved", () => now()!.endpoint === "127.0.0.1:2");
    assertEquals(changes, ["added", "unhealthy", "healthy", "changed"]);
  },
);

scenario(
  "the status of an unknown service is NOT_FOUND, and unregistering it no error",
  async (s) => {
    const client = await s.client("v1");
    const id = s.own("nobody");
    const error = await assertRejects(() => client.status(id), ControlPlaneError);
    assertEquals([error.code, error.reason], ["NOT_FOUND", `service ${id} not found`]);
    await client.unregister(id);
  },
);

scenario("the older protocol finds services by type, and tells who works", async (s) => {
  const discovery = await s.discovery({ protocol: "legacy", type: "PROCESSOR" });
  const { all } = pipeline(s, "legacy");
  await Promise.all(all.map((each) => each.registered()));
  await known(discovery, "the processor is not known", () => discovery.find().length === 1);
  assertEquals(idsOf(discovery.services()), [s.own("processor")]);
}, true);

scenario("a reader is told where its upstreams are when it registers", async (s) => {
  const { ledgers, source } = pipeline(s, "v1");
  await source.registered();
  for (const protocol of ["v1", "legacy"] as const) {
    const registration = { type: "PROCESSOR", inputEventTypes: [ledgers] } as const;
    const reader = s.service(`reader-${protocol}`, registration, { protocol });
    const { connectionInfo } = await reader.registered();
    assertEquals(connectionInfo[ledgers], "127.0.0.1:8815");
    assertEquals(connectionInfo.control_plane_endpoint, s.endpoint);
  }
}, true);

Deno.test({
  name: "a source that falls silent is found no more and named in the health, until it is heard of",
  ignore: NAMED_ENDPOINT !== undefined,
  fn: async () => {
    const clock = new FakeClock();
    await using s = await Scenario.start({ clock });
    const discovery = await s.discovery();
    const { ledgers, events, all } = pipeline(s, "v1");
    await Promise.all(all.map((each) => each.registered()));
    const client = await s.client("v1");
    const silent = s.own("silent");
    await client.register({
      id: silent,
      name: "silent",
      description: "",
      version: "",
      type: "SOURCE",
      inputEventTypes: [],
      outputEventTypes: [s.own("example.Rare")],
      endpoint: "127.0.0.1:9999",
      metadata: {},
      maxInflight: 0,
    });
    const rare = () => discovery.producersOf(s.own("example.Rare")).length;
    await known(discovery, "it is not found", () => rare() === 1);
    // The others beat in real time, which is before the next sweep of this clock.
    await clock.advance(45_000);
    await known(discovery, "it is still found", () => rare() === 0);
    const working = () => discovery.find({ eventTypes: [ledgers, events] }).length;
    await known(discovery, "the others are lost", () => working() === 3);
    const { status, reasons } = s.plane!.health();
    assertEquals(status, "degraded");
    assert(reasons.some((reason) => reason.includes(silent)), reasons.join("; "));
    await client.heartbeat({ serviceId: silent, metrics: {} });
    await known(discovery, "it is not found again", () => rare() === 1);
  },
});

/** Sizes of one small pipeline, of a team's, of a company's, and beyond. */
const SIZES = [5, 20, 100, 150];

/** Saying goodbye may take a second; on a busy machine not too many must want that one. */
const LEAVE_AT_ONCE = 10;

const TYPES: readonly ServiceType[] = ["SOURCE", "PROCESSOR", "CONSUMER"];

for (const size of SIZES) {
  scenario(`${size} services of both protocols register, beat, are found and leave`, async (s) => {
    const discovery = await s.discovery();
    const topic = s.own("example.Topic");
    const controllers: Controller[] = [];
    for (let at = 0; at < size; at++) {
      controllers.push(s.service(`service-${at}`, {
        type: TYPES[at % TYPES.length]!,
        inputEventTypes: at % TYPES.length === 0 ? [] : [topic],
        outputEventTypes: at % TYPES.length === 0 ? [topic] : [],
        endpoint: `127.0.0.1:${9000 + at}`,
      }, { protocol: at % 4 === 0 ? "legacy" : "v1" }));
    }
    const answers = await Promise.all(controllers.map((each) => each.registered()));
    const expected = answers.map(({ serviceId }) => serviceId).sort();
    assertEquals(new Set(expected).size, size);
    await eventually(
      "not all have been heard of",
      () => controllers.every(({ counts }) => counts.heartbeats > 0),
    );
    const found = () => discovery.find({ eventTypes: [topic] });
    await known(discovery, "not all are known", () => found().length === size);
    assertEquals(idsOf(found()), expected);
    for (const type of TYPES) {
      const ids = expected.filter((id) =>
        TYPES[Number(/service-(\d+)-/.exec(id)![1]) % TYPES.length] === type
      );
      assertEquals(idsOf(discovery.find({ eventTypes: [topic], type })), ids);
    }
    assertEquals(discovery.producersOf(topic).length, Math.ceil(size / TYPES.length));
    assertEquals(controllers.filter(({ counts }) => counts.failedRegistrations > 0), []);
    for (let at = 0; at < size; at += LEAVE_AT_ONCE) {
      await Promise.all(controllers.slice(at, at + LEAVE_AT_ONCE).map((each) => each.stop()));
    }
    const older = Math.ceil(size / 4);
    const left = () => discovery.services().filter((each) => expected.includes(each.id));
    await known(discovery, "not all have left", () => left().length === older);
  });
}

/** What makes no sense in a registration, by protocol, and what is said of it. */
const TYPE_MISTAKES = [4, 99, -1, 2 ** 31 - 1];

const ENDPOINT_MISTAKES = [
  "nowhere",
  "127.0.0.1",
  "127.0.0.1:",
  "127.0.0.1:0",
  "127.0.0.1:65536",
  "127.0.0.1:http",
  "127.0.0.1:-1",
  "host with spaces:80",
  "::1:80",
  "[::1]",
  "http://",
  "127.0.0.1:80\nDISCOVERY_ALLOW=evil",
  "a".repeat(300) + ":80",
];

const ENDPOINTS = [
  "",
  "127.0.0.1:1",
  "localhost:65535",
  ":8080",
  "[::1]:8815",
  "source_1.example-host.org:443",
  "grpc://127.0.0.1:8815",
  "http://127.0.0.1:8090/health",
];

/** Registrations of one endpoint or type in both protocols; answers how each ended. */
function registrations(s: Scenario) {
  const client = s.raw();
  const id = s.own("odd");
  s.takeBack(id);
  const outcome = async (call: Promise<{ serviceId: string }>) => {
    const [ended] = await Promise.allSettled([call]);
    return ended!.status === "fulfilled" ? ended!.value.serviceId : await failureOf(call);
  };
  return {
    id,
    v1: (fields: Partial<v1.ComponentInfo>) =>
      outcome(callUnary(client, v1.controlPlaneServiceMethods.RegisterComponent, {
        component: v1.componentInfo.create(fields),
        componentId: id,
      })),
    older: (fields: Partial<legacy.ServiceInfo>) =>
      outcome(
        callUnary(
          client,
          legacy.controlPlaneMethods.Register,
          legacy.serviceInfo.create({ serviceId: id, ...fields }),
        ),
      ),
  };
}

scenario("invalid types are refused with the valid ones, or taken, and never harm", async (s) => {
  const register = registrations(s);
  for (const type of TYPE_MISTAKES) {
    // The older protocol has a fourth type.
    const older = type === 4 ? register.id : `INVALID_ARGUMENT: service_type ${type} is not one of`;
    const outcomes = [
      [await register.v1({ type }), `INVALID_ARGUMENT: type ${type} is not one of`],
      [await register.older({ serviceType: type }), older],
    ];
    if (NAMED_ENDPOINT !== undefined) continue;
    for (const [outcome, expected] of outcomes) assertStringIncludes(outcome!, expected!);
  }
  assertEquals(await register.v1({ type: v1.ComponentType.SOURCE }), register.id);
});

scenario(
  "invalid endpoints are refused with what is wrong, or taken, and never harm",
  async (s) => {
    const register = registrations(s);
    for (const endpoint of ENDPOINT_MISTAKES) {
      for (
        const call of [register.v1({ endpoint }), register.older({ healthEndpoint: endpoint })]
      ) {
        const outcome = await call;
        if (NAMED_ENDPOINT !== undefined) continue;
        assert(outcome.startsWith("INVALID_ARGUMENT: endpoint "), `${endpoint}: ${outcome}`);
      }
    }
    for (const endpoint of ENDPOINTS) {
      assertEquals(await register.v1({ endpoint }), register.id);
      assertEquals(await register.older({ healthEndpoint: endpoint }), register.id);
    }
  },
);
