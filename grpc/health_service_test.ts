import { assertEquals } from "@std/assert";
import { HEALTH_SERVICE, healthMethods, ServingStatus } from "./health_service.ts";
import { healthServer, rawClient } from "./testing/mod.ts";

Deno.test("a health watch hears each change and ends when the server stops", async () => {
  const { port, health, stop } = await healthServer();
  const client = rawClient(port);
  const { path, requestSerialize, responseDeserialize } = healthMethods.Watch;
  const call = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    { service: HEALTH_SERVICE },
  );
  const heard: number[] = [];
  for await (const { status } of call) {
    heard.push(status);
    if (heard.length === 1) health.setServing(false);
    if (heard.length === 2) health.setServing(true);
    if (heard.length === 3) {
      health.setServing(false);
      health.stop();
    }
  }
  const { SERVING, NOT_SERVING } = ServingStatus;
  assertEquals(heard, [SERVING, NOT_SERVING, SERVING, NOT_SERVING]);
  client.close();
  stop();
});
