import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ControlPlane, type Service } from "../../flowctl/mod.ts";
import { DirectComponent, taskArguments } from "./direct_component.ts";

const LEDGERS = "stellar_ledger_service.StellarLedger";
const EVENTS = "ttp_event_service.TTPEvent";

/** A control plane of this process, and a wait for something to hold of its services. */
class WatchedControlPlane implements AsyncDisposable {
  readonly #plane: ControlPlane;
  readonly #waiting = new Set<() => void>();
  endpoint = "";

  constructor() {
    const wake = () => this.#waiting.forEach((each) => each());
    this.#plane = new ControlPlane({ port: 0, onChange: wake });
  }

  async start(): Promise<void> {
    const { port } = await this.#plane.start();
    // By name, as FLOWCTL_ENDPOINT has it by default: that is what needs a resolver of its own.
    this.endpoint = `localhost:${port}`;
  }

  async until(holds: (services: readonly Service[]) => boolean): Promise<Service[]> {
    while (!holds(this.#plane.services())) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
    return this.#plane.services();
  }

  get topology() {
    return this.#plane.topology();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#plane.stop();
  }
}

Deno.test("the three components register with exactly the permissions of their configuration, and leave", async () => {
  const folder = await Deno.makeTempDir();
  await using plane = new WatchedControlPlane();
  await plane.start();
  const flowctl = {
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: plane.endpoint,
    FLOWCTL_HEARTBEAT_INTERVAL: "1s",
    MONITORING_INTERVAL: "1s",
  };
  await using source = new DirectComponent(taskArguments("source"), {
    ...flowctl,
    STELLAR_ARROW_SOURCE_FLOWCTL_COMPONENT_ID: "source-1",
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
  });
  const sourcePort = (await source.ready()).ports.flight;
  await using processor = new DirectComponent(taskArguments("processor"), {
    ...flowctl,
    TTP_ARROW_PROCESSOR_FLOWCTL_COMPONENT_ID: "processor-1",
    FLOWCTL_PROTOCOL: "legacy",
    SOURCE_ENDPOINT: `127.0.0.1:${sourcePort}`,
  });
  const processorPort = (await processor.ready()).ports.flight;
  await using sink = new DirectComponent(taskArguments("sink"), {
    ...flowctl,
    ARROW_ANALYTICS_SINK_FLOWCTL_COMPONENT_ID: "sink-1",
    PROCESSOR_ENDPOINT: `127.0.0.1:${processorPort}`,
    OUTPUT_PATH: join(folder, "out"),
    FLUSH_INTERVAL: "1s",
  });
  const { ports } = await sink.ready();
  const services = await plane.until((all) => all.length === 3);
  const by = (id: string) => services.find((service) => service.id === id)!;
  assertEquals([by("source-1").type, by("source-1").outputEventTypes], ["SOURCE", [LEDGERS]]);
  assertEquals(by("source-1").endpoint, `127.0.0.1:${sourcePort}`);
  assertEquals(by("processor-1").endpoint, `127.0.0.1:${processorPort}`);
  assertEquals([by("sink-1").type, by("sink-1").inputEventTypes], ["CONSUMER", [EVENTS]]);
  const health = `http://127.0.0.1:${ports.health}/health`;
  assertEquals(by("sink-1").metadata.health_endpoint, health);
  assertEquals([plane.topology.missingLinks, plane.topology.orphans], [[], []]);

  for (const [component, protocol] of [[source, "v1"], [processor, "legacy"]] as const) {
    const { details } = await component.healthIs(({ details }) =>
      flowctlOf(details).state === "registered"
    );
    const { state, endpoint, error } = flowctlOf(details);
    assertEquals([state, endpoint, error], ["registered", plane.endpoint, undefined]);
    assertEquals(flowctlOf(details).protocol, protocol);
  }
  await sink.healthIs(({ details }) => Number(details.cursor) > 100);
  assert(/^flowctl_registered 1$/m.test(await sink.metrics()));

  for (const component of [sink, processor, source]) assertEquals(await component.terminate(), 0);
  // The older protocol has no way to say goodbye.
  const left = await plane.until((all) => all.length === 1);
  assertEquals(left.map(({ id }) => id), ["processor-1"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a component whose control plane is not there works, says so and stops with 0", async () => {
  const folder = await Deno.makeTempDir();
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  await using source = new DirectComponent(taskArguments("source"), {
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: `localhost:${port}`,
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
  });
  const { status, details } = await source.healthIs(({ details }) =>
    flowctlOf(details).state === "degraded"
  );
  assertEquals(status, "healthy");
  const { service_id, error, last_heartbeat_age_seconds } = flowctlOf(details);
  const { ports } = await source.ready();
  assertEquals(service_id, `local-stellar-arrow-source-${ports.flight}`);
  assertEquals([String(error).startsWith("UNAVAILABLE: "), last_heartbeat_age_seconds], [
    true,
    null,
  ]);
  assert(/^flowctl_registered 0$/m.test(await source.metrics()));
  assertEquals(await source.terminate(), 0);
  await Deno.remove(folder, { recursive: true });
});

function flowctlOf(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return details.flowctl as Record<string, unknown> ?? { state: "" };
}
