import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseDeclaration } from "../config/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import {
  HealthServer,
  HealthServerError,
  type HealthState,
  jsonResponse,
} from "./health_server.ts";
import { MetricsRegistry } from "./metrics_registry.ts";

const testYaml = await Deno.readTextFile(new URL("./testdata/component.yaml", import.meta.url));

function server(health: () => HealthState, port = 0): HealthServer {
  const metrics = new MetricsRegistry();
  metrics.gauge({ name: "answer", help: "A.", read: () => 42 });
  return new HealthServer({
    declaration: parseDeclaration(testYaml),
    hostname: "127.0.0.1",
    port,
    clock: new FakeClock(),
    metrics,
    health,
  });
}

/** No Deno process is that small. */
const MIB = 1024 * 1024;

/** Status and body of an answer. */
async function get(port: number, path: string, method = "GET"): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return [response.status, await response.text()];
}

Deno.test("health answers with name, version, ports, memory, progress and details", async () => {
  const progress = { ledger: 7, tip: 9, ledgers_total: 5, events_total: null };
  await using health = server(() => ({
    status: "healthy",
    ports: { flight: 1 },
    progress,
    details: { n: 2n ** 60n },
  }));
  const [status, body] = await get(health.start(), "/health");
  const { rss_bytes, ...answer } = JSON.parse(body);
  assert(Number.isInteger(rss_bytes) && rss_bytes > MIB, `${rss_bytes}`);
  assertEquals([status, answer], [200, {
    status: "healthy",
    component: "test-arrow-component",
    version: "1.2.3",
    uptime_seconds: 0,
    ports: { flight: 1 },
    progress,
    details: { n: "1152921504606846976" },
  }]);
});

Deno.test("only what can do its work answers 200", async () => {
  let status: HealthState["status"] = "starting";
  await using health = server(() => ({ status, ports: {}, details: {} }));
  const port = health.start();
  const answers: Record<string, number> = {};
  for (status of ["starting", "healthy", "degraded", "unhealthy", "stopping"] as const) {
    answers[status] = (await get(port, "/health"))[0];
  }
  assertEquals(answers, {
    starting: 503,
    healthy: 200,
    degraded: 200,
    unhealthy: 503,
    stopping: 503,
  });
});

Deno.test("a health report that throws is unhealthy and says why", async () => {
  await using health = server(() => {
    throw new Error("no cursor");
  });
  const [status, body] = await get(health.start(), "/health");
  assertEquals([status, JSON.parse(body).details], [503, { error: "no cursor" }]);
  assertEquals("progress" in JSON.parse(body), false);
});

Deno.test("metrics are served, other paths and methods get a JSON error", async () => {
  await using health = server(() => ({ status: "healthy", ports: {}, details: {} }));
  const port = health.start();
  assertStringIncludes((await get(port, "/metrics"))[1], "answer 42");
  const [missing, error] = await get(port, "/helth");
  assertEquals(missing, 404);
  assertEquals(JSON.parse(error).error, 'no such path: "/helth"; there are /health and /metrics');
  assertEquals((await get(port, "/health", "POST"))[0], 405);
});

Deno.test("a taken port is said in a sentence that names the variable", async () => {
  const state = (): HealthState => ({ status: "healthy", ports: {}, details: {} });
  await using first = server(state);
  const port = first.start();
  await using second = server(state, port);
  const error = assertThrows(() => second.start(), HealthServerError);
  assertStringIncludes(error.message, `HEALTH_PORT ${port} on 127.0.0.1 is taken`);
});

Deno.test("a stopped server has freed its port, and stopping again does nothing", async () => {
  const state = (): HealthState => ({ status: "healthy", ports: {}, details: {} });
  const first = server(state);
  const port = first.start();
  await first.stop();
  await first.stop();
  await using second = server(state, port);
  assertEquals(second.start(), port);
});

Deno.test("paths that a component adds are answered beside the server's own, each once", async () => {
  await using health = server(() => ({ status: "healthy", ports: {}, details: {} }));
  const port = health.start();
  health.addRoutes({
    "/api/n": () => jsonResponse(200, { n: 2n }),
    "/api/broken": () => Promise.reject(new Error("no such table")),
  });
  assertEquals(await get(port, "/api/n"), [200, '{"n":"2"}\n']);
  assertEquals(await get(port, "/api/broken"), [500, '{"error":"no such table"}\n']);
  assertEquals((await get(port, "/api/n", "POST"))[0], 405);
  const [status, text] = await get(port, "/api");
  assertEquals([status, text.includes("/metrics, /api/n and /api/broken")], [404, true]);
  assertThrows(
    () => health.addRoutes({ "/health": () => jsonResponse(200, {}) }),
    Error,
    "/health",
  );
});
