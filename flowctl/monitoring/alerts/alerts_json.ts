import { type Alert, alertSummary, durationText } from "./alert.ts";
import type { AlertRule, AlertRules } from "./alert_rule.ts";

/** Alerts as `/api/alerts` tells them. */
export type AlertsJson = ReturnType<typeof alertsJson>;

/** All alerts, those that fire first, with the rules. */
export function alertsJson(alerts: readonly Alert[], rules: AlertRules, left: number) {
  const order = ["firing", "pending", "resolved"];
  const sorted = [...alerts].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return {
    alerts: sorted.map(alertJson),
    not_tracked: left,
    rules: rules.rules.map(ruleJson),
  };
}

/** One alert, as `event: alert` tells it too. */
export function alertJson(alert: Alert) {
  const { rule, state, serviceId, serviceType, value, since, firingSince, resolvedAt } = alert;
  return {
    rule: rule.name,
    severity: rule.severity,
    state,
    labels: { service_id: serviceId, service_type: serviceType },
    value,
    threshold: rule.threshold,
    since: timeText(since),
    firing_since: firingSince === null ? null : timeText(firingSince),
    resolved_at: resolvedAt === null ? null : timeText(resolvedAt),
    summary: alertSummary(alert),
    advice: rule.advice,
  };
}

function ruleJson(rule: AlertRule) {
  const { name, severity, figure, growthOverMs, side, threshold, resolve, forMs } = rule;
  const condition = rule.while;
  return {
    name,
    severity,
    figure,
    growth_over: growthOverMs === undefined ? null : durationText(growthOverMs),
    side,
    threshold,
    resolve,
    for: durationText(forMs),
    while: condition === undefined ? null : {
      figure: condition.figure,
      side: condition.side,
      threshold: condition.threshold,
      over: durationText(condition.overMs),
    },
    summary: rule.summary,
    advice: rule.advice,
  };
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
