import { assert, assertEquals } from "@std/assert";
import { FakeClock, type HttpRoutes } from "../component/mod.ts";
import { service, sink, source } from "./_test_services.ts";
import { ControlPlane } from "./control_plane.ts";
import { ControlPlaneMonitoring } from "./control_plane_monitoring.ts";
import { httpApi } from "./http_api.ts";
import { eventRoutes } from "./monitoring_routes.ts";
import { openApiDocument } from "./openapi_document.ts";
import type { Service } from "../service/mod.ts";

/** A control plane that knows these services without serving anybody. */
class KnowingControlPlane extends ControlPlane {
  constructor(clock: FakeClock, readonly known: Service[]) {
    super({ clock });
  }

  override services(): Service[] {
    return this.known;
  }
}

function allRoutes(
  controlPlane: ControlPlane,
  clock: FakeClock,
  monitoring: ControlPlaneMonitoring,
): HttpRoutes {
  return { ...httpApi(controlPlane, clock, "1.2.3", monitoring), ...eventRoutes(monitoring) };
}

function api(known: Service[], clock = new FakeClock()): HttpRoutes {
  const controlPlane = new KnowingControlPlane(clock, known);
  return allRoutes(controlPlane, clock, new ControlPlaneMonitoring(controlPlane, { clock }));
}

// deno-lint-ignore no-explicit-any -- any JSON.
async function get(routes: HttpRoutes, path: string): Promise<any> {
  const response = await routes[path]!(new Request(`http://localhost${path}`));
  assertEquals(response.status, 200);
  return await response.json();
}

type Schema = Record<string, unknown>;
const { components, paths } = openApiDocument("1.2.3");
const schemas = components.schemas as unknown as Record<string, Schema>;

/** Whether a value is as a schema of the document says; the first difference is named. */
function difference(value: unknown, schema: Schema, at = "$"): string | undefined {
  if (typeof schema.$ref === "string") {
    return difference(value, schemas[schema.$ref.split("/").at(-1)!]!, at);
  }
  if (Array.isArray(schema.oneOf)) {
    const found = schema.oneOf.map((each) => difference(value, each as Schema, at));
    return found.includes(undefined) ? undefined : found[0];
  }
  if (Array.isArray(schema.type)) {
    const found = schema.type.map((type) => difference(value, { ...schema, type }, at));
    return found.includes(undefined) ? undefined : found[0];
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return `${at} is no array`;
    return firstOf(value.map((item, i) => difference(item, schema.items as Schema, `${at}[${i}]`)));
  }
  if (schema.type === "object") {
    if (typeof value !== "object" || value === null) return `${at} is no object`;
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    const rest = schema.additionalProperties as Schema | undefined;
    const missing = ((schema.required ?? []) as string[]).find((name) => !(name in value));
    if (missing !== undefined) return `${at}.${missing} is missing`;
    return firstOf(
      Object.entries(value).map(([name, item]) => {
        const own = properties[name] ?? rest;
        return own === undefined
          ? `${at}.${name} is not in the document`
          : difference(item, own, `${at}.${name}`);
      }),
    );
  }
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return `${at} is not of the enum`;
  const type = value === null ? "null" : typeof value;
  const wanted = schema.type === "integer" ? "number" : schema.type;
  return type === wanted ? undefined : `${at} is a ${type}`;
}

function firstOf(found: readonly (string | undefined)[]): string | undefined {
  return found.find((each) => each !== undefined);
}

Deno.test("services are shown with all that is known of them", async () => {
  const clock = new FakeClock();
  const at = clock.now();
  const metrics = { events_per_second: "7" };
  const known = service({
    ...source,
    metrics,
    registeredAt: at - 5000,
    lastHeartbeatAt: at - 1500,
  });
  const body = await get(api([known], clock), "/api/services");
  assertEquals(difference(body, schemas.Services!), undefined);
  const [{ id, type, status, assigned_topics, registered_at, heartbeat_age_seconds, ...rest }] =
    body.services;
  assertEquals([id, type, status, assigned_topics, registered_at, heartbeat_age_seconds], [
    "source",
    "SOURCE",
    "HEALTHY",
    ["stellar_ledger_service.StellarLedger.v1"],
    new Date(at - 5000).toISOString(),
    1.5,
  ]);
  assertEquals(rest.metrics, metrics);
});

Deno.test("the topology is shown with health, missing links, orphans and cycles", async () => {
  const circle = [["a", "x", "y"], ["b", "y", "x"]].map(([id, input, output]) =>
    service({ id: id!, inputEventTypes: [input!], outputEventTypes: [output!] })
  );
  const body = await get(api([service(sink), ...circle]), "/api/topology");
  assertEquals(difference(body, schemas.Topology!), undefined);
  assertEquals([body.health.status, body.orphans, body.cycles], ["unhealthy", ["sink"], [[
    "a",
    "b",
  ]]]);
  assertEquals(body.missing_links[0].consumers, ["sink"]);
});

Deno.test("metrics are shown of each service and in total, with null for what is not known", async () => {
  const busy = service({ ...sink, metrics: { events_per_second: "7", load_ratio: "0.5" } });
  const body = await get(api([service(source), busy]), "/api/metrics");
  assertEquals(difference(body, schemas.Metrics!), undefined);
  assertEquals(body.services.map((each: Record<string, unknown>) => each.events_per_second), [
    null,
    7,
  ]);
  assertEquals([body.total.events_per_second, body.total.load_ratio, body.total.latency_ms], [
    7,
    { value: 0.5, service_id: "sink" },
    null,
  ]);
});

Deno.test("the OpenAPI document names every path that is answered, and no other", async () => {
  const routes = api([]);
  assertEquals(Object.keys(paths).sort(), ["/health", "/metrics", ...Object.keys(routes)].sort());
  const document = await get(routes, "/api/openapi.json");
  assertEquals([document.openapi, document.info.version], ["3.1.0", "1.2.3"]);
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  for (const [, name] of references) assert(name! in schemas, `${name} is not described`);
});

Deno.test("the OpenAPI document says of each path below /api/ that it may ask for the token, and of no other", () => {
  assertEquals(Object.keys(components.securitySchemes), ["bearer"]);
  for (const [path, { get: operation }] of Object.entries(paths)) {
    const asks = path.startsWith("/api/");
    assertEquals(Object.keys(operation.responses).includes("401"), asks, path);
    assertEquals("security" in operation, asks, path);
  }
});

Deno.test("the check of answers against the document finds what differs", () => {
  const node = { id: "a", type: "SOURCE", status: "HEALTHY" };
  const wrong = [{ ...node, type: "NONE" }, { id: "a" }, { ...node, more: 1 }, { ...node, id: 1 }];
  assertEquals(wrong.map((each) => difference(each, schemas.ServiceNode!)), [
    "$.type is not of the enum",
    "$.type is missing",
    "$.more is not in the document",
    "$.id is a number",
  ]);
  const peaks = [null, { value: 1, service_id: "a" }, { value: "1", service_id: "a" }, 1];
  const peak = (schemas.PipelineTotal!.properties as Record<string, Schema>).load_ratio!;
  assertEquals(peaks.map((each) => difference(each, peak)), [
    undefined,
    undefined,
    "$.value is a string",
    "$ is no object",
  ]);
});

Deno.test("the snapshot is that of the last look, by the document", async () => {
  const clock = new FakeClock();
  const metrics = {
    load_ratio: "0.5",
    backpressure_active: "1",
    pool_total: "4",
    pool_healthy: "1",
  };
  const controlPlane = new KnowingControlPlane(clock, [
    service({ ...source, metrics }),
    service(sink),
  ]);
  const monitoring = new ControlPlaneMonitoring(controlPlane, { clock });
  const routes = allRoutes(controlPlane, clock, monitoring);
  assertEquals((await get(routes, "/api/snapshot")).services, []);
  await monitoring.monitor.look();
  const body = await get(routes, "/api/snapshot");
  assertEquals(difference(body, schemas.Snapshot!), undefined);
  assertEquals([body.services[0].load_ratio, body.services[0].backpressure_active], [0.5, true]);
  assertEquals([body.services[0].pool.healthy, body.services[1].pool], [1, null]);
});

Deno.test("the history is told by the document", async () => {
  const clock = new FakeClock();
  const controlPlane = new KnowingControlPlane(clock, [service(source)]);
  const monitoring = new ControlPlaneMonitoring(controlPlane, { clock });
  const routes = allRoutes(controlPlane, clock, monitoring);
  await monitoring.monitor.look();
  const ask = async (query: string) => {
    const request = new Request(`http://localhost/api/history${query}`);
    return await (await routes["/api/history"]!(request)).json();
  };
  assertEquals(difference(await ask(""), schemas.HistoryList!), undefined);
  assertEquals(difference(await ask("?metric=load_ratio"), schemas.HistorySeries!), undefined);
  assertEquals(difference(await ask("?metric=x"), schemas.Error!), undefined);
});

Deno.test("who listens is told the last look at once, and each one after it", async () => {
  const clock = new FakeClock();
  const known: Service[] = [];
  const controlPlane = new KnowingControlPlane(clock, known);
  const monitoring = new ControlPlaneMonitoring(controlPlane, { clock });
  const routes = allRoutes(controlPlane, clock, monitoring);
  monitoring.start();
  await clock.advance(0);
  const response = await routes["/api/events"]!(new Request("http://localhost/api/events"));
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  const next = async () => {
    const { value } = await reader.read();
    const [event, data] = value!.split("\n");
    assertEquals(event, "event: snapshot");
    const snapshot = JSON.parse(data!.slice("data: ".length));
    assertEquals(difference(snapshot, schemas.Snapshot!), undefined);
    return snapshot.services.map(({ id }: { id: string }) => id);
  };
  assertEquals(await next(), []);
  known.push(service(source));
  monitoring.changed();
  await clock.advance(100);
  assertEquals(await next(), ["source"]);
  await monitoring.stop();
  assertEquals([(await reader.read()).done, clock.pending], [true, 0]);
});

Deno.test("the health report names the bottleneck and what to do, by the document", async () => {
  const clock = new FakeClock();
  const pool = { pool_total: "4", pool_healthy: "1" };
  const controlPlane = new KnowingControlPlane(clock, [
    service({ ...source, metrics: { load_ratio: "0.9", backpressure_active: "1", ...pool } }),
    service({ ...sink, metrics: { load_ratio: "0.95", throttle_rate: "0.5" } }),
  ]);
  const monitoring = new ControlPlaneMonitoring(controlPlane, { clock });
  const routes = allRoutes(controlPlane, clock, monitoring);
  await monitoring.monitor.look();
  const body = await get(routes, "/api/health-report");
  assertEquals(difference(body, schemas.HealthReport!), undefined);
  assertEquals([body.status, body.bottleneck.service_id, body.pools.length], [
    "unhealthy",
    "sink",
    1,
  ]);
  assert(body.recommendations.length > 2);
});

Deno.test("alerts are told by the document, and each change to who listens", async () => {
  const clock = new FakeClock();
  const loaded = service({ ...sink, metrics: { backpressure_active: "1" } });
  const controlPlane = new KnowingControlPlane(clock, [loaded]);
  const monitoring = new ControlPlaneMonitoring(controlPlane, { clock, intervalMs: 5_000 });
  const routes = allRoutes(controlPlane, clock, monitoring);
  monitoring.start();
  const response = await routes["/api/events"]!(new Request("http://localhost/api/events"));
  await clock.advance(35_000);
  const body = await get(routes, "/api/alerts");
  assertEquals(difference(body, schemas.Alerts!), undefined);
  assertEquals(body.rules.length, 6);
  const [alert] = body.alerts;
  assertEquals([alert.rule, alert.state, alert.labels.service_id], [
    "FlowctlBackpressure",
    "firing",
    "sink",
  ]);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"state":"firing"')) text += (await reader.read()).value;
  const told = [...text.matchAll(/^event: alert\ndata: (.*)$/gm)].map(([, data]) =>
    JSON.parse(data!)
  );
  for (const each of told) assertEquals(difference(each, schemas.Alert!), undefined);
  assertEquals(told.map(({ state }) => state), ["pending", "firing"]);
  await monitoring.stop();
});
