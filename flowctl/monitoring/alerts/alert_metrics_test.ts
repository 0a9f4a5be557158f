import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock, MetricsRegistry } from "../../component/mod.ts";
import { serviceWith, snapshotAt, ToldMonitor } from "./_test_alerts.ts";
import { addAlertMetrics } from "./alert_metrics.ts";
import { builtInAlertRules } from "./alert_rules.ts";
import { PipelineAlerts } from "./pipeline_alerts.ts";

Deno.test("alerts are counted by rule and state, and messages by what became of them", async () => {
  const clock = new FakeClock();
  const monitor = new ToldMonitor();
  const options = { rules: builtInAlertRules(), monitor, clock, heartbeatMs: 10_000 };
  const alerts = new PipelineAlerts({ ...options, notifiers: [], maxAlerts: 3 });
  const metrics = new MetricsRegistry();
  const counts = { sent: 0, retried: 2, dropped: 1 };
  addAlertMetrics(metrics, alerts, counts);
  alerts.start();
  const pipeline = ["a", "b", "c", "d"].map((id) => serviceWith(id, { backpressure_active: 1 }));
  for (let second = 0; second <= 30; second += 5) {
    monitor.see(snapshotAt(clock, pipeline));
    await clock.advance(5_000);
  }
  const text = await metrics.text();
  for (
    const line of [
      'flowctl_alerts{rule="FlowctlBackpressure",state="firing"} 3',
      'flowctl_alerts{rule="FlowctlBackpressure",state="pending"} 0',
      'flowctl_alerts{rule="FlowctlNoCommit",state="firing"} 0',
      "flowctl_alerts_not_tracked 1",
      'flowctl_service_heartbeats_missed{service_id="a"} 0.1',
      'flowctl_alert_messages_total{result="retried"} 2',
    ]
  ) assertStringIncludes(text, line);
  assertEquals(text.match(/^flowctl_alerts\{/gm)?.length, 6 * 3);
  await alerts.stop();
});
