/**
 * Alerts of a pipeline: rules declared once, judged at each look at the pipeline, told to the log,
 * to metrics and to a webhook, and exported for Prometheus.
 *
 * @module
 */
export {
  type Alert,
  ALERT_STATES,
  type AlertChange,
  type AlertState,
  alertSummary,
} from "./alert.ts";
export { AlertEvaluator, type AlertEvaluatorOptions, MAX_ALERTS } from "./alert_evaluator.ts";
export {
  ALERT_FIGURE_NAMES,
  type AlertFigure,
  alertFigure,
  type AlertFigureName,
  type AlertUnit,
  type FigureContext,
  type PrometheusFigure,
} from "./alert_figures.ts";
export { type AlertGroup, AlertGroups, type AlertNotifier } from "./alert_groups.ts";
export { addAlertMetrics, ALERT_METRICS } from "./alert_metrics.ts";
export {
  ALERT_SEVERITIES,
  type AlertRule,
  type AlertRules,
  type AlertSeverity,
  type AlertSide,
  type AlertWhile,
} from "./alert_rule.ts";
export { builtInAlertRules, MAX_ALERT_RULES, parseAlertRules } from "./alert_rules.ts";
export { alertJson, type AlertsJson, alertsJson } from "./alerts_json.ts";
export { LogNotifier } from "./log_notifier.ts";
export {
  type AlertListener,
  PipelineAlerts,
  type PipelineAlertsOptions,
} from "./pipeline_alerts.ts";
export { prometheusRules, ruleMeasure } from "./prometheus_rules.ts";
export { type WebhookAlert, type WebhookMessage, webhookMessage } from "./webhook_message.ts";
export { WebhookTarget } from "./webhook_target.ts";
export { type WebhookCounts, WebhookNotifier, type WebhookOptions } from "./webhook_notifier.ts";
