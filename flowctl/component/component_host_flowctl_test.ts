import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseDeclaration } from "../config/mod.ts";
import { ControlPlane } from "../control_plane/mod.ts";
import { FakeProcess, recorded } from "./_fake_process.ts";
import { runComponent } from "./component_host.ts";
import { FakeClock } from "./fake_clock.ts";

const FLOWCTL_VARIABLES = `
  - { name: ENABLE_FLOWCTL, description: On., type: boolean, default: false, group: flowctl, since: 1.0.0 }
  - { name: FLOWCTL_ENDPOINT, description: Where., type: endpoint, default: "localhost:8080", group: flowctl, since: 1.0.0 }
  - { name: FLOWCTL_HEARTBEAT_INTERVAL, description: How often., type: duration, default: 10s, group: flowctl, since: 1.0.0 }
  - { name: FLOWCTL_TLS_CA_FILE, description: Authority., type: path, example: ca.crt, group: flowctl, since: 1.0.0 }
  - { name: CONNECTION_POOL_MIN_CONNECTIONS, description: Least., type: integer, default: 2, group: flowctl, since: 1.0.0 }
  - { name: CONNECTION_POOL_MAX_CONNECTIONS, description: Most., type: integer, default: 10, group: flowctl, since: 1.0.0 }
  - { name: TLS_CERT_FILE, description: Certificate., type: path, example: a.crt, group: flowctl, since: 1.0.0 }
  - { name: TLS_KEY_FILE, description: Key., type: path, example: a.key, group: flowctl, since: 1.0.0 }
  - { name: TLS_CA_FILE, description: Authority., type: path, example: a.crt, group: flowctl, since: 1.0.0 }
  - { name: AUTH_TOKEN_FILE, description: Token., type: path, example: token, group: flowctl, since: 1.0.0 }
`;
const testYaml = await Deno.readTextFile(new URL("./testdata/component.yaml", import.meta.url));
const declaration = parseDeclaration(testYaml + FLOWCTL_VARIABLES);

/** A component of the manager's, so that its ports can be read. */
function processOf(variables: Record<string, string>): FakeProcess {
  const on = { PIPELINE_CHILD: "1", ENABLE_FLOWCTL: "true" };
  return new FakeProcess({ ...on, ...variables });
}

async function health(process: FakeProcess) {
  const ready = process.out.find((line) => line.startsWith("@ready"))!;
  const { ports } = JSON.parse(ready.slice("@ready".length));
  const answer = await fetch(`http://127.0.0.1:${ports.health}/health`);
  return { code: answer.status, ports, ...await answer.json() };
}

Deno.test("with flowctl on a component is registered once it is ready, and leaves when it stops", async () => {
  const registered = Promise.withResolvers<void>();
  const changes: string[] = [];
  await using plane = new ControlPlane({
    port: 0,
    onChange: ({ what }) => {
      // How it is may be told in one heartbeat or more.
      if (what !== "changed") changes.push(what);
      registered.resolve();
    },
  });
  const { port } = await plane.start();
  const process = processOf({ FLOWCTL_ENDPOINT: `localhost:${port}` });
  const started = Promise.resolve({ ports: { flight: 1234 }, network: "Test" });
  const component = recorded([], {
    start: () => started,
    health: () => ({ status: "degraded", details: { mine: 1 } }),
  });
  const run = runComponent(declaration, () => component, { process });
  await registered.promise;
  const [service] = plane.services();
  const { details, ports } = await health(process);
  assertEquals([details.mine, details.flowctl.state], [1, "registered"]);
  assertEquals([details.flowctl.service_id, details.flowctl.protocol], [service!.id, "v1"]);
  assertEquals([service!.name, service!.type, service!.version, service!.endpoint], [
    "test-arrow-component",
    "SOURCE",
    "1.2.3",
    "127.0.0.1:1234",
  ]);
  assertEquals({ ...service!.metadata }, {
    component: "test-arrow-component",
    heartbeat_interval_seconds: "10",
    health_endpoint: `http://127.0.0.1:${ports.health}/health`,
    network_passphrase: "Test",
  });
  process.signal("SIGTERM");
  await run;
  assertEquals([process.codes, changes], [[0], ["registered", "unregistered"]]);
});

Deno.test("a control plane that is silent holds neither the start nor the health nor the stop up", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const clock = new FakeClock();
  const process = processOf({ FLOWCTL_ENDPOINT: `localhost:${port}` });
  const run = runComponent(declaration, () => recorded([]), { process, clock });
  await clock.advance(0);
  assert(process.out[0]!.startsWith("@ready"));
  const connection = await silent.accept();
  const { code, details } = await health(process);
  assertEquals([code, details.flowctl.state], [200, "registering"]);
  await clock.advance(10_000);
  const later = await health(process);
  assertEquals([later.status, later.details.flowctl.state], ["healthy", "degraded"]);
  assertStringIncludes(later.details.flowctl.service_id, "local-test-arrow-component-");
  assertStringIncludes(process.err.join("\n"), "the work goes on");
  process.signal("SIGTERM");
  await run;
  assertEquals([process.codes, clock.pending], [[0], 0]);
  connection.close();
});

Deno.test("with flowctl off nothing of it is in the health, and nobody is asked", async () => {
  const clock = new FakeClock();
  const process = processOf({ ENABLE_FLOWCTL: "false" });
  const run = runComponent(declaration, () => recorded([]), { process, clock });
  await clock.advance(0);
  assertEquals("flowctl" in (await health(process)).details, false);
  process.signal("SIGTERM");
  await run;
});

Deno.test("an authority of the control plane that cannot be read ends the start with 2", async () => {
  const process = processOf({ FLOWCTL_TLS_CA_FILE: "/nowhere/ca.crt" });
  const calls: string[] = [];
  await runComponent(declaration, () => recorded(calls), { process, clock: new FakeClock() });
  assertEquals([process.codes, calls], [[2], []]);
  assertStringIncludes(process.err.join("\n"), "FLOWCTL_TLS_CA_FILE");
});
