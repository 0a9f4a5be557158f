import { assertEquals } from "@std/assert";
import { v1 } from "../protocol/mod.ts";
import { answer, handlerServer } from "./_handler_server.ts";
import { GrpcChannel } from "./grpc_channel.ts";
import { V1Client } from "./v1_client.ts";

const { RegisterComponent, GetComponentStatus, DiscoverComponents } = v1.controlPlaneServiceMethods;

Deno.test("what a later version may answer, or a careless one leaves out, is read as not known", async () => {
  const component = v1.componentInfo.create({ id: "feed", type: 99 });
  using server = await handlerServer({ GetComponentStatus, DiscoverComponents }, {
    GetComponentStatus: answer(v1.componentStatusResponse.create({ status: 99 })),
    DiscoverComponents: answer({ components: [component] }),
  });
  const client = new V1Client(new GrpcChannel(`127.0.0.1:${server.port}`));
  const status = await client.status("feed");
  assertEquals(
    [status.id, status.type, status.status, status.registeredAt, status.lastHeartbeatAt],
    ["", "UNSPECIFIED", "STARTING", 0, 0],
  );
  assertEquals((await client.discover({})).map(({ id, type }) => [id, type]), [
    ["feed", "UNSPECIFIED"],
  ]);
  client.close();
});

Deno.test("a type that only the older protocol has is registered as UNSPECIFIED", async () => {
  const requests: v1.RegisterRequest[] = [];
  using server = await handlerServer({ RegisterComponent }, {
    RegisterComponent: (
      call: { request: v1.RegisterRequest },
      done: (e: null, a: unknown) => void,
    ) => {
      requests.push(call.request);
      done(null, v1.registerResponse.create({ serviceId: "feed" }));
    },
  });
  const client = new V1Client(new GrpcChannel(`127.0.0.1:${server.port}`));
  await client.register({
    id: "feed",
    name: "",
    description: "",
    version: "",
    type: "PIPELINE",
    inputEventTypes: [],
    outputEventTypes: [],
    endpoint: "",
    metadata: {},
    maxInflight: 0,
  });
  assertEquals(requests.map(({ component }) => component!.type), [v1.ComponentType.UNSPECIFIED]);
  client.close();
});
