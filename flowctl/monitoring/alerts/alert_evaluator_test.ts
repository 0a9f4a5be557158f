import { assertEquals } from "@std/assert";
import { monitoredService } from "../monitored_service.ts";
import { service } from "../../service/testing/mod.ts";
import { alertSummary } from "./alert.ts";
import { builtIn, serviceWith, Watch } from "./_test_alerts.ts";

const LOAD = [builtIn("FlowctlHighLoad")];

Deno.test("a load above 0.85 is pending at once, fires after 2 m, and is over below 0.75", async () => {
  const watch = new Watch(LOAD);
  await watch.until(125, () => [serviceWith("sink", { load_ratio: 0.86 })]);
  assertEquals(watch.said, [
    "0 FlowctlHighLoad sink inactive pending",
    "120 FlowctlHighLoad sink pending firing",
  ]);
  // Between both thresholds it goes on.
  await watch.until(200, () => [serviceWith("sink", { load_ratio: 0.8 })]);
  assertEquals(watch.said.length, 2);
  await watch.until(205, () => [serviceWith("sink", { load_ratio: 0.75 })]);
  assertEquals(watch.said.at(-1), "205 FlowctlHighLoad sink firing resolved");
  assertEquals(watch.evaluator.alerts.map(({ state, value }) => [state, value]), [
    ["resolved", 0.75],
  ]);
});

Deno.test("a load of exactly 0.85, or one that falls before its time, is no alert", async () => {
  const watch = new Watch(LOAD);
  await watch.until(300, () => [serviceWith("sink", { load_ratio: 0.85 })]);
  assertEquals(watch.said, []);
  await watch.until(415, () => [serviceWith("sink", { load_ratio: 0.9 })]);
  await watch.until(600, () => [serviceWith("sink", { load_ratio: 0.8 })]);
  assertEquals(watch.said, ["305 FlowctlHighLoad sink inactive pending"]);
  assertEquals(watch.evaluator.alerts, []);
});

Deno.test("backpressure fires after 30 s", async () => {
  const watch = new Watch([builtIn("FlowctlBackpressure")]);
  await watch.until(60, () => [serviceWith("sink", { backpressure_active: 1 })]);
  await watch.until(65, () => [serviceWith("sink", { backpressure_active: 0 })]);
  assertEquals(watch.said, [
    "0 FlowctlBackpressure sink inactive pending",
    "30 FlowctlBackpressure sink pending firing",
    "65 FlowctlBackpressure sink firing resolved",
  ]);
});

Deno.test("a pending alert says for how long it has been so, and one that fires for how long at least", async () => {
  const watch = new Watch([builtIn("FlowctlBackpressure")]);
  const said = () => watch.evaluator.alerts.map(alertSummary);
  const on = () => [serviceWith("sink", { backpressure_active: 1 })];
  await watch.until(0, on);
  assertEquals(said(), ["sink has asked for less than comes for 0s"]);
  await watch.until(10, on);
  assertEquals(said(), ["sink has asked for less than comes for 10s"]);
  await watch.until(65, on);
  assertEquals(said(), ["sink has asked for less than comes for 30s"]);
});

Deno.test("a pool with less than half of its connections healthy fires after 1 m, until three quarters are", async () => {
  const watch = new Watch([builtIn("FlowctlPoolUnhealthy")]);
  const pool = (healthy: number) => [serviceWith("sink", { pool_total: 8, pool_healthy: healthy })];
  await watch.until(60, () => pool(4));
  assertEquals(watch.said, []);
  await watch.until(130, () => pool(3));
  await watch.until(140, () => pool(5));
  await watch.until(145, () => pool(6));
  // A pool that has no connection at all says nothing.
  await watch.until(300, () => [serviceWith("sink", { pool_total: 0, pool_healthy: 0 })]);
  assertEquals(watch.said, [
    "65 FlowctlPoolUnhealthy sink inactive pending",
    "125 FlowctlPoolUnhealthy sink pending firing",
    "145 FlowctlPoolUnhealthy sink firing resolved",
  ]);
});

/** A service that was heard of so long before now. */
function silentFor(seconds: number, metadata: Record<string, string> = {}) {
  const now = Date.UTC(2025, 0, 1);
  const known = service({ id: "sink", lastHeartbeatAt: now - seconds * 1000, metadata });
  return [monitoredService(known, now)];
}

Deno.test("more than three missed heartbeats fire at once, by the interval that the service tells", async () => {
  const watch = new Watch([builtIn("FlowctlHeartbeatMissed")]);
  await watch.until(100, () => silentFor(1));
  await watch.until(130, (second) => silentFor(second - 100));
  assertEquals(watch.said, []);
  await watch.until(135, (second) => silentFor(second - 100));
  await watch.until(140, () => silentFor(2));
  assertEquals(watch.said, [
    "135 FlowctlHeartbeatMissed sink inactive firing",
    "140 FlowctlHeartbeatMissed sink firing resolved",
  ]);

  const quick = new Watch([builtIn("FlowctlHeartbeatMissed")]);
  await quick.until(100, () => silentFor(1));
  await quick.until(120, (second) => silentFor(second - 100, { heartbeat_interval_seconds: "4" }));
  assertEquals(quick.said, ["115 FlowctlHeartbeatMissed sink inactive firing"]);
});

Deno.test("what was missed before the first look does not count: a control plane that was away heard of nobody", async () => {
  const watch = new Watch([builtIn("FlowctlHeartbeatMissed")]);
  await watch.until(30, (second) => silentFor(3_600 + second));
  assertEquals(watch.said, []);
  await watch.until(35, (second) => silentFor(3_600 + second));
  assertEquals(watch.said, ["35 FlowctlHeartbeatMissed sink inactive firing"]);
});

Deno.test("a lag that grows for 5 m fires, also where it goes up and down meanwhile", async () => {
  const watch = new Watch([builtIn("FlowctlLagGrowing")]);
  // For ten minutes all is well; then the sink commits half of what comes in half a minute.
  const lag = (second: number) => {
    const slow = Math.max(0, Math.floor(second / 30) - 20) * 3;
    return Math.floor(second % 30 / 5) + slow;
  };
  const look = (second: number) => [serviceWith("sink", { ledgers_behind_tip: lag(second) })];
  await watch.until(600, look);
  assertEquals(watch.said, []);
  await watch.until(1_200, look);
  const [pending, firing, ...more] = watch.said;
  assertEquals(pending, "840 FlowctlLagGrowing sink inactive pending");
  // 5 m after the last commit that was enough, at 600.
  assertEquals(firing, "900 FlowctlLagGrowing sink pending firing");
  assertEquals(more, []);
  // It catches up.
  await watch.until(1_205, () => [serviceWith("sink", { ledgers_behind_tip: 3 })]);
  assertEquals(watch.said.at(-1), "1205 FlowctlLagGrowing sink firing resolved");
});

Deno.test("a lag that stands still where it is ends the alert, and does not begin one", async () => {
  const watch = new Watch([builtIn("FlowctlLagGrowing")]);
  const lag = (second: number) => Math.min(second, 400);
  await watch.until(900, (second) => [serviceWith("sink", { ledgers_behind_tip: lag(second) })]);
  const states = watch.said.map((line) => line.split(" ").at(-1));
  assertEquals(states, ["pending", "firing", "resolved"]);
});

Deno.test("a lag that goes up and down with each commit at the tip is not even pending", async () => {
  const watch = new Watch([builtIn("FlowctlLagGrowing")]);
  // Commits each 31 s, and heartbeats that see the least lag at one moment or another.
  const lag = (second: number) => Math.floor(second % 31 / 5);
  await watch.until(3_600, (second) => [serviceWith("sink", { ledgers_behind_tip: lag(second) })]);
  assertEquals(watch.said, []);
});

Deno.test("catching up with history, in bursts, is no growth of the lag", async () => {
  const watch = new Watch([builtIn("FlowctlLagGrowing")]);
  // 12 ledgers a minute come; 600 are read in a minute, and stored at its end.
  const lag = (second: number) => 20_000 + Math.floor(second / 5) - Math.floor(second / 60) * 600;
  await watch.until(1_800, (second) => [serviceWith("sink", { ledgers_behind_tip: lag(second) })]);
  assertEquals(watch.said, []);
});

Deno.test("no commit for 2 m fires while ledgers wait, and not while none does", async () => {
  const watch = new Watch([builtIn("FlowctlNoCommit")]);
  const sink = (age: number, lag: number) =>
    serviceWith("sink", { commit_age_seconds: age, ledgers_behind_tip: lag });
  // An hour without any ledger, then one that is not committed.
  await watch.until(60, (second) => [sink(3_600 + second, 0)]);
  await watch.until(190, (second) => [sink(3_600 + second, 1)]);
  assertEquals(watch.said, ["185 FlowctlNoCommit sink inactive firing"]);
  await watch.until(195, () => [sink(1, 0)]);
  assertEquals(watch.said.at(-1), "195 FlowctlNoCommit sink firing resolved");

  const stuck = new Watch([builtIn("FlowctlNoCommit")]);
  await stuck.until(130, (second) => [sink(second, 5)]);
  assertEquals(stuck.said, ["125 FlowctlNoCommit sink inactive firing"]);
});

Deno.test("an alert outlives a value that is not known for a while, and ends when nobody can tell any more", async () => {
  const watch = new Watch(LOAD);
  await watch.until(120, () => [serviceWith("sink", { load_ratio: 0.9 })]);
  await watch.until(415, () => [serviceWith("sink")]);
  assertEquals(watch.said.at(-1), "120 FlowctlHighLoad sink pending firing");
  await watch.until(425, () => [serviceWith("sink")]);
  assertEquals(watch.said.at(-1), "420 FlowctlHighLoad sink firing resolved");
});

Deno.test("the figures of a service that has fallen silent are not judged by", async () => {
  const watch = new Watch(LOAD);
  const old = { lastHeartbeatAt: Date.UTC(2025, 0, 1) - 31_000 };
  await watch.until(300, () => [serviceWith("sink", { load_ratio: 0.9 }, old)]);
  assertEquals(watch.said, []);
});

Deno.test("a pending alert of a service that is gone is forgotten, one that fires is resolved", async () => {
  const watch = new Watch(LOAD);
  await watch.until(60, () => [serviceWith("a", { load_ratio: 0.9 })]);
  await watch.until(120, () => [
    serviceWith("a", { load_ratio: 0.9 }),
    serviceWith("b", { load_ratio: 0.9 }),
  ]);
  await watch.look();
  assertEquals(watch.said.at(-1), "125 FlowctlHighLoad a firing resolved");
  assertEquals(watch.evaluator.alerts.map(({ serviceId }) => serviceId), ["a"]);
});

Deno.test("a resolved alert is shown for 15 m, and begins anew when its condition does", async () => {
  const watch = new Watch([builtIn("FlowctlBackpressure")]);
  const on = () => [serviceWith("sink", { backpressure_active: 1 })];
  const off = () => [serviceWith("sink", { backpressure_active: 0 })];
  await watch.until(30, on);
  await watch.until(40, off);
  await watch.until(70, on);
  await watch.until(75, on);
  await watch.until(80, off);
  assertEquals(watch.said.slice(2), [
    "35 FlowctlBackpressure sink firing resolved",
    "45 FlowctlBackpressure sink resolved pending",
    "75 FlowctlBackpressure sink pending firing",
    "80 FlowctlBackpressure sink firing resolved",
  ]);
  await watch.until(80 + 895, off);
  assertEquals(watch.evaluator.alerts.length, 1);
  await watch.until(80 + 900, off);
  assertEquals(watch.evaluator.alerts, []);
});

Deno.test("alerts are bounded: those beyond are counted, and what has ended makes room", async () => {
  const watch = new Watch([builtIn("FlowctlBackpressure")], 10);
  const all = (count: number, active: number) =>
    Array.from(
      { length: count },
      (_, at) => serviceWith(`s${at}`, { backpressure_active: at < 10 ? active : 1 }),
    );
  await watch.until(30, () => all(25, 1));
  assertEquals([watch.evaluator.alerts.length, watch.evaluator.left], [10, 15]);
  await watch.look(...all(25, 0));
  await watch.look(...all(25, 0));
  const states = watch.evaluator.alerts.map(({ state }) => state);
  assertEquals([states.length, new Set(states), watch.evaluator.left], [
    10,
    new Set(["pending"]),
    5,
  ]);
});

Deno.test("a pending alert that is not known any more does not fire by time alone", async () => {
  const watch = new Watch(LOAD);
  await watch.until(60, () => [serviceWith("sink", { load_ratio: 0.9 })]);
  await watch.until(200, () => [serviceWith("sink")]);
  assertEquals(watch.said, ["0 FlowctlHighLoad sink inactive pending"]);
});
