import { assertEquals } from "@std/assert";
import { createLogger, FakeClock, type HealthState, MetricsRegistry } from "../component/mod.ts";
import { type ComponentDeclaration, loadConfig, parseDeclaration } from "../config/mod.ts";
import { ComponentController } from "./component_controller.ts";
import { MemoryClient } from "./testing/mod.ts";

const NAMES = ["stellar-arrow-source", "ttp-arrow-processor", "arrow-analytics-sink"] as const;

async function registered(name: typeof NAMES[number], variables: Record<string, string> = {}) {
  const path = new URL(`../../components/${name}/component.yaml`, import.meta.url);
  const declaration = parseDeclaration(await Deno.readTextFile(path));
  return await registeredAs(declaration, variables);
}

async function registeredAs(
  declaration: ComponentDeclaration,
  variables: Record<string, string>,
  ports: Record<string, number> = { flight: 8816, health: 8089 },
) {
  const env = { get: (each: string) => variables[each] };
  const clock = new FakeClock();
  const client = new MemoryClient();
  const health: HealthState = {
    status: "degraded",
    ports: {},
    progress: { ledger: 9, tip: 12, ledgers_total: 8, events_total: 5 },
    details: {},
  };
  const controller = new ComponentController({
    declaration,
    config: loadConfig({ declaration, env, profile: "local" }),
    ready: { ports, network: "Test" },
    security: {},
    health: () => health,
    startedAt: 0,
    log: createLogger({
      component: declaration.name,
      level: "error",
      format: "text",
      clock,
      write: () => {},
    }),
    metrics: new MetricsRegistry(),
    clock,
    connect: () => client,
  });
  controller.start();
  await clock.advance(0);
  await controller.stop();
  assertEquals(clock.pending, 0);
  return { client, registration: client.registrations[0]!, details: controller.details };
}

Deno.test("each component registers as what its declaration says, with its address and health", async () => {
  const types = [];
  for (const name of NAMES) {
    const { registration } = await registered(name);
    assertEquals([registration.id, registration.name, registration.maxInflight], ["", name, 1000]);
    assertEquals(registration.endpoint, "127.0.0.1:8816");
    assertEquals(registration.metadata, {
      component: name,
      heartbeat_interval_seconds: "10",
      health_endpoint: "http://127.0.0.1:8089/health",
      network_passphrase: "Test",
    });
    types.push([registration.type, registration.inputEventTypes, registration.outputEventTypes]);
  }
  const ledgers = "stellar_ledger_service.StellarLedger";
  const events = "ttp_event_service.TTPEvent";
  assertEquals(types, [
    ["SOURCE", [], [ledgers]],
    ["PROCESSOR", [ledgers], [events]],
    ["CONSUMER", [events], []],
  ]);
});

Deno.test("its heartbeats tell its own status and figures", async () => {
  const { client } = await registered("ttp-arrow-processor");
  const { status, metrics } = client.heartbeats[0]!;
  const { last_ledger, ledgers_behind_tip, events_processed_total } = metrics;
  assertEquals([status, last_ledger, ledgers_behind_tip, events_processed_total], [
    "DEGRADED",
    9,
    3,
    5,
  ]);
  assertEquals(client.heartbeats.at(-1)!.status, "STOPPING");
});

Deno.test("FLOWCTL_COMPONENT_ID is the id it registers under", async () => {
  const { registration, details } = await registered("ttp-arrow-processor", {
    FLOWCTL_COMPONENT_ID: "processor-1",
    FLOWCTL_ENDPOINT: "plane.example:9",
  });
  assertEquals([registration.id, details.service_id, details.endpoint], [
    "processor-1",
    "processor-1",
    "plane.example:9",
  ]);
});

Deno.test("a component with TLS is found by the name of its certificate, an IPv6 address in brackets", async () => {
  const tls = { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b", TLS_CA_FILE: "c" };
  const local = await registered("ttp-arrow-processor", tls);
  assertEquals(local.registration.endpoint, "localhost:8816");
  const named = await registered("ttp-arrow-processor", { ...tls, BIND_ADDRESS: "p.example" });
  assertEquals(named.registration.endpoint, "p.example:8816");
  const six = await registered("ttp-arrow-processor", { BIND_ADDRESS: "::1" });
  assertEquals(
    [six.registration.endpoint, six.registration.metadata.health_endpoint],
    ["[::1]:8816", "http://[::1]:8089/health"],
  );
});

Deno.test("a component on all addresses is found where a client on its machine can connect to", async () => {
  for (
    const [address, host] of [["0.0.0.0", "127.0.0.1"], ["::", "[::1]"]] as const
  ) {
    const open = { BIND_ADDRESS: address, ALLOW_INSECURE: "true" };
    const { registration: plain } = await registered("ttp-arrow-processor", open);
    assertEquals(
      [plain.endpoint, plain.metadata.health_endpoint],
      [`${host}:8816`, `http://${host}:8089/health`],
    );
    const tls = { ...open, TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" };
    const { registration: safe } = await registered("ttp-arrow-processor", tls);
    assertEquals(safe.endpoint, "localhost:8816");
  }
});

Deno.test("what ADVERTISE_ADDRESS says is registered, its port for the Flight server alone", async () => {
  const cases = [
    ["node1.example.com", "node1.example.com:8816", "node1.example.com:8089"],
    ["node1.example.com:09000", "node1.example.com:9000", "node1.example.com:8089"],
    ["[2001:db8::1]", "[2001:db8::1]:8816", "[2001:db8::1]:8089"],
    ["[2001:db8::1]:9000", "[2001:db8::1]:9000", "[2001:db8::1]:8089"],
  ] as const;
  const tls = { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" };
  for (const bound of [{ BIND_ADDRESS: "0.0.0.0", ALLOW_INSECURE: "true" }, {}]) {
    for (const security of [{}, tls]) {
      for (const [address, endpoint, health] of cases) {
        const variables = { ...bound, ...security, ADVERTISE_ADDRESS: address };
        const { registration } = await registered("ttp-arrow-processor", variables);
        assertEquals(
          [registration.endpoint, registration.metadata.health_endpoint],
          [endpoint, `http://${health}/health`],
        );
      }
    }
  }
});

Deno.test("a component of somebody else's, which declares nothing but flowctl, registers too", async () => {
  const declaration = parseDeclaration(`
name: weather
description: Tells the weather.
type: CONTROL_PLANE
version: 1.0.0
ports: { health: ENABLE_FLOWCTL }
health_endpoint: /health
input_event_types: []
output_event_types: [example.Weather]
variables:
  - { name: ENABLE_FLOWCTL, description: On., type: boolean, default: true, group: A, since: 1.0.0 }
`);
  const { registration, details } = await registeredAs(declaration, {}, {});
  assertEquals(
    [registration.type, registration.endpoint, registration.maxInflight, registration.metadata],
    ["UNSPECIFIED", "", 0, {
      component: "weather",
      heartbeat_interval_seconds: "10",
      network_passphrase: "Test",
    }],
  );
  assertEquals([details.endpoint, details.service_id], ["localhost:8080", "given-1"]);
});
