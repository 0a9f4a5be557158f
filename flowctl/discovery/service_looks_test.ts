import { assertEquals, assertRejects } from "@std/assert";
import { ControlPlaneError, type ListedService } from "../controller/mod.ts";
import { failure, MemoryClient } from "../controller/testing/mod.ts";
import { listedService as service } from "./_listed_service.ts";
import { changesBetween, type ServicesById } from "./service_changes.ts";
import { MAX_STATUS_CALLS, ServiceLooks, type WantedServices } from "./service_looks.ts";

const PRICES = "example.Price";

/** Looks at a control plane, and tells what has changed and what was asked for that. */
function looking(wanted: WantedServices = {}) {
  const client = new MemoryClient();
  const looks = new ServiceLooks(wanted);
  const signal = new AbortController().signal;
  const state = { known: new Map() as ServicesById };
  const look = async (...services: ListedService[]) => {
    client.services = services;
    client.calls.length = 0;
    const after = await looks.next(client, state.known, signal);
    const changes = changesBetween(state.known, after);
    state.known = after;
    return changes.map((change) => `${change.what} ${change.service.id}`);
  };
  return { client, look, looks, signal, state };
}

const many = (count: number, fields: Partial<ListedService> = {}) =>
  Array.from({ length: count }, (_, at) => service(`s${at}`, fields));

Deno.test("what is asked for does not grow with services that are not wanted", async () => {
  const { client, look, state } = looking({ serves: PRICES });
  const others = [
    ...many(1_000, { outputEventTypes: ["example.Weather"] }),
    service("reader", { inputEventTypes: [PRICES], outputEventTypes: [] }),
  ];
  await look(service("feed"), ...others);
  assertEquals(client.calls, [`discover ${PRICES}`, "status feed"]);
  assertEquals([...state.known.keys()], ["feed"]);
});

Deno.test("a service that vanishes is unhealthy while it is registered, and removed once it is not", async () => {
  for (const showsAll of [false, true]) {
    const { client, look, state } = looking();
    client.showsAll = showsAll;
    assertEquals(await look(service("a"), service("b")), ["added a", "added b"]);
    const ill = service("b", { status: "UNHEALTHY", metrics: { queue_depth: "9" } });
    assertEquals(await look(service("a"), ill), ["unhealthy b"]);
    assertEquals(state.known.get("b")!.metrics, { queue_depth: "9" });
    assertEquals(await look(service("a"), service("b", { status: "STOPPING" })), []);
    assertEquals(await look(service("a"), service("b")), ["healthy b"]);
    assertEquals(await look(service("a")), ["removed b"]);
    assertEquals(await look(service("a")), []);
  }
});

Deno.test("a service that fits no longer is removed, though it works", async () => {
  for (const wanted of [{ serves: PRICES }, { eventTypes: [PRICES] }]) {
    const { look } = looking(wanted);
    assertEquals(await look(service("a")), ["added a"]);
    assertEquals(await look(service("a", { outputEventTypes: ["example.Weather"] })), [
      "removed a",
    ]);
  }
});

Deno.test("a service that is unregistered between the two questions is not there", async () => {
  const { client, look } = looking();
  const answer = client.discover.bind(client);
  client.discover = async (filter) => {
    const found = await answer(filter);
    client.services = [];
    return found;
  };
  assertEquals(await look(service("a")), []);
});

Deno.test("services known stay in their order, whatever order the control plane answers in", async () => {
  const { look, state } = looking();
  await look(service("b"), service("a"));
  await look(service("c"), service("a"), service("b"));
  assertEquals([...state.known.keys()], ["b", "a", "c"]);
});

Deno.test("of very many services some statuses are asked for at a look, in turn", async () => {
  const { client, look, state } = looking();
  const count = 3 * MAX_STATUS_CALLS;
  const degraded = () => [...state.known.values()].filter(({ status }) => status === "DEGRADED");
  const asked = new Set<string>();
  const note = () => client.calls.slice(1).forEach((call) => asked.add(call));
  assertEquals((await look(...many(count, { status: "DEGRADED" }))).length, count);
  note();
  assertEquals([client.calls.length, degraded().length], [1 + MAX_STATUS_CALLS, MAX_STATUS_CALLS]);
  for (let looks = 0; looks < 2; looks++) {
    await look(...many(count, { status: "DEGRADED" }));
    note();
  }
  assertEquals([asked.size, degraded().length], [count, count]);
});

Deno.test("a service that is shown under an id that is not its own is found at the second look", async () => {
  // The Go control plane answers so of a service that registered under another id, or gave itself none.
  const { client, look, state } = looking({ serves: PRICES });
  client.showsAll = true;
  client.status = (id) => {
    const known = client.services.find((each) => each.id === id && id.startsWith("own"));
    return known === undefined ? Promise.reject(failure("NOT_FOUND")) : Promise.resolve(known);
  };
  const [shown, nameless] = [service("given"), service("")];
  assertEquals(await look(service("own"), shown, nameless), ["added own"]);
  assertEquals(await look(service("own"), shown, nameless), ["added given", "added "]);
  assertEquals(state.known.get("")!.endpoint, nameless.endpoint);
  assertEquals(await look(service("own"), { ...shown, endpoint: "127.0.0.1:2" }, nameless), [
    "changed given",
  ]);
  await look(service("own"));
  assertEquals(await look(service("own")), []);
  assertEquals([...state.known.keys()], ["own"]);
});

Deno.test("of very many that vanish at once all are unhealthy at that look, and removed in turn", async () => {
  const { client, look } = looking();
  const count = 2 * MAX_STATUS_CALLS + 1;
  await look(...many(count));
  const at = (what: string, changes: string[]) =>
    changes.filter((each) => each.startsWith(what)).length;
  const first = await look();
  assertEquals([at("removed", first), at("unhealthy", first)], [
    MAX_STATUS_CALLS,
    count - MAX_STATUS_CALLS,
  ]);
  assertEquals(at("removed", await look()), MAX_STATUS_CALLS);
  assertEquals(at("removed", await look()), 1);
  await look();
  assertEquals(client.calls, ["discover"]);
});

Deno.test("whoever vanishes or appears is asked for before those that stay", async () => {
  const { client, look } = looking();
  const staying = many(2 * MAX_STATUS_CALLS);
  const leaver = service("leaver");
  await look(...staying, leaver);
  assertEquals(await look(...staying), ["removed leaver"]);
  assertEquals(await look(...staying, service("comer", { status: "DEGRADED" })), ["added comer"]);
  assertEquals(client.calls.includes("status comer"), true);
});

Deno.test("the older protocol lists all services of a type, with their status", async () => {
  const { client, look } = looking({ type: "SOURCE", serves: PRICES });
  client.protocol = "legacy";
  const older = service("a", { outputEventTypes: [] });
  assertEquals(await look(older), ["added a"]);
  assertEquals(client.calls, [`discover ${PRICES}`, "list SOURCE"]);
  assertEquals(await look({ ...older, status: "UNHEALTHY" }), ["unhealthy a"]);
  client.protocol = "v1";
  assertEquals(await look(service("a")), ["changed a", "healthy a"]);
});

Deno.test("a question that fails fails the look, and what was known stands", async () => {
  for (const call of ["discover", "status"] as const) {
    const { client, look, looks, signal, state } = looking();
    await look(service("a"));
    client.fail = (each) => each === call ? failure("UNAVAILABLE", "it went away") : undefined;
    const next = () => looks.next(client, state.known, signal);
    await assertRejects(next, ControlPlaneError, "it went away");
    client.fail = () => undefined;
    assertEquals(await look(service("a", { status: "UNHEALTHY" })), ["unhealthy a"]);
  }
});
