import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FakeClock, MetricsRegistry } from "../component/mod.ts";
import { failure, MemoryClient } from "./testing/mod.ts";
import { controlled } from "./_controlled.ts";
import { Controller } from "./controller.ts";
import { addControllerMetrics } from "./controller_metrics.ts";
import { GOODBYE_TIMEOUT_MS, REGISTER_TIMEOUT_MS } from "./limits.ts";

Deno.test("a service is registered with all it says of itself, and tells how it is at once", async () => {
  const { clock, client, controller } = controlled({ status: () => "DEGRADED" });
  controller.start();
  await clock.advance(0);
  assertEquals(client.calls, ["register", "heartbeat given-1"]);
  assertEquals(client.registrations[0], {
    id: "",
    name: "feed",
    description: "",
    version: "",
    type: "SOURCE",
    inputEventTypes: [],
    outputEventTypes: ["example.Price"],
    endpoint: "",
    metadata: {},
    maxInflight: 0,
  });
  assertEquals(client.heartbeats[0]!.status, "DEGRADED");
  assertEquals((await controller.registered()).serviceId, "given-1");
  await clock.advance(2_500);
  assertEquals(controller.details, {
    state: "registered",
    service_id: "given-1",
    endpoint: "plane.example:8080",
    protocol: "v1",
    last_heartbeat_age_seconds: 2.5,
  });
  await controller.stop();
});

Deno.test("heartbeats come at their interval, up to a tenth earlier or later", async () => {
  for (const [random, earliestMs] of [[0, 9_000], [0.5, 10_000], [1, 11_000]] as const) {
    const { clock, client, controller } = controlled({ random: () => random });
    controller.start();
    await clock.advance(0);
    for (let beats = 1; beats < 4; beats++) {
      await clock.advance(earliestMs - 1);
      assertEquals(client.heartbeats.length, beats, `random ${random}`);
      await clock.advance(1);
      assertEquals(client.heartbeats.length, beats + 1, `random ${random}`);
    }
    await controller.stop();
  }
});

Deno.test("until a control plane is there the service has a local id, and says so once", async () => {
  const { clock, client, controller, warnings, log } = controlled();
  client.fail = () => failure("UNAVAILABLE", "nothing listens there");
  controller.start();
  assertEquals(controller.details.state, "registering");
  await clock.advance(60_000);
  assertEquals(controller.details, {
    state: "degraded",
    service_id: "local-feed-1",
    endpoint: "plane.example:8080",
    protocol: "v1",
    last_heartbeat_age_seconds: null,
    error: "UNAVAILABLE: nothing listens there",
  });
  assertEquals(warnings().length, 1);
  assertStringIncludes(warnings()[0]!, "service_id=local-feed-1");
  client.fail = () => undefined;
  await clock.advance(5_000);
  assertEquals(controller.isRegistered, true);
  assertEquals(controller.details.error, undefined);
  assertStringIncludes(log.at(-1)!, "registered with the control plane");
  await controller.stop();
});

Deno.test("another reason for the failure is told too, and the same one is not told again", async () => {
  const { clock, client, controller, warnings } = controlled();
  const failures = [failure("UNAVAILABLE"), failure("UNAUTHENTICATED", "wrong token")];
  client.fail = () => failures[Math.min(client.calls.length, failures.length) - 1];
  controller.start();
  await clock.advance(60_000);
  assertEquals(warnings().length, 2);
  assertStringIncludes(warnings()[1]!, "wrong token");
  await controller.stop();
});

Deno.test("a control plane that never answers is given up after 10 s and asked again", async () => {
  const { clock, client, controller } = controlled();
  client.fail = () => "hang";
  controller.start();
  await clock.advance(REGISTER_TIMEOUT_MS - 1);
  assertEquals([client.calls.length, controller.details.state], [1, "registering"]);
  await clock.advance(1_000);
  assertEquals(client.calls.length, 2);
  assertEquals(controller.details.error, "DEADLINE_EXCEEDED: no answer within 10 s");
  await controller.stop();
});

Deno.test("heartbeats that fail leave the service its id, and go on until one is taken", async () => {
  const { clock, client, controller } = controlled();
  controller.start();
  await clock.advance(0);
  client.fail = () => failure("UNAVAILABLE");
  await clock.advance(30_000);
  assertEquals([controller.details.state, controller.details.service_id], ["degraded", "given-1"]);
  client.fail = () => undefined;
  await clock.advance(10_000);
  assertEquals(controller.details.state, "registered");
  assertEquals(client.registrations.length, 1);
  await controller.stop();
});

Deno.test("a heartbeat that is never answered costs 5 s and the next one comes", async () => {
  const { clock, client, controller } = controlled();
  client.fail = (call) => call === "heartbeat" ? "hang" : undefined;
  controller.start();
  await clock.advance(4_999);
  assertEquals([client.heartbeats.length, controller.isRegistered], [1, true]);
  await clock.advance(300);
  assertEquals([client.heartbeats.length, controller.isRegistered], [2, false]);
  client.fail = () => undefined;
  await controller.stop();
});

Deno.test("the id of the configuration is the one that is registered, and ends the local one", async () => {
  const registration = { id: "feed-7", name: "feed", type: "SOURCE" } as const;
  const clock = new FakeClock();
  const client = new MemoryClient();
  const connect = () => client;
  const controller = new Controller({ endpoint: "x:1", registration, clock, connect });
  assertEquals(controller.details.service_id, "local-feed-feed-7");
  controller.start();
  await clock.advance(0);
  assertEquals(controller.details.service_id, "feed-7");
  assertEquals(client.calls, ["register feed-7", "heartbeat feed-7"]);
  await controller.stop();
});

Deno.test("a figure that cannot be read costs itself, not the heartbeat", async () => {
  const { clock, client, controller } = controlled({
    status: () => {
      throw new Error("who knows");
    },
    metrics: {
      events_processed_total: () => 7,
      queue_depth: () => {
        throw new Error("no queue");
      },
      inflight: () => undefined,
      load_ratio: () => NaN,
      own_figure: () => 0,
    },
  });
  controller.start();
  await clock.advance(0);
  assertEquals(client.heartbeats, [{
    serviceId: "given-1",
    status: "UNHEALTHY",
    metrics: { events_processed_total: 7, own_figure: 0 },
  }]);
  await controller.stop();
});

Deno.test("a stop says STOPPING, unregisters, closes and leaves no timer", async () => {
  const { clock, client, controller } = controlled();
  controller.start();
  await clock.advance(0);
  client.calls.length = 0;
  await Promise.all([controller.stop(), controller.stop()]);
  assertEquals(client.calls, ["heartbeat given-1", "unregister given-1"]);
  assertEquals(client.heartbeats.at(-1)!.status, "STOPPING");
  assertEquals([client.closed, clock.pending, controller.details.state], [1, 0, "stopped"]);
});

Deno.test("a stop unregisters also where the last heartbeat is refused", async () => {
  const { clock, client, controller } = controlled();
  client.fail = (call) => call === "heartbeat" ? failure("RESOURCE_EXHAUSTED") : undefined;
  controller.start();
  await clock.advance(0);
  client.calls.length = 0;
  await controller.stop();
  assertEquals(client.calls, ["heartbeat given-1", "unregister given-1"]);
});

Deno.test("a stop waits a second at most for a control plane that hangs", async () => {
  const { clock, client, controller } = controlled();
  controller.start();
  await clock.advance(0);
  client.fail = () => "hang";
  let stopped = false;
  const stop = controller.stop().then(() => stopped = true);
  await clock.advance(GOODBYE_TIMEOUT_MS - 1);
  assertEquals(stopped, false);
  await clock.advance(1);
  await stop;
  assertEquals([client.closed, clock.pending], [1, 0]);
});

Deno.test("a stop before any control plane was found waits for nothing and asks nobody", async () => {
  const { clock, client, controller } = controlled();
  client.fail = () => failure("UNAVAILABLE");
  controller.start();
  await clock.advance(0);
  client.calls.length = 0;
  await controller.stop();
  assertEquals([client.calls, clock.pending], [[], 0]);
  await assertRejects(() => controller.registered(), DOMException, "the controller stops");
});

Deno.test("a registration that is on its way when the stop comes is taken back", async () => {
  const { clock, client, controller } = controlled({
    registration: { id: "feed-7", name: "feed", type: "SOURCE" },
  });
  client.fail = (call) => call === "register" ? "hang" : undefined;
  controller.start();
  await clock.advance(0);
  await controller.stop();
  assertEquals(client.calls, ["register feed-7", "heartbeat feed-7", "unregister feed-7"]);
});

Deno.test("a client that comes about only after the stop is closed", async () => {
  const { promise, resolve } = Promise.withResolvers<MemoryClient>();
  const { clock, controller } = controlled({ connect: () => promise });
  controller.start();
  await clock.advance(0);
  await controller.stop();
  const client = new MemoryClient();
  resolve(client);
  await clock.advance(0);
  assertEquals([client.closed, client.calls], [1, []]);
});

Deno.test("a client that takes longer to come about than a try may is used by the next one", async () => {
  const { promise, resolve } = Promise.withResolvers<MemoryClient>();
  let made = 0;
  const { clock, client, controller } = controlled({
    connect: () => {
      made++;
      return promise;
    },
  });
  controller.start();
  await clock.advance(2 * REGISTER_TIMEOUT_MS);
  assertEquals(controller.details.error, "DEADLINE_EXCEEDED: no answer within 10 s");
  resolve(client);
  await clock.advance(0);
  assertEquals([made, controller.isRegistered, client.registrations.length], [1, true, 1]);
  await controller.stop();
  assertEquals(client.closed, 1);
});

Deno.test("a controller that goes out of scope stops", async () => {
  const { clock, client, controller } = controlled();
  {
    await using scoped = controller;
    scoped.start();
    await clock.advance(0);
  }
  assertEquals([client.calls.at(-1), client.closed], ["unregister given-1", 1]);
});

Deno.test("a client that cannot be made is told as any other failure", async () => {
  const { clock, controller, warnings } = controlled({
    connect: () => Promise.reject(new TypeError("no such module")),
  });
  controller.start();
  await clock.advance(0);
  assertStringIncludes(controller.details.error!, "INTERNAL: no such module");
  assertEquals(warnings().length, 1);
  await controller.stop();
});

Deno.test("the metrics show whether the service is registered, and what was tried", async () => {
  const { clock, client, controller } = controlled();
  const metrics = new MetricsRegistry();
  addControllerMetrics(metrics, controller);
  const text = await metrics.text();
  assertStringIncludes(text, "flowctl_registered 0");
  client.fail = () => client.calls.length === 1 ? failure("UNAVAILABLE") : undefined;
  controller.start();
  await clock.advance(4_250);
  const later = await metrics.text();
  for (
    const line of [
      "flowctl_registered 1",
      "flowctl_last_heartbeat_age_seconds 4",
      'flowctl_registrations_total{result="ok"} 1',
      'flowctl_registrations_total{result="failed"} 1',
      'flowctl_heartbeats_total{result="ok"} 1',
      'flowctl_heartbeats_total{result="failed"} 0',
    ]
  ) assertStringIncludes(later, line);
  await controller.stop();
});
