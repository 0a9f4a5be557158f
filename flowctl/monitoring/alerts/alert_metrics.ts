import {
  addDeclaredMetrics,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../../component/mod.ts";
import { MAX_SHOWN_SERVICES } from "../metrics/mod.ts";
import { ALERT_STATES } from "./alert.ts";
import { MAX_ALERT_RULES } from "./alert_rules.ts";
import type { PipelineAlerts } from "./pipeline_alerts.ts";
import type { WebhookCounts } from "./webhook_notifier.ts";

const RESULTS = ["sent", "retried", "dropped"] as const;

/** What a control plane shows of its alerts. */
export const ALERT_METRICS = {
  alerts: {
    name: "flowctl_alerts",
    type: "gauge",
    unit: "alerts",
    help: "Alerts by rule and state; one that has ended counts as resolved for 15 minutes.",
    worry: "One fires: the alert says what to do.",
    labels: {
      rule: { atMost: MAX_ALERT_RULES, of: "name of an alert rule" },
      state: ALERT_STATES,
    },
  },
  notTracked: {
    name: "flowctl_alerts_not_tracked",
    type: "gauge",
    unit: "alerts",
    help: "Conditions of alerts that held at the last look and for which there was no more room.",
    worry: "It is above 0: something is wrong with all services.",
  },
  messages: {
    name: "flowctl_alert_messages_total",
    type: "counter",
    unit: "messages",
    help:
      "Messages to ALERT_WEBHOOK_URL that were sent or dropped, and tries that were made again.",
    worry: "The dropped ones grow: the receiver is away for minutes, or refuses them.",
    labels: { result: RESULTS },
  },
  heartbeatsMissed: {
    name: "flowctl_service_heartbeats_missed",
    type: "gauge",
    unit: "intervals",
    help: "Heartbeat intervals since a service was heard of last, but not before the start.",
    worry: "It is above 3: the process is gone, or does not reach the control plane.",
    labels: { service_id: { atMost: MAX_SHOWN_SERVICES, of: "id of a service" } },
  },
} as const satisfies MetricDeclarations;

/** Adds the metrics of alerts, which are read at the scrape. */
export function addAlertMetrics(
  metrics: MetricsRegistry,
  alerts: PipelineAlerts,
  counts: Readonly<WebhookCounts>,
): void {
  const rules = alerts.rules.rules.map(({ name }) => name);
  addDeclaredMetrics(metrics, ALERT_METRICS, {
    alerts: () => {
      const counts = new Map<string, number>();
      for (const { rule, state } of alerts.alerts) {
        const key = `${rule.name} ${state}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return rules.flatMap((rule) =>
        ALERT_STATES.map((state) => ({
          value: counts.get(`${rule} ${state}`) ?? 0,
          labels: { rule, state },
        }))
      );
    },
    notTracked: () => alerts.left,
    messages: () => RESULTS.map((result) => ({ value: counts[result], labels: { result } })),
    heartbeatsMissed: () =>
      alerts.figures("heartbeats_missed").map(([service_id, value]) => ({
        value,
        labels: { service_id },
      })),
  });
}
