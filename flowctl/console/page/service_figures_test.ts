import { assertEquals } from "@std/assert";
import { testService } from "./_test_snapshot.ts";
import {
  backpressureText,
  figureGroups,
  flowText,
  shortFlowText,
  webAddress,
} from "./service_figures.ts";

Deno.test("each figure that a service tells is shown, and a dash for each that it does not", () => {
  const figures = (service: ReturnType<typeof testService>) =>
    figureGroups(service).flatMap((group) => group.figures);
  const silent = figures(testService({ id: "a" }));
  assertEquals([...new Set(silent.map(({ text }) => text))], ["–"]);
  const full = testService({
    id: "a",
    last_heartbeat_age_ms: 1_000,
    events_per_second: 12.4,
    events_total: 1_000,
    latency_ms: 3,
    load_ratio: 0.5,
    queue_depth: 4,
    error_rate: 0,
    errors_total: 0,
    throttle_rate: 0.4,
    backpressure_active: true,
    inflight: 500,
    max_inflight: 1_000,
    last_ledger: 59_000_000,
    ledgers_behind_tip: 2,
    lag_seconds: 7,
    commit_age_seconds: 30,
    memory_bytes: 1024 * 1024,
    uptime_seconds: 61,
    pool: { total: 4, healthy: 3, idle: 1, busy: 3, waiting: 0 },
  });
  assertEquals(figures(full).map(({ text }) => text), [
    ..."12/s,1|000,3.0 ms,0 %,0,50 %,on,40 %,500 of 1|000,4,59000000,2,7s,30s,1s,1m 1s,1.0 MiB,4,3,3,1,0"
      .split(",").map((text) => text.replace("|", ",")),
  ]);
});

Deno.test("backpressure and pace are told in a few words", () => {
  const text = (backpressure_active: boolean | null, throttle_rate: number | null) =>
    flowText(testService({ id: "a", backpressure_active, throttle_rate }));
  assertEquals([text(null, null), text(false, 1), text(false, null), text(null, 1)], [
    "–",
    "full pace",
    "full pace",
    "full pace",
  ]);
  assertEquals([text(true, 0.4), text(true, 1), text(false, 0.7)], [
    "backpressure, 40 % pace",
    "backpressure",
    "70 % pace",
  ]);
  const short = (backpressure_active: boolean, throttle_rate: number) =>
    shortFlowText(testService({ id: "a", backpressure_active, throttle_rate }));
  assertEquals([short(true, 0.4), short(true, 1), short(false, 0.7)], [
    "backpressure, 40 %",
    "backpressure",
    "70 % pace",
  ]);
  assertEquals(backpressureText(testService({ id: "a", backpressure_active: false })), "off");
});

Deno.test("only addresses of the web become links", () => {
  assertEquals(webAddress("http://127.0.0.1:8088/health"), "http://127.0.0.1:8088/health");
  const odd = ["javascript:alert(1)", "data:text/html,x", "127.0.0.1:80", "", "JavaScript:x", null];
  assertEquals(odd.map(webAddress), odd.map(() => undefined));
});
