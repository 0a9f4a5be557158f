import { assertEquals } from "@std/assert";
import { legacy } from "../protocol/mod.ts";
import { answer, handlerServer } from "./_handler_server.ts";
import { GrpcChannel } from "./grpc_channel.ts";
import { LegacyClient } from "./legacy_client.ts";

const { ListServices, Heartbeat } = legacy.controlPlaneMethods;

Deno.test("what Go's flowctl tells of a service, which is little, is read as it is", async () => {
  // It never sets is_healthy, and component_id only where the service gave one.
  const services = [
    legacy.serviceStatus.create({ serviceId: "feed", serviceType: 99 }),
    legacy.serviceStatus.create({
      serviceId: "sink",
      serviceType: legacy.ServiceType.SINK,
      componentId: "its own",
      lastHeartbeat: 5_000,
    }),
  ];
  using server = await handlerServer({ ListServices }, { ListServices: answer({ services }) });
  const client = new LegacyClient(new GrpcChannel(`127.0.0.1:${server.port}`));
  const read = (await client.list()).map((each) => [
    ...[each.id, each.name, each.type, each.status, each.lastHeartbeatAt],
  ]);
  assertEquals(read, [
    ["feed", "feed", "UNSPECIFIED", "UNHEALTHY", 0],
    ["sink", "its own", "CONSUMER", "UNHEALTHY", 5_000],
  ]);
  assertEquals((await client.list("CONSUMER")).map(({ id }) => id), ["sink"]);
  client.close();
});

Deno.test("a service that stops sends no heartbeat, which would only say that it lives on", async () => {
  const beats: string[] = [];
  using server = await handlerServer({ Heartbeat }, {
    Heartbeat: (
      call: { request: legacy.ServiceHeartbeat },
      done: (error: null, answer: unknown) => void,
    ) => {
      beats.push(call.request.serviceId);
      done(null, {});
    },
  });
  const client = new LegacyClient(new GrpcChannel(`127.0.0.1:${server.port}`));
  await client.heartbeat({ serviceId: "stopping", status: "STOPPING", metrics: {} });
  await client.unregister();
  await client.heartbeat({ serviceId: "feed", status: "HEALTHY", metrics: {} });
  assertEquals(beats, ["feed"]);
  client.close();
});
