import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { ControlPlaneError } from "../controller/mod.ts";
import { MemoryClient } from "../controller/testing/mod.ts";
import { service, source } from "../service/testing/mod.ts";
import { ControlPlaneReader } from "./control_plane_reader.ts";

const { signal } = new AbortController();

function readerOf(client: MemoryClient) {
  const clock = new FakeClock();
  let connected = 0;
  const reader = new ControlPlaneReader({
    endpoint: "flowctl:8080",
    clock,
    connect: () => (connected++, client),
  });
  return { reader, clock, connected: () => connected };
}

Deno.test("the services of a control plane are read over one connection, which is closed in the end", async () => {
  const client = new MemoryClient();
  const { reader, clock, connected } = readerOf(client);
  const { expired: _, ...listed } = service({
    ...source,
    status: "UNHEALTHY",
    lastHeartbeatAt: clock.now() - 3_000,
    metrics: { load_ratio: "0.5" },
  });
  client.services = [listed];
  await reader.read(signal);
  const { services, problems, joined } = await reader.read(signal);
  const [{ id, expired, lastHeartbeatAgeMs, figures }] = services as never as [
    typeof services[number],
  ];
  assertEquals([id, expired, lastHeartbeatAgeMs, figures.loadRatio], [
    "source",
    undefined,
    3_000,
    0.5,
  ]);
  assertEquals([problems, joined, connected()], [[], true, 1]);
  reader[Symbol.dispose]();
  assertEquals(client.closed, 1);
});

Deno.test("over the older protocol nothing is said of who reads whom", async () => {
  const client = new MemoryClient();
  client.protocol = "legacy";
  assertEquals((await readerOf(client).reader.read(signal)).joined, false);
});

Deno.test("a control plane that gives no answer is an error that names it", async () => {
  const client = new MemoryClient();
  client.fail = () => new ControlPlaneError("UNAVAILABLE", "flowctl:8080", "nothing listens there");
  const { reader } = readerOf(client);
  await assertRejects(() => reader.read(signal), ControlPlaneError, "flowctl:8080");
});
