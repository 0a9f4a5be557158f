import { assertEquals, assertMatch } from "@std/assert";
import { checkHealth } from "./health_client.ts";
import { healthServer } from "./testing/mod.ts";

Deno.test("a server that serves, one that does not, and none at all are told apart", async () => {
  const { port, health, stop } = await healthServer();
  const endpoint = `127.0.0.1:${port}`;
  assertEquals(await checkHealth(endpoint), { status: "SERVING" });
  health.setServing(false);
  assertEquals(await checkHealth(endpoint), { status: "NOT_SERVING" });
  health.stop();
  stop();
  const { status, error } = await checkHealth(endpoint);
  assertEquals(status, undefined);
  assertMatch(error!, /^nothing listens there|No connection/);
});

Deno.test("a server that takes connections and says nothing gives no answer, in these words", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  assertEquals((await checkHealth(`127.0.0.1:${port}`)).error, "no answer within 2 s");
});

Deno.test("a check that is given up ends at once", async () => {
  // Takes connections and says nothing.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const { status, error } = await checkHealth(`127.0.0.1:${port}`, {}, AbortSignal.abort());
  assertEquals(status, undefined);
  assertMatch(error!, /[Cc]ancel/);
});
