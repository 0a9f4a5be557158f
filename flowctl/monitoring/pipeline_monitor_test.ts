import { assertEquals } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { service, source } from "../service/testing/mod.ts";
import { monitored, threeServices } from "./_test_pipeline.ts";
import { PipelineMonitor } from "./pipeline_monitor.ts";
import type { MonitorReading } from "./pipeline_snapshot.ts";
import { registryReader } from "./registry_reader.ts";

/** A monitor whose readings are given one after the other, the last one again and again. */
function monitorOf(...readings: (MonitorReading | Error)[]) {
  const clock = new FakeClock();
  const errors: string[] = [];
  let looks = 0;
  const monitor = new PipelineMonitor({
    clock,
    intervalMs: 5_000,
    read: () => {
      const reading = readings[Math.min(looks++, readings.length - 1)]!;
      return reading instanceof Error ? Promise.reject(reading) : Promise.resolve(reading);
    },
    onError: (error, where) => errors.push(`${where}: ${(error as Error).message}`),
  });
  return { monitor, clock, errors, looks: () => looks };
}

const reading = (problems: string[] = []): MonitorReading => ({
  services: threeServices(),
  problems,
});

Deno.test("a monitor looks at once and then at each interval, until it is stopped", async () => {
  const { monitor, clock, looks } = monitorOf(reading());
  assertEquals(monitor.latest.services, []);
  monitor.start();
  monitor.start();
  await clock.advance(0);
  assertEquals([looks(), monitor.latest.services.length], [1, 3]);
  await clock.advance(10_000);
  assertEquals([looks(), monitor.latest.timeMs], [3, clock.now()]);
  await monitor.stop();
  await clock.advance(10_000);
  monitor.start();
  assertEquals([looks(), clock.pending], [3, 0]);
});

Deno.test("a long interval is that of the history, while looks are not further apart than they may be", async () => {
  const clock = new FakeClock();
  let looks = 0;
  await using monitor = new PipelineMonitor({
    clock,
    intervalMs: 60_000,
    maxIntervalMs: 10_000,
    read: () => Promise.resolve(reading([`${looks++}`])),
  });
  monitor.start();
  for (let look = 0; look < 12; look++) await clock.advance(10_000);
  assertEquals([looks, monitor.history.stepMs], [13, 60_000]);
  assertEquals(monitor.history.points("last_heartbeat_age_ms", "sink").length, 3);
});

Deno.test("what could not be read is told, and the rest is used", async () => {
  const { monitor, errors } = monitorOf(reading(["sink gives no answer"]));
  const { problems, services } = await monitor.look();
  assertEquals([problems, services.length, errors], [["sink gives no answer"], 3, []]);
});

Deno.test("a look that fails leaves the services of before, which grow older", async () => {
  const { monitor, clock, errors } = monitorOf(
    {
      services: [monitored({ id: "a" }), monitored({ id: "b", lastHeartbeatAt: 0 })],
      problems: [],
    },
    new Error("away"),
  );
  await monitor.look();
  await clock.advance(5_000);
  const { services, problems, timeMs } = await monitor.look();
  assertEquals(services.map(({ lastHeartbeatAgeMs }) => lastHeartbeatAgeMs), [6_000, null]);
  assertEquals([problems, timeMs], [["the pipeline cannot be read: away"], clock.now()]);
  assertEquals(errors, ["the pipeline cannot be read: away"]);
  const ages = monitor.history.points("last_heartbeat_age_ms", "a");
  assertEquals(ages, [[clock.now() - 5_000, 1_000]]);
});

Deno.test("a look that takes too long is a problem, and the next one is made", async () => {
  const clock = new FakeClock();
  const aborted: boolean[] = [];
  const monitor = new PipelineMonitor({
    clock,
    intervalMs: 10_000,
    read: (signal) => {
      signal.addEventListener("abort", () => aborted.push(true));
      return new Promise(() => {});
    },
  });
  monitor.start();
  await clock.advance(5_000);
  assertEquals([monitor.latest.problems, aborted], [[
    "the pipeline cannot be read: no answer within 5 s",
  ], [true]]);
  await clock.advance(10_000);
  assertEquals(aborted.length, 2);
  await monitor.stop();
});

Deno.test("a stop ends a look that is on its way, and nobody hears of it", async () => {
  const clock = new FakeClock();
  const heard: number[] = [];
  const monitor = new PipelineMonitor({ clock, read: () => new Promise(() => {}) });
  monitor.onSnapshot(({ services }) => heard.push(services.length));
  monitor.start();
  await monitor.stop();
  assertEquals([heard, clock.pending, monitor.latest.problems], [[], 0, []]);
});

Deno.test("many changes cost one look, a moment later", async () => {
  const { monitor, clock, looks } = monitorOf(reading());
  monitor.lookSoon();
  monitor.start();
  await clock.advance(0);
  for (let change = 0; change < 1_000; change++) monitor.lookSoon();
  await clock.advance(99);
  assertEquals(looks(), 1);
  await clock.advance(1);
  assertEquals(looks(), 2);
  monitor.lookSoon();
  await monitor.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("listeners hear of each look, until they are taken off; one that throws hurts no other", async () => {
  const { monitor, errors } = monitorOf(reading());
  const heard: string[] = [];
  const off = monitor.onSnapshot(() => {
    heard.push("a");
    throw new Error("oh");
  });
  monitor.onSnapshot(() => heard.push("b"));
  await monitor.look();
  off();
  await monitor.look();
  assertEquals([heard, errors], [["a", "b", "b"], ["a listener of the monitor failed: oh"]]);
});

Deno.test("two looks at once are one", async () => {
  const { monitor, looks } = monitorOf(reading());
  await Promise.all([monitor.look(), monitor.look()]);
  assertEquals(looks(), 1);
});

Deno.test("a registry is read without asking anybody", async () => {
  const clock = new FakeClock();
  const known = service({ ...source, lastHeartbeatAt: clock.now() - 2_000 });
  const { services, problems } = await registryReader({ services: () => [known] }, clock)();
  assertEquals([services[0]!.id, services[0]!.lastHeartbeatAgeMs, problems], ["source", 2_000, []]);
});
