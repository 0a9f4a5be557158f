import { assertEquals } from "@std/assert";
import { createLogger, FakeClock } from "../../component/mod.ts";
import { alertOf, KeptNotifier, serviceWith, snapshotAt, ToldMonitor } from "./_test_alerts.ts";
import { builtInAlertRules } from "./alert_rules.ts";
import { LogNotifier } from "./log_notifier.ts";
import { PipelineAlerts } from "./pipeline_alerts.ts";

/** Alerts of services that are under backpressure or not, looked at each five seconds. */
function watched() {
  const clock = new FakeClock();
  const monitor = new ToldMonitor();
  const notifier = new KeptNotifier();
  const rules = builtInAlertRules();
  const alerts = new PipelineAlerts({
    rules,
    monitor,
    clock,
    heartbeatMs: 10_000,
    notifiers: [notifier],
  });
  alerts.start();
  const look = async (active: Readonly<Record<string, number>>) => {
    const services = Object.entries(active).map(([id, value]) =>
      serviceWith(id, { backpressure_active: value })
    );
    monitor.see(snapshotAt(clock, services));
    await clock.advance(5_000);
  };
  const seconds = async (count: number, active: Readonly<Record<string, number>>) => {
    for (let gone = 0; gone < count; gone += 5) await look(active);
  };
  const told = () =>
    notifier.groups.map(({ rule, firing, resolved }) =>
      [
        rule.name,
        ...firing.map((each) => each.serviceId),
        "/",
        ...resolved.map((each) => each.serviceId),
      ]
        .join(" ")
    );
  return { alerts, clock, monitor, seconds, told };
}

Deno.test("a hundred services of one rule are one message", async () => {
  const { alerts, seconds, told } = watched();
  const all = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`s${at}`, 1]));
  await seconds(300, all);
  assertEquals(told().length, 1);
  assertEquals(told()[0]!.split(" ").length, 102);
  await alerts.stop();
});

Deno.test("what changes soon after a message waits for the group interval, and is then told at once", async () => {
  const { alerts, seconds, told } = watched();
  await seconds(5, { a: 1 });
  await seconds(30, { a: 1, b: 1 });
  assertEquals(told(), ["FlowctlBackpressure a /"]);
  await seconds(5, { a: 0, b: 1 });
  await seconds(10, { a: 0, b: 1 });
  assertEquals(told(), ["FlowctlBackpressure a /", "FlowctlBackpressure b / a"]);
  await seconds(60, { a: 0, b: 0 });
  assertEquals(told().slice(2), ["FlowctlBackpressure / b"]);
  await alerts.stop();
});

Deno.test("what still fires is told again after the repeat interval, and not in between", async () => {
  const { alerts, seconds, told } = watched();
  await seconds(4 * 3_600 + 25, { a: 1 });
  assertEquals(told(), ["FlowctlBackpressure a /"]);
  await seconds(60, { a: 1 });
  assertEquals(told(), ["FlowctlBackpressure a /", "FlowctlBackpressure a /"]);
  await alerts.stop();
});

Deno.test("listeners hear of each change, and of nothing after a stop", async () => {
  const { alerts, monitor, clock, seconds } = watched();
  const heard: string[] = [];
  alerts.onChange(({ alert }) => heard.push(alert.state));
  await seconds(35, { a: 1 });
  assertEquals([heard, alerts.left], [["pending", "firing"], 0]);
  await alerts.stop();
  monitor.see(snapshotAt(clock, []));
  assertEquals([heard, alerts.alerts[0]?.state], [["pending", "firing"], "firing"]);
});

Deno.test("a message is a record by its severity, with some of the services and what to do", () => {
  const lines: string[] = [];
  const log = createLogger({
    component: "flowctl",
    level: "info",
    format: "json",
    clock: new FakeClock(),
    write: (line) => lines.push(line),
  });
  const notifier = new LogNotifier(log);
  const many = Array.from(
    { length: 8 },
    (_, at) => alertOf("FlowctlHighLoad", { serviceId: `s${at}` }),
  );
  const { rule } = many[0]!;
  notifier.notify({ rule, firing: many, resolved: [] });
  notifier.notify({
    rule,
    firing: [],
    resolved: [alertOf("FlowctlHighLoad", { state: "resolved" })],
  });
  const critical = alertOf("FlowctlNoCommit", { value: 130 });
  notifier.notify({ rule: critical.rule, firing: [critical], resolved: [] });
  const [fires, over, bad] = lines.map((line) => JSON.parse(line));
  assertEquals([fires.level, fires.message, fires.alerts], [
    "warn",
    "An alert fires: FlowctlHighLoad",
    8,
  ]);
  assertEquals(fires.what.split("; ").length, 5);
  assertEquals(fires.what.split("; ")[0], "s0 is loaded to 90%, above 85% for 2m");
  assertEquals([over.level, over.services], ["info", "sink"]);
  assertEquals([bad.level, bad.what], [
    "error",
    "sink has committed nothing for 2m10s while ledgers wait, more than 2m",
  ]);
});
