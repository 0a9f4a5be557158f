import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EVENTS, LEDGERS, processor, service, sink, source } from "../service/testing/mod.ts";
import { pipelineHealth } from "./pipeline_health.ts";
import type { Service } from "../service/mod.ts";
import { topologyOf } from "./topology.ts";

const node = (id: string, inputs: string[], outputs: string[]) =>
  service({ id, inputEventTypes: inputs, outputEventTypes: outputs });
const pipeline = [source, processor, sink].map((each) => service(each));

function healthOf(services: readonly Service[], now = 0) {
  return pipelineHealth(services, topologyOf(services), now);
}

/** The pipeline with one service changed. */
function withStatus(id: string, fields: Partial<Service>): Service[] {
  return pipeline.map((each) => each.id === id ? { ...each, ...fields } : each);
}

Deno.test("the pipeline's graph has a link for each event type, and nothing is wrong with it", () => {
  assertEquals(topologyOf(pipeline), {
    links: [
      { eventType: LEDGERS, producers: ["source"], consumers: ["processor"] },
      { eventType: EVENTS, producers: ["processor"], consumers: ["sink"] },
    ],
    missingLinks: [],
    orphans: [],
    cycles: [],
  });
  assertEquals(healthOf(pipeline), { status: "healthy", reasons: [] });
});

Deno.test("an input that nobody serves is a missing link, and who is joined to nobody an orphan", () => {
  const { missingLinks, orphans } = topologyOf([service(source), service(sink)]);
  assertEquals(missingLinks, [{ eventType: EVENTS, producers: [], consumers: ["sink"] }]);
  assertEquals(orphans, ["source", "sink"]);
});

Deno.test("a service that reads its own output is an orphan in a circle", () => {
  const { orphans, cycles } = topologyOf([node("a", ["x"], ["x"])]);
  assertEquals([orphans, cycles], [["a"], [["a"]]]);
});

Deno.test("circles are told with all that are in them, and with no others", () => {
  const services = [
    node("a", ["z"], ["x"]),
    node("b", ["x"], ["y"]),
    node("c", ["y"], ["z", "out"]),
    node("end", ["out"], []),
    node("p", ["q"], ["r"]),
    node("r", ["r"], ["q"]),
  ];
  assertEquals(topologyOf(services).cycles.map((ids) => ids.join("")).sort(), ["abc", "pr"]);
});

Deno.test("cycles are those services that reach themselves, in any graph", () => {
  const types = fc.uniqueArray(fc.constantFrom("u", "v", "w", "x", "y"), { maxLength: 2 });
  fc.assert(fc.property(fc.array(fc.tuple(types, types), { maxLength: 8 }), (shape) => {
    const services = shape.map(([inputs, outputs], at) => node(`${at}`, inputs, outputs));
    const reach = (from: Service, seen = new Set<Service>()): Set<Service> => {
      for (const to of services) {
        if (seen.has(to) || !to.inputEventTypes.some((t) => from.outputEventTypes.includes(t))) {
          continue;
        }
        seen.add(to);
        reach(to, seen);
      }
      return seen;
    };
    const own = services.filter((each) => reach(each).has(each)).map((each) => each.id);
    assertEquals(topologyOf(services).cycles.flat().sort(), own.sort());
  }));
});

Deno.test("a hundred thousand services in a row need no deep stack", () => {
  const row = Array.from({ length: 100_000 }, (_, at) => node(`${at}`, [`t${at}`], [`t${at + 1}`]));
  const { links, cycles, missingLinks } = topologyOf(row);
  assertEquals([links.length, cycles.length, missingLinks.length], [100_001, 0, 1]);
});

Deno.test("no service at all is no pipeline", () => {
  assertEquals(healthOf([]), { status: "unhealthy", reasons: ["no service is registered"] });
});

Deno.test("a dead service without a second one breaks the pipeline, with the reason", () => {
  const { status, reasons } = healthOf(
    withStatus("processor", { status: "UNHEALTHY", expired: true }),
    45_000,
  );
  assertEquals([status, reasons], ["unhealthy", [
    `processor, which reads ${LEDGERS}, does not work`,
    `processor, which serves ${EVENTS}, does not work`,
    "processor has not been heard of for 45 s",
  ]]);
});

Deno.test("who cannot tell silence from a bad word says when the service was heard of", () => {
  const { expired: _, ...dead } = service({ ...sink, status: "UNHEALTHY", lastHeartbeatAt: 1_000 });
  const { reasons } = pipelineHealth([dead], topologyOf([dead]), 61_000);
  assertEquals(reasons.slice(1), [
    "sink is UNHEALTHY, and was heard of 60 s ago",
    "nothing joins sink to another service",
  ]);
});

Deno.test("a dead service beside one that does the same is a flaw", () => {
  const second = service({ ...processor, id: "second" });
  const services = [...withStatus("processor", { status: "UNHEALTHY" }), second];
  assertEquals(healthOf(services), {
    status: "degraded",
    reasons: ["processor says that it is UNHEALTHY"],
  });
});

Deno.test("a missing link breaks the pipeline; a degraded service, an orphan and a circle are flaws", () => {
  assertEquals(healthOf([service(processor), service(sink)]).reasons, [
    `nothing serves ${LEDGERS}, which processor reads`,
  ]);
  assertEquals(healthOf(withStatus("sink", { status: "DEGRADED" })).status, "degraded");
  const alone = healthOf([...pipeline, node("alone", [], ["unread"])]);
  assertEquals(alone, { status: "degraded", reasons: ["nothing joins alone to another service"] });
  const circle = healthOf([...pipeline, node("a", ["x"], ["y"]), node("b", ["y"], ["x"])]);
  assertEquals(circle, { status: "degraded", reasons: ["the outputs of a, b come back to them"] });
});

Deno.test("a reason speaks of several services, and of one without id, as people do", () => {
  const dead = { status: "UNHEALTHY", expired: true } as const;
  const services = [
    service({ ...node("a", [], ["x"]), ...dead }),
    service({ ...node("", [], ["x"]), ...dead }),
    node("reader", ["x"], []),
  ];
  assertEquals(healthOf(services, 5_000).reasons, [
    "a, a service without id, which serve x, do not work",
    "a has not been heard of for 5 s",
    "a service without id has not been heard of for 5 s",
  ]);
});

Deno.test("a reason names a few services and counts the rest", () => {
  const readers = Array.from({ length: 8 }, (_, at) => node(`r${at}`, ["x"], []));
  assertEquals(
    healthOf(readers).reasons[0],
    "nothing serves x, which r0, r1, r2, r3, r4 and 3 more read",
  );
});

Deno.test("who reads from elsewhere, or serves there, misses nobody; a flaw of its own still counts", () => {
  const reader = { ...service(sink), readsElsewhere: true };
  const alone = topologyOf([reader]);
  assertEquals([alone.missingLinks, alone.orphans], [[], []]);
  assertEquals(pipelineHealth([reader], alone, 0).status, "healthy");
  assertEquals(topologyOf([{ ...service(source), servesElsewhere: true }]).orphans, []);
  // Another reader of the same events has nobody.
  const two = topologyOf([reader, service({ ...sink, id: "lost" })]);
  assertEquals(two.missingLinks.map(({ eventType }) => eventType), [EVENTS]);
  const ill = { ...reader, status: "DEGRADED" as const };
  assertEquals(pipelineHealth([ill], alone, 0).status, "degraded");
});
