import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createLogger, MetricsRegistry, realClock } from "../component/mod.ts";
import { loadConfig, parseDeclaration } from "../config/mod.ts";
import { PoolTimeoutError } from "../connection_pool/mod.ts";
import { ControlPlane } from "../control_plane/mod.ts";
import { connectControlPlane } from "../controller/mod.ts";
import { UpstreamPool } from "./mod.ts";

const path = new URL("../../components/ttp-arrow-processor/component.yaml", import.meta.url);
const declaration = parseDeclaration(await Deno.readTextFile(path));

/** The pool of a processor with these variables, whose connections are names only. */
function poolOf(variables: Readonly<Record<string, string>>) {
  const log = createLogger({
    component: declaration.name,
    level: "error",
    format: "text",
    clock: realClock,
    write: () => {},
  });
  const env = { get: (name: string) => variables[name] };
  return UpstreamPool.of({
    declaration,
    config: loadConfig({ declaration, env, profile: "local" }),
    log,
    metrics: new MetricsRegistry(),
    signal: new AbortController().signal,
    clock: realClock,
  }, {
    variable: "SOURCE_ENDPOINT",
    connect: (endpoint) => ({ endpoint, close: () => {} }),
    check: () => Promise.resolve(),
  });
}

Deno.test("the endpoints that the variable names are connected to, within the pool's variables", async () => {
  const upstream = await poolOf({
    SOURCE_ENDPOINT: "a.example:1,b.example:2",
    CONNECTION_POOL_MAX_CONNECTIONS: "3",
    CONNECTION_POOL_MIN_CONNECTIONS: "1",
  });
  upstream.start();
  assertEquals([upstream.text, upstream.maxConnections], ["a.example:1, b.example:2", 3]);
  const lease = await upstream.pool.acquire(undefined, { order: "preferred" });
  assertEquals(lease.connection.endpoint, "a.example:1");
  lease.release();
  await upstream.stop();
});

Deno.test("without a name discovery says whom to connect to, and until then why nobody is", async () => {
  await using plane = new ControlPlane({ port: 0 });
  const { port } = await plane.start();
  const upstream = await poolOf({
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: `localhost:${port}`,
    CONNECTION_POOL_CONNECT_TIMEOUT: "100ms",
  });
  upstream.start();
  assertEquals(upstream.text, "found by discovery");
  const error = await assertRejects(() => upstream.pool.acquire(), PoolTimeoutError);
  assertStringIncludes(
    (error as Error).message,
    `No service that serves ${declaration.inputEventTypes[0]} has been found by discovery yet`,
  );
  const client = await connectControlPlane({ endpoint: `localhost:${port}` });
  await client.register({
    id: "source",
    name: "source",
    description: "",
    version: "1",
    type: "SOURCE",
    inputEventTypes: [],
    outputEventTypes: [...declaration.inputEventTypes],
    endpoint: "127.0.0.1:8815",
    metadata: {},
    maxInflight: 0,
  });
  while (upstream.text === "found by discovery") await realClock.sleep(20);
  using lease = await upstream.pool.acquire();
  assertEquals(lease.endpoint, "127.0.0.1:8815");
  lease.release();
  client.close();
  await upstream.stop();
});
