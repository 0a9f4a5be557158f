import { assertEquals, assertRejects } from "@std/assert";
import { ControlPlane } from "../control_plane/mod.ts";
import { connectControlPlane, type ControlPlaneClient, ControlPlaneError } from "./mod.ts";

const feed = {
  id: "feed",
  name: "price feed",
  description: "Prices.",
  version: "1.2.3",
  type: "SOURCE",
  inputEventTypes: [],
  outputEventTypes: ["example.Price"],
  endpoint: "127.0.0.1:9000",
  metadata: { network: "pubnet" },
  maxInflight: 0,
} as const;
const reader = {
  ...feed,
  id: "reader",
  type: "CONSUMER",
  inputEventTypes: ["example.Price"],
  outputEventTypes: [],
  endpoint: "",
} as const;

async function withClients(
  test: (v1: ControlPlaneClient, legacy: ControlPlaneClient, port: number) => Promise<void>,
) {
  await using controlPlane = new ControlPlane({ port: 0 });
  const { port } = await controlPlane.start();
  const endpoint = `127.0.0.1:${port}`;
  const v1 = await connectControlPlane({ endpoint, protocol: "v1" });
  const legacy = await connectControlPlane({ endpoint, protocol: "legacy" });
  try {
    await test(v1, legacy, port);
  } finally {
    v1.close();
    legacy.close();
  }
}

Deno.test("what is registered over v1 is read back as it was, with where to read from", async () => {
  await withClients(async (v1, _legacy, port) => {
    const ack = await v1.register(feed);
    assertEquals([ack.serviceId, ack.assignedTopics], ["feed", ["example.Price.v1"]]);
    const { connectionInfo } = await v1.register(reader);
    assertEquals(connectionInfo["example.Price"], "127.0.0.1:9000");
    assertEquals(connectionInfo.control_plane_endpoint, `127.0.0.1:${port}`);
    await v1.heartbeat({ serviceId: "feed", status: "DEGRADED", metrics: { queue_depth: 7 } });
    const { registeredAt, lastHeartbeatAt, ...service } = await v1.status("feed");
    assertEquals(registeredAt <= lastHeartbeatAt && registeredAt > 0, true);
    assertEquals(
      { ...service, metadata: { ...service.metadata }, metrics: { ...service.metrics } },
      { ...feed, status: "DEGRADED", metrics: { queue_depth: "7" } } as unknown as typeof service,
    );
    // Without a status the heartbeat leaves what is known.
    await v1.heartbeat({ serviceId: "feed", metrics: {} });
    assertEquals((await v1.status("feed")).status, "DEGRADED");
  });
});

Deno.test("services are found by type, event type and metadata, and listed whatever they are", async () => {
  await withClients(async (v1) => {
    await v1.register(feed);
    await v1.register(reader);
    const ids = async (filter: Parameters<ControlPlaneClient["discover"]>[0]) =>
      (await v1.discover(filter)).map(({ id }) => id);
    assertEquals(await ids({}), ["feed", "reader"]);
    assertEquals(await ids({ type: "SOURCE" }), ["feed"]);
    assertEquals(await ids({ eventTypes: ["example.Price"] }), ["feed", "reader"]);
    assertEquals(await ids({ metadata: { network: "testnet" } }), []);
    await v1.heartbeat({ serviceId: "feed", status: "UNHEALTHY", metrics: {} });
    assertEquals(await ids({ type: "SOURCE" }), []);
    assertEquals((await v1.list("SOURCE")).map(({ status }) => status), ["UNHEALTHY"]);
    assertEquals((await v1.list()).length, 2);
    await v1.unregister("feed");
    await v1.unregister("feed");
    assertEquals((await v1.list()).map(({ id }) => id), ["reader"]);
  });
});

Deno.test("the older protocol shows the same services with what it can say of them", async () => {
  await withClients(async (v1, legacy) => {
    const ack = await legacy.register({ ...feed, maxInflight: 100 });
    assertEquals([ack.serviceId, ack.assignedTopics], ["feed", ["example.Price.v1"]]);
    await v1.register(reader);
    await legacy.heartbeat({ serviceId: "feed", metrics: { queue_depth: 7 } });
    assertEquals({ ...(await v1.status("feed")).metrics }, { queue_depth: "7" });
    const service = await legacy.status("feed");
    assertEquals([service.type, service.status, service.metrics.queue_depth], [
      "SOURCE",
      "HEALTHY",
      "7",
    ]);
    assertEquals((await legacy.list()).map(({ id }) => id), ["feed", "reader"]);
    assertEquals((await legacy.list("CONSUMER")).map(({ id }) => id), ["reader"]);
    const error = await assertRejects(() => legacy.discover({}), ControlPlaneError);
    assertEquals(error.code, "FAILED_PRECONDITION");
  });
});

Deno.test("a service that is not known is NOT_FOUND in both protocols, an unregistered one no error", async () => {
  await withClients(async (v1, legacy) => {
    for (const client of [v1, legacy]) {
      for (
        const call of [
          () => client.status("nobody"),
          () => client.heartbeat({ serviceId: "nobody", metrics: {} }),
        ]
      ) {
        const error = await assertRejects(call, ControlPlaneError, "service nobody not found");
        assertEquals(error.code, "NOT_FOUND");
      }
      await client.unregister("nobody");
    }
  });
});

Deno.test("a call whose signal has aborted is not made, and one that is on its way ends", async () => {
  await withClients(async (v1) => {
    const reason = new DOMException("enough", "AbortError");
    await assertRejects(
      () => v1.list(undefined, AbortSignal.abort(reason)),
      DOMException,
      "enough",
    );
    const ending = new AbortController();
    const call = v1.list(undefined, ending.signal);
    ending.abort(reason);
    await assertRejects(() => call, DOMException, "enough");
    assertEquals(await v1.list(), []);
  });
});
