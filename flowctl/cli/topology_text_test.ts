import { assert, assertEquals } from "@std/assert";
import { EVENTS, LEDGERS, processor, service, sink, source } from "../service/testing/mod.ts";
import type { Service } from "../service/mod.ts";
import { topologyOf } from "../topology/mod.ts";
import { topologyText } from "./topology_text.ts";

const draw = (services: Service[], colour = false) =>
  topologyText(services, topologyOf(services), colour);
const node = (id: string, inputs: string[], outputs: string[]) =>
  service({ id, type: "PROCESSOR", inputEventTypes: inputs, outputEventTypes: outputs });

Deno.test("each service stands under the event type that it reads, in the order of the data", () => {
  const services = [sink, processor, source].map((each) => service(each));
  assertEquals(draw(services), [
    "source (source, healthy, 127.0.0.1:8815)",
    `  ${LEDGERS}`,
    "    → processor (processor, healthy, 127.0.0.1:8816)",
    `      ${EVENTS}`,
    "        → sink (consumer, healthy)",
  ]);
});

Deno.test("what several serve or read is unfolded once", () => {
  const services = [
    node("a", [], ["x"]),
    node("b", [], ["x"]),
    node("c", ["x"], ["y"]),
    node("d", ["x", "y"], []),
  ];
  assertEquals(draw(services), [
    "a (processor, healthy)",
    "  x",
    "    → c (processor, healthy)",
    "      y",
    "        → d (processor, healthy)",
    "    → d (above)",
    "b (processor, healthy)",
    "  x (above)",
  ]);
});

Deno.test("missing links, orphans and circles are drawn and named", () => {
  const services = [
    service({ id: "trader", type: "CONSUMER", status: "DEGRADED", inputEventTypes: ["price"] }),
    node("alone", [], ["unread"]),
    node("a", ["x"], ["y"]),
    node("b", ["y"], ["x"]),
  ];
  assertEquals(draw(services), [
    "trader (consumer, degraded)",
    "alone (processor, healthy)",
    "  unread (nobody reads it)",
    "a (processor, healthy)",
    "  y",
    "    → b (processor, healthy)",
    "      x",
    "        → a (above)",
    "",
    "missing links",
    "  nothing serves price, which trader reads",
    "",
    "orphans",
    "  nothing joins trader to another service",
    "  nothing joins alone to another service",
    "",
    "cycles",
    "  the outputs of a, b come back to them",
  ]);
});

Deno.test("there are no more lines than services and their event types, however they are joined", () => {
  const all = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${prefix}${at}`);
  const layers = [["in"], all("x", 10), all("y", 10), []];
  const services = layers.slice(0, -1).flatMap((inputs, layer) =>
    all(`l${layer}-`, 50).map((id) => node(id, layer === 0 ? [] : inputs, layers[layer + 1]!))
  );
  const mentions = services.reduce(
    (sum, each) => sum + each.inputEventTypes.length + each.outputEventTypes.length,
    services.length,
  );
  assert(draw(services).length <= mentions);
});

Deno.test("a chain of ten thousand is drawn without deep stack and without endless indents", () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, at) => node(`${at}`, at === 0 ? [] : [`t${at}`], [`t${at + 1}`]),
  );
  const lines = draw(chain);
  assertEquals(lines.length, 20_000);
  assert(lines.every((line) => line.length < 120));
});

Deno.test("names cannot steer the terminal, and only the status has a colour", () => {
  const [line] = draw([service({ id: "a\x1b[2J", endpoint: "h:1\r", status: "UNHEALTHY" })], true);
  assertEquals(line, "a\ufffd[2J (unspecified, \x1b[31munhealthy\x1b[39m, h:1\ufffd)");
});
