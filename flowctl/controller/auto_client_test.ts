import { assertEquals, assertRejects } from "@std/assert";
import { failure, MemoryClient } from "./testing/mod.ts";
import { AutoClient } from "./auto_client.ts";
import { ControlPlaneError } from "./control_plane_error.ts";

function both() {
  const [newer, older] = [new MemoryClient(), new MemoryClient()];
  older.protocol = "legacy";
  return { newer, older, client: new AutoClient(newer, older) };
}

const registration = {
  id: "feed",
  name: "feed",
  description: "",
  version: "",
  type: "SOURCE",
  inputEventTypes: [],
  outputEventTypes: [],
  endpoint: "",
  metadata: {},
  maxInflight: 0,
} as const;

Deno.test("the newer protocol is used where it is spoken", async () => {
  const { newer, older, client } = both();
  newer.services = [{
    ...registration,
    status: "HEALTHY",
    metrics: {},
    registeredAt: 0,
    lastHeartbeatAt: 0,
  }];
  assertEquals(client.protocol, undefined);
  await client.register(registration);
  await client.heartbeat({ serviceId: "feed", metrics: {} });
  await client.list();
  await client.status("feed");
  await client.unregister("feed");
  assertEquals(newer.calls, [
    "register feed",
    "heartbeat feed",
    "list",
    "status feed",
    "unregister feed",
  ]);
  assertEquals([older.calls, client.protocol], [[], "v1"]);
});

Deno.test("where the newer one is UNIMPLEMENTED the older one is used from then on", async () => {
  const { newer, older, client } = both();
  newer.fail = () => failure("UNIMPLEMENTED");
  await client.register(registration);
  await client.heartbeat({ serviceId: "feed", metrics: {} });
  assertEquals(newer.calls, ["register feed"]);
  assertEquals(older.calls, ["register feed", "heartbeat feed"]);
  assertEquals(client.protocol, "legacy");
});

Deno.test("each registration finds out anew what is spoken", async () => {
  const { newer, older, client } = both();
  newer.fail = () => failure("UNIMPLEMENTED");
  await client.register(registration);
  newer.fail = () => undefined;
  await client.register(registration);
  assertEquals([client.protocol, older.calls], ["v1", ["register feed"]]);
});

Deno.test("no other failure changes the protocol", async () => {
  const { newer, older, client } = both();
  newer.fail = () => failure("UNAVAILABLE");
  await assertRejects(() => client.register(registration), ControlPlaneError, "as told");
  assertEquals([older.calls, client.protocol], [[], undefined]);
});

Deno.test("a server that speaks neither protocol is told as such", async () => {
  const { newer, older, client } = both();
  newer.fail = older.fail = () => failure("UNIMPLEMENTED");
  const error = await assertRejects(() => client.discover({}), ControlPlaneError);
  assertEquals(error.code, "UNIMPLEMENTED");
  assertEquals(
    error.message,
    "Control plane plane.example:8080: it speaks neither flowctl.v1 nor the older flowctl " +
      "protocol; is another server listening there?",
  );
});

Deno.test("both are closed", () => {
  const { newer, older, client } = both();
  client.close();
  assertEquals([newer.closed, older.closed], [1, 1]);
});
