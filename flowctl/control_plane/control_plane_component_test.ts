import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createLogger, FakeClock, MetricsRegistry } from "../component/mod.ts";
import { ConfigError, parseDeclaration, resolveConfig } from "../config/mod.ts";
import {
  callUnary,
  certificates,
  failureOf,
  hasOpenssl,
  rawClient,
} from "../../grpc/testing/mod.ts";
import { v1 } from "../protocol/mod.ts";
import { ControlPlaneComponent } from "./control_plane_component.ts";
import { SqliteStorage } from "./sqlite_storage.ts";

const folder = new URL("./", import.meta.url);
const declaration = parseDeclaration(await Deno.readTextFile(new URL("component.yaml", folder)));

function configOf(variables: Record<string, string>) {
  const all: Record<string, string> = { PORT: "0", STATE_PATH: ":memory:", ...variables };
  return resolveConfig({ declaration, env: { get: (name) => all[name] } });
}

/** The component as its host would make it, with its log. */
async function opened(variables: Record<string, string> = {}) {
  const { config, problems } = configOf(variables);
  assertEquals(problems, []);
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = createLogger({
    component: "flowctl",
    level: "info",
    format: "text",
    clock,
    write: (line) => lines.push(line),
  });
  const metrics = new MetricsRegistry();
  const { signal } = new AbortController();
  const context = { declaration, config, log, metrics, signal, clock };
  const component = await ControlPlaneComponent.open(context);
  return { component, clock, lines, log, metrics };
}

Deno.test("who comes, falls silent and goes is in the log, the health and the metrics", async () => {
  const { component, clock, lines, metrics } = await opened();
  assertEquals(component.health().status, "starting");
  const { ports } = await component.start();
  const client = rawClient(ports.grpc!);
  const { RegisterComponent, Heartbeat } = v1.controlPlaneServiceMethods;
  await callUnary(client, RegisterComponent, {
    component: v1.componentInfo.create({ type: v1.ComponentType.SOURCE }),
    componentId: "source",
  });
  await failureOf(callUnary(client, Heartbeat, { serviceId: "x", status: 0, metrics: {} }));
  await clock.advance(40_000);
  const { status, details } = component.health();
  assertEquals([status, details.services, details.services_expired, details.pipeline_status], [
    "healthy",
    1,
    1,
    "unhealthy",
  ]);
  assertEquals(lines.map((line) => line.slice(line.indexOf(" ") + 1)), [
    "INFO  flowctl A service is registered service=source type=SOURCE",
    "ERROR flowctl An alert fires: FlowctlHeartbeatMissed severity=critical alerts=1 " +
    'what="source has sent no heartbeat for 3.5 intervals, more than 3" ' +
    'advice="Look whether its process runs, and whether it reaches the control plane."',
    "WARN  flowctl A service is not heard of any more service=source type=SOURCE",
  ]);
  const text = await metrics.text();
  assertStringIncludes(text, 'flowctl_registered_services{type="SOURCE",status="UNHEALTHY"} 1');
  assertStringIncludes(text, 'flowctl_requests_total{outcome="refused"} 1');
  assertStringIncludes(text, 'flowctl_alerts{rule="FlowctlHeartbeatMissed",state="firing"} 1');
  client.close();
  await component.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("heartbeats that come later than HEARTBEAT_TTL are told with what to set", async () => {
  const { component, clock, lines } = await opened({ HEARTBEAT_TTL: "5s" });
  const { ports } = await component.start();
  const client = rawClient(ports.grpc!);
  const { RegisterComponent, Heartbeat } = v1.controlPlaneServiceMethods;
  await callUnary(client, RegisterComponent, {
    component: v1.componentInfo.create(),
    componentId: "a",
  });
  for (let beats = 0; beats < 6; beats++) {
    await clock.advance(10_000);
    await callUnary(client, Heartbeat, { serviceId: "a", status: 0, metrics: {} });
  }
  const told = lines.filter((line) => line.includes("HEARTBEAT_TTL (5s)"));
  assertEquals(told.length, 1);
  assertStringIncludes(told[0]!, "let its FLOWCTL_HEARTBEAT_INTERVAL be a third of that at most");
  assertStringIncludes(told[0]!, "service=a");
  client.close();
  await component.stop();
});

Deno.test("limits and times are those of the variables", async () => {
  const { component, clock } = await opened({
    HEARTBEAT_TTL: "1s",
    SWEEP_INTERVAL: "100ms",
    MAX_SERVICES: "1",
  });
  const { ports } = await component.start();
  const client = rawClient(ports.grpc!);
  const register = (componentId: string) =>
    callUnary(client, v1.controlPlaneServiceMethods.RegisterComponent, {
      component: v1.componentInfo.create(),
      componentId,
    });
  await register("a");
  assertEquals((await failureOf(register("b"))).split(":")[0], "RESOURCE_EXHAUSTED");
  await clock.advance(1_100);
  assertEquals(component.health().details.services_expired, 1);
  client.close();
  await component.stop();
});

Deno.test("an address that other machines reach needs TLS and a token", () => {
  const told = (variables: Record<string, string>) =>
    configOf({ BIND_ADDRESS: "0.0.0.0", ...variables }).problems.map(({ variable }) => variable);
  assertEquals(told({}), ["BIND_ADDRESS"]);
  assertEquals(told({ ALLOW_INSECURE: "true" }), []);
  const tls = { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" };
  assertEquals(told(tls), ["BIND_ADDRESS"]);
  assertEquals(told({ ...tls, AUTH_TOKEN_FILE: "c" }), []);
});

Deno.test("a flood of registrations leaves its number in the log, and not all of its lines", async () => {
  const { component, clock, lines, log } = await opened();
  const { ports } = await component.start();
  const client = rawClient(ports.grpc!);
  for (let i = 0; i < 130; i++) {
    const component = v1.componentInfo.create({ id: "source" });
    await callUnary(client, v1.controlPlaneServiceMethods.RegisterComponent, {
      component,
      componentId: "",
    });
  }
  const written = (text: string) => lines.filter((line) => line.includes(text)).length;
  assertEquals([written("A service is registered"), written("A service is replaced")], [1, 100]);
  client.close();
  await component.stop();
  log.flush();
  const left = 'More of the same was left out of the log what="A service is replaced" count=29';
  assertEquals(written(left), 1);
  assertEquals(clock.pending, 0);
});

Deno.test("over HTTP a token is asked for where there is one, and other machines need one", async () => {
  const folder = await Deno.makeTempDir();
  const AUTH_TOKEN_FILE = `${folder}/token`;
  await Deno.writeTextFile(AUTH_TOKEN_FILE, "t0ken\n");
  const status = async (variables: Record<string, string>, authorization = "") => {
    const { component } = await opened(variables);
    const request = new Request("http://h/api/services", { headers: { authorization } });
    const response = await component.routes["/api/services"]!(request);
    await component.stop();
    return response.status;
  };
  assertEquals(await status({}), 200);
  assertEquals(await status({ AUTH_TOKEN_FILE }), 401);
  assertEquals(await status({ AUTH_TOKEN_FILE }, "Bearer t0ken"), 200);
  const BIND_ADDRESS = "0.0.0.0";
  assertEquals(await status({ BIND_ADDRESS, ALLOW_INSECURE: "true" }), 200);
  if (await hasOpenssl()) {
    await using files = await certificates();
    const names = {
      TLS_CERT_FILE: "server.pem",
      TLS_KEY_FILE: "server.key",
      TLS_CA_FILE: "ca.pem",
    };
    const tls: Record<string, string> = { BIND_ADDRESS };
    for (const [variable, name] of Object.entries(names)) {
      await Deno.writeFile(tls[variable] = `${folder}/${name}`, files.read(name));
    }
    assertEquals(await status(tls), 403);
    assertEquals(await status({ ...tls, AUTH_TOKEN_FILE }, "Bearer t0ken"), 200);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a state file that cannot be used is a wrong configuration, which names the variable", async () => {
  const { component } = await opened({ STATE_PATH: "/proc/no/such/folder/state.sqlite" });
  const error = await component.start().then(() => undefined, (reason) => reason);
  assertEquals([error instanceof ConfigError, error.problems[0].variable], [true, "STATE_PATH"]);
  await component.stop();
});

Deno.test("a state folder that is removed is told, and made anew with all that is known once it can be", async () => {
  const folder = await Deno.makeTempDir();
  const state = join(folder, "state");
  const STATE_PATH = join(state, "state.sqlite");
  try {
    const { component, clock, lines } = await opened({ STATE_PATH });
    const { ports } = await component.start();
    const client = rawClient(ports.grpc!);
    await callUnary(client, v1.controlPlaneServiceMethods.RegisterComponent, {
      component: v1.componentInfo.create(),
      componentId: "a",
    });
    const errors = () => lines.filter((line) => /ERROR (?!.*An alert)/.test(line));
    await Deno.remove(state, { recursive: true });
    // A file where the folder was: nothing can be made there.
    await Deno.writeTextFile(state, "");
    await clock.advance(30_000);
    const { status, details } = component.health();
    assertEquals(status, "degraded");
    assertStringIncludes(`${details.error}`, "cannot be opened");
    assertEquals(errors().length, 2);
    assertStringIncludes(errors()[0]!, " was removed while the control plane runs");

    await Deno.remove(state);
    await clock.advance(10_000);
    assertEquals([component.health().status, errors().length], ["healthy", 2]);
    client.close();
    await component.stop();
    const storage = new SqliteStorage(STATE_PATH);
    assertEquals(storage.services().map(({ registration }) => registration.id), ["a"]);
    storage.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("no variable is without effect", async () => {
  let code = "ALLOW_INSECURE";
  for (const part of [folder, new URL("../component/", folder)]) {
    for await (const { name } of Deno.readDir(part)) {
      if (/(?<!_test)\.ts$/.test(name)) code += await Deno.readTextFile(new URL(name, part));
    }
  }
  assertEquals([...declaration.variables.keys()].filter((name) => !code.includes(name)), []);
});
