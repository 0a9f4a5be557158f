import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { callUnary, rawClient } from "../../grpc/testing/mod.ts";
import { v1 } from "../../flowctl/protocol/mod.ts";
import { DirectComponent, taskArguments } from "./direct_component.ts";

const LEDGERS = "stellar_ledger_service.StellarLedger";

/** `deno task flowctl` with exactly the permissions of its configuration. */
function start(statePath: string, ...more: string[]): DirectComponent {
  const ports = ["--port", "0", "--health-port", "0"];
  return new DirectComponent(
    [...taskArguments("flowctl"), ...ports, "--state-path", statePath, ...more],
    {},
  );
}

async function json(port: number, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  assertEquals(response.status, 200);
  return await response.json();
}

Deno.test("the control plane's task serves both ports, and knows its services after a restart", async () => {
  const folder = await Deno.makeTempDir();
  const statePath = join(folder, "new folder", "state.sqlite");
  try {
    {
      await using flowctl = start(statePath);
      const { ports } = await flowctl.ready();
      const client = rawClient(ports.grpc!);
      const { RegisterComponent } = v1.controlPlaneServiceMethods;
      const component = (fields: Partial<v1.ComponentInfo>) =>
        callUnary(client, RegisterComponent, {
          component: v1.componentInfo.create(fields),
          componentId: "",
        });
      await component({ id: "source", type: 1, outputEventTypes: [LEDGERS], endpoint: "h:1" });
      const ack = await component({ id: "processor", type: 2, inputEventTypes: [LEDGERS] });
      assertEquals(ack.connectionInfo[LEDGERS], "h:1");
      client.close();

      const health = await json(ports.health!, "/health");
      assertEquals([health.status, health.component], ["healthy", "flowctl-control-plane"]);
      assertEquals([health.details.services, health.details.pipeline_status], [2, "healthy"]);
      const topology = await json(ports.health!, "/api/topology");
      assertEquals(topology.links, [
        { event_type: LEDGERS, producers: ["source"], consumers: ["processor"] },
      ]);
      const metrics = await (await fetch(`http://127.0.0.1:${ports.health}/metrics`)).text();
      assertStringIncludes(
        metrics,
        'flowctl_registered_services{type="SOURCE",status="HEALTHY"} 1',
      );
      assertStringIncludes(metrics, 'flowctl_requests_total{outcome="ok"} 2');
      assertEquals(await flowctl.terminate(), 0);
    }
    await using flowctl = start(statePath);
    const { ports } = await flowctl.ready();
    const { services } = await json(ports.health!, "/api/services");
    const known = services.map((each: Record<string, unknown>) => [each.id, each.status]);
    assertEquals(known, [["source", "UNHEALTHY"], ["processor", "UNHEALTHY"]]);
    assertEquals(await flowctl.terminate(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("with a token the control plane asks for it over HTTP too, but not for health and metrics", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "token");
  await Deno.writeTextFile(file, "t0ken\n");
  try {
    await using flowctl = start(":memory:", "--auth-token-file", file);
    const { ports } = await flowctl.ready();
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`http://127.0.0.1:${ports.health}${path}`, { headers });
      await response.body?.cancel();
      return response.status;
    };
    for (const path of ["/health", "/metrics"]) assertEquals(await ask(path), 200, path);
    for (const name of ["services", "topology", "metrics", "openapi.json"]) {
      const path = `/api/${name}`;
      assertEquals(await ask(path), 401, path);
      assertEquals(await ask(path, { authorization: "Bearer other" }), 401, path);
      assertEquals(await ask(path, { authorization: "Bearer t0ken" }), 200, path);
    }
    assertEquals(await flowctl.terminate(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a state file that is none is told as a wrong configuration", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "text");
  await Deno.writeTextFile(path, "no database, and long enough to be looked at\n".repeat(20));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...taskArguments("flowctl"), "--port", "0", "--health-port", "0", "--state-path", path],
    cwd: new URL("../../", import.meta.url),
    stdin: "null",
  }).output();
  const error = new TextDecoder().decode(stderr);
  assertEquals(code, 2, error);
  assert(error.includes("STATE_PATH") && error.includes("not a state file of flowctl"), error);
  await Deno.remove(folder, { recursive: true });
});
