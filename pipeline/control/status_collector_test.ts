import { assertEquals } from "@std/assert";
import { FakeClock } from "../../flowctl/mod.ts";
import type { ComponentSnapshot } from "../supervision/mod.ts";
import { StatusCollector } from "./status_collector.ts";

function snapshot(events: number, extra: Partial<ComponentSnapshot> = {}): ComponentSnapshot {
  return {
    component: "arrow-analytics-sink",
    state: "healthy",
    pid: 5,
    startedAtMs: 0,
    restarts: 1,
    ports: { flight: 1 },
    reply: {
      code: 200,
      answer: {
        status: "healthy",
        component: "arrow-analytics-sink",
        version: "1.0.0",
        uptime_seconds: 3,
        rss_bytes: 1024,
        ports: {},
        progress: { ledger: 90, tip: 100, ledgers_total: events / 10, events_total: events },
        details: {},
      },
    },
    ...extra,
  };
}

Deno.test("a status has the rates of the last looks, the lag, the uptime and what is wrong", async () => {
  const clock = new FakeClock();
  let now = snapshot(0);
  using collector = new StatusCollector(() => [now], () => "sink", clock);
  collector.start();
  await clock.advance(1_000);
  now = snapshot(500);
  await clock.advance(1_000);
  const [sink] = collector.components();
  assertEquals(sink, {
    name: "sink",
    component: "arrow-analytics-sink",
    pid: 5,
    state: "healthy",
    uptime_seconds: 2,
    restarts: 1,
    ports: { flight: 1 },
    ledger: 90,
    tip: 100,
    lag_ledgers: 10,
    ledgers_per_second: 50,
    events_per_second: 500,
    rss_bytes: 1024,
    reason: null,
  });
  collector.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("of a component that is down its last progress is told, but no process, rate or memory", () => {
  for (const state of ["restarting", "stopped", "failed", "finished"] as const) {
    const down = snapshot(500, { state, lastEnd: "was ended by SIGKILL" });
    const collector = new StatusCollector(() => [down], () => "sink", new FakeClock());
    const [sink] = collector.components();
    assertEquals(
      [sink!.pid, sink!.uptime_seconds, sink!.events_per_second, sink!.rss_bytes],
      [null, null, null, null],
      state,
    );
    assertEquals([sink!.ledger, sink!.reason], [90, "was ended by SIGKILL"]);
  }
});

Deno.test("of a component that gives no answer what it reached is told, and no figures of before", async () => {
  const clock = new FakeClock();
  let now = snapshot(0);
  using collector = new StatusCollector(() => [now], () => "sink", clock);
  collector.start();
  await clock.advance(1_000);
  now = snapshot(500);
  await clock.advance(1_000);
  const { answer } = now.reply!;
  now = snapshot(500, {
    state: "unhealthy",
    reply: { code: undefined, answer, error: "no answer within 2 s" },
  });
  const [sink] = collector.components();
  assertEquals([sink!.pid, sink!.ledger, sink!.tip], [5, 90, 100]);
  assertEquals(
    [sink!.lag_ledgers, sink!.ledgers_per_second, sink!.events_per_second, sink!.rss_bytes],
    [null, null, null, null],
  );
  assertEquals(sink!.reason, "gives no answer: no answer within 2 s");
});
