import { assert, assertEquals, assertThrows } from "@std/assert";
import { GrpcError } from "../../grpc/mod.ts";
import { callUnary, rawClient } from "../../grpc/testing/mod.ts";
import { connectControlPlane } from "../controller/mod.ts";
import { legacy, v1 } from "../protocol/mod.ts";
import type { Registration } from "../service/mod.ts";
import { fakeRegistry, registration, source } from "./_test_services.ts";
import { ControlPlane } from "./control_plane.ts";
import type { Registry } from "./registry.ts";

/** Texts that take the most of their kind: lengths of one, two and three bytes, of all widths. */
const TEXTS = ["", "x", "ü".repeat(100), "漢".repeat(256), "x".repeat(127), "x".repeat(128)];

/** Maps of many short entries and of few long ones. */
const MAPS = [
  {},
  Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}`, "1"])),
  Object.fromEntries(Array.from({ length: 9 }, (_, i) => ["k".repeat(120 + i), "9"])),
  { a: "漢".repeat(5_000) },
];

/** A service of every combination of them. */
function* services(): Iterable<Registration & { metrics: Record<string, string> }> {
  for (const [i, text] of TEXTS.entries()) {
    for (const [j, metadata] of MAPS.entries()) {
      for (const [k, metrics] of MAPS.entries()) {
        const types = text === "" ? [] : Array.from({ length: 4 * k }, () => text);
        yield {
          ...registration({ type: "CONSUMER", name: text, version: text, description: text }),
          id: `${text}${i}${j}${k}`.slice(-256),
          inputEventTypes: types,
          outputEventTypes: types,
          endpoint: text.length === 1 ? `${text}:65535` : "",
          metadata,
          metrics,
        };
      }
    }
  }
}

Deno.test("lists of either protocol take no more bytes than the registry counts", async () => {
  await using controlPlane = new ControlPlane({ port: 0 });
  const { port } = await controlPlane.start();
  const client = rawClient(port);
  const { registry } = fakeRegistry();
  const { RegisterComponent, Heartbeat, ListComponents } = v1.controlPlaneServiceMethods;
  for (const { metrics, ...own } of services()) {
    registry.register(own, "X");
    registry.heartbeat(own.id, { metrics });
    const component = v1.componentInfo.create({
      ...own,
      inputEventTypes: [...own.inputEventTypes],
      outputEventTypes: [...own.outputEventTypes],
      type: v1.ComponentType.CONSUMER,
    });
    await callUnary(client, RegisterComponent, { component, componentId: "" });
    await callUnary(client, Heartbeat, { serviceId: own.id, status: 2, metrics });
  }
  const all = { typeFilter: 0, includeUnhealthy: true };
  const list = await callUnary(client, ListComponents, all);
  assertEquals(list.components.length, registry.size);
  const bytes = v1.listComponentsResponse.encode(list).length;
  assert(bytes <= registry.bytes, `${bytes} bytes, counted as ${registry.bytes}`);
  assert(bytes > registry.bytes / 2, `${bytes} bytes, counted as ${registry.bytes}`);
  const older = await callUnary(client, legacy.controlPlaneMethods.ListServices, {});
  const olderBytes = legacy.serviceList.encode(older).length;
  assert(olderBytes <= registry.bytes, `${olderBytes} bytes, counted as ${registry.bytes}`);
  client.close();
});

Deno.test("the list of a full registry is one that this project's clients take", async () => {
  await using controlPlane = new ControlPlane({ port: 0 });
  const { port } = await controlPlane.start();
  const client = rawClient(port);
  const { RegisterComponent } = v1.controlPlaneServiceMethods;
  const metadata = { text: "x".repeat(16_000) };
  const refusals: unknown[] = [];
  for (let i = 0; i < 1_100; i++) {
    const component = v1.componentInfo.create({ id: `${i}`, metadata });
    await callUnary(client, RegisterComponent, { component, componentId: "" })
      .catch((error) => refusals.push(error.code));
  }
  const reader = await connectControlPlane({ endpoint: `127.0.0.1:${port}` });
  const listed = await reader.list();
  assertEquals([listed.length + refusals.length, new Set(refusals)], [1_100, new Set([8])]);
  assert(listed.length > 1_000, `${listed.length}`);
  client.close();
  reader.close();
});

function refusal(act: () => unknown): string {
  const error = assertThrows(act, GrpcError);
  return `${error.code}: ${error.message}`;
}

/** A registry that is full once it holds the source. */
function almostFull(room: number): Registry {
  const { bytes } = fakeRegistry().registry.register(source, "X") as unknown as { bytes: number };
  const { registry } = fakeRegistry({ maxBytes: bytes + room });
  registry.register(source, "X");
  return registry;
}

Deno.test("beyond the bytes of a list new services are refused, and known ones may get smaller", () => {
  const registry = almostFull(10);
  const { bytes } = registry;
  assertEquals(
    refusal(() => registry.register({ ...source, id: "other" }, "X")),
    `RESOURCE_EXHAUSTED: a list of all services would take ${2 * bytes - 2} bytes, more than ` +
      `${bytes + 10} (MAX_REGISTRY_BYTES): no more can be registered`,
  );
  const larger = { ...source, description: "x".repeat(11) };
  assert(refusal(() => registry.register(larger, "X")).startsWith("RESOURCE_EXHAUSTED"));
  assertEquals([registry.size, registry.get("source").description], [1, ""]);
  registry.register({ ...source, outputEventTypes: [] }, "X");
  assert(registry.bytes < bytes);
});

Deno.test("metrics beyond the bytes of a list are refused, and the service is alive all the same", () => {
  const registry = almostFull(30);
  const status = "DEGRADED";
  registry.heartbeat("source", { metrics: { a: "1" } });
  const beat = () => registry.heartbeat("source", { status, metrics: { b: "x".repeat(20) } });
  assert(refusal(beat).endsWith("(MAX_REGISTRY_BYTES): no more metrics can be kept"));
  assertEquals([registry.get("source").status, registry.get("source").metrics], [status, {
    a: "1",
  }]);
  registry.heartbeat("source", { metrics: { a: "2" } });
  assertEquals(registry.get("source").metrics, { a: "2" });
});

Deno.test("what is counted is given back by whoever leaves, is replaced or forgotten", async () => {
  const { registry, clock } = fakeRegistry();
  registry.register(source, "X");
  const { bytes } = registry;
  registry.heartbeat("source", { metrics: { a: "1" } });
  registry.register(source, "X");
  assertEquals(registry.bytes, bytes);
  registry.register({ ...source, id: "other" }, "X");
  registry.unregister("other");
  registry.unregister("other");
  assertEquals(registry.bytes, bytes);
  await clock.advance(3_700_000);
  assertEquals([registry.size, registry.bytes], [0, 0]);
});
