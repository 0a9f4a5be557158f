import { assertEquals } from "@std/assert";
import { NOW } from "../_test_pipeline.ts";
import { builtIn, serviceWith, Watch } from "./_test_alerts.ts";
import { presentServices } from "./present_services.ts";

const endpoint = "127.0.0.1:8817";

/** A service that was heard of so long ago, and had run for so long then. */
function heard(id: string, secondsAgo: number, uptime: number, fields = { endpoint }) {
  return serviceWith(id, { uptime_seconds: uptime }, {
    ...fields,
    lastHeartbeatAt: NOW - secondsAgo * 1000,
  });
}

const present = (...services: Parameters<typeof presentServices>[0]) =>
  presentServices(services).map(({ id }) => id);

Deno.test("a service that came back under a new id takes the place of the old one", () => {
  assertEquals(present(heard("old", 60, 900), heard("new", 1, 20)), ["new"]);
});

Deno.test("a service that ran already when the other one fell silent takes nobody's place", () => {
  assertEquals(present(heard("here", 60, 900), heard("elsewhere", 1, 500)), ["here", "elsewhere"]);
});

Deno.test("services at other addresses, or at none, and of other types are all there", () => {
  const none = { endpoint: "" };
  assertEquals(present(heard("a", 60, 900, none), heard("b", 1, 20, none)), ["a", "b"]);
  assertEquals(present(heard("a", 60, 900), heard("b", 1, 20, { endpoint: "c:1" })), ["a", "b"]);
  const source = serviceWith("c", { uptime_seconds: 20 }, { endpoint, type: "SOURCE" });
  assertEquals(present(heard("a", 60, 900), source), ["a", "c"]);
});

Deno.test("missed heartbeats of a service that came back under a new id are over", async () => {
  const watch = new Watch([builtIn("FlowctlHeartbeatMissed")]);
  await watch.until(40, (second) => [heard("old", second, 900)]);
  await watch.look(heard("old", 45, 900), heard("new", 1, 3));
  assertEquals(watch.said, [
    "35 FlowctlHeartbeatMissed old inactive firing",
    "45 FlowctlHeartbeatMissed old firing resolved",
  ]);
});
