import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ControlPlane } from "../../flowctl/mod.ts";
import { DirectComponent, type Health, taskArguments } from "./direct_component.ts";

const cursorOf = ({ details }: Health) => Number(details.cursor ?? 0);

Deno.test("components that are told no upstream find it by discovery, whoever comes first, and follow it", async () => {
  const folder = await Deno.makeTempDir();
  await using plane = new ControlPlane({ port: 0 });
  const { port } = await plane.start();
  const flowctl = { ENABLE_FLOWCTL: "true", FLOWCTL_ENDPOINT: `localhost:${port}` };
  const start = (task: "source" | "processor" | "sink", env: Record<string, string> = {}) =>
    new DirectComponent(taskArguments(task), { ...flowctl, ...env });

  await using sink = start("sink", { OUTPUT_PATH: join(folder, "out"), FLUSH_INTERVAL: "1s" });
  const alone = await sink.healthIs(({ details }) => details.error !== undefined);
  assertEquals(alone.status, "degraded");
  assertStringIncludes(
    String(alone.details.error),
    "No service that serves ttp_event_service.TTPEvent has been found by discovery yet",
  );
  await using first = start("processor");
  await using source = start("source", {
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
  });
  await source.ready();
  await first.ready();
  await sink.healthIs((health) => cursorOf(health) > 100);

  // Another one takes its place at another port; the tables go on where they were.
  await using second = start("processor");
  await second.ready();
  assertEquals(await first.terminate(), 0);
  const { details } = await second.healthIs(({ details }) => Number(details.active_streams) > 0);
  const from = Number(details.last_ledger);
  const after = await sink.healthIs((health) =>
    health.status === "healthy" && cursorOf(health) > from
  );
  assertEquals(after.details.error, undefined);
  for (const component of [sink, second, source]) assertEquals(await component.terminate(), 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an upstream outside DISCOVERY_ALLOW is not read from, and the sink says which variable allows it", async () => {
  const folder = await Deno.makeTempDir();
  await using plane = new ControlPlane({ port: 0 });
  const { port } = await plane.start();
  const flowctl = { ENABLE_FLOWCTL: "true", FLOWCTL_ENDPOINT: `localhost:${port}` };
  await using source = new DirectComponent(taskArguments("source"), {
    ...flowctl,
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
  });
  await using processor = new DirectComponent(taskArguments("processor"), flowctl);
  const { ports } = await processor.ready();
  await source.ready();
  await using sink = new DirectComponent(taskArguments("sink"), {
    ...flowctl,
    DISCOVERY_ALLOW: "elsewhere.example",
    OUTPUT_PATH: join(folder, "out"),
  });
  const { status, details } = await sink.healthIs(({ details }) =>
    String(details.error).includes("DISCOVERY_ALLOW")
  );
  assertEquals([status, details.ledgers_total], ["degraded", 0]);
  assertStringIncludes(String(details.error), `add 127.0.0.1 or 127.0.0.1:${ports.flight} to it`);
  // What still runs would go on to write where the folder is removed.
  for (const component of [sink, processor, source]) assertEquals(await component.terminate(), 0);
  await Deno.remove(folder, { recursive: true });
});
