import { assertEquals } from "@std/assert";
import { StopRequests } from "./stop_requests.ts";

Deno.test("the first request stops, its echo changes nothing, a later one is urgent", () => {
  let now = 0;
  const requests = new StopRequests(() => now);
  requests.request("SIGINT");
  now = 900;
  requests.request("SIGINT");
  assertEquals([requests.signal.reason, requests.urgent.aborted], ["SIGINT", false]);
  now = 1100;
  requests.request("SIGINT");
  assertEquals(requests.urgent.aborted, true);
});

Deno.test("a signal to this process is a request until the requests are disposed", async () => {
  const requests = new StopRequests();
  await requests.start();
  const { promise, resolve } = Promise.withResolvers<void>();
  requests.signal.addEventListener("abort", () => resolve());
  // A listener alone does not keep the process alive.
  const alive = setInterval(() => {}, 1_000);
  Deno.kill(Deno.pid, "SIGTERM");
  await promise;
  clearInterval(alive);
  assertEquals(requests.signal.reason, "SIGTERM");
  await requests[Symbol.asyncDispose]();
});
