import { type Alert, alertSummary } from "./alert.ts";
import type { AlertGroup } from "./alert_groups.ts";

/** Alerts in one message at most, those that fire first; the rest is counted. */
export const MAX_MESSAGE_ALERTS = 100;

/** Stands for the end of an alert that still fires, as Go writes no time. */
const NO_TIME = "0001-01-01T00:00:00Z";

/** One alert of a message. */
export interface WebhookAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** What is posted: the form of Prometheus Alertmanager's webhook, version 4. */
export interface WebhookMessage {
  readonly version: "4";
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: "firing" | "resolved";
  readonly receiver: "flowctl";
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string;
  readonly alerts: readonly WebhookAlert[];
}

/** A group in the form of Alertmanager, which existing receivers read. */
export function webhookMessage({ rule, firing, resolved }: AlertGroup): WebhookMessage {
  const all = [...firing, ...resolved];
  const alerts = all.slice(0, MAX_MESSAGE_ALERTS).map(webhookAlert);
  return {
    version: "4",
    groupKey: `{}:{alertname="${rule.name}"}`,
    truncatedAlerts: all.length - alerts.length,
    status: firing.length > 0 ? "firing" : "resolved",
    receiver: "flowctl",
    groupLabels: { alertname: rule.name },
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: "",
    alerts,
  };
}

/** What an alert is known by elsewhere. */
export function alertLabels({ rule, serviceId, serviceType }: Alert): Record<string, string> {
  return {
    alertname: rule.name,
    service_id: serviceId,
    service_type: serviceType,
    severity: rule.severity,
  };
}

function webhookAlert(alert: Alert): WebhookAlert {
  const { firingSince, resolvedAt, since, rule } = alert;
  const labels = alertLabels(alert);
  return {
    status: resolvedAt === null ? "firing" : "resolved",
    labels,
    annotations: { summary: alertSummary(alert), description: rule.advice },
    startsAt: new Date(firingSince ?? since).toISOString(),
    endsAt: resolvedAt === null ? NO_TIME : new Date(resolvedAt).toISOString(),
    generatorURL: "",
    fingerprint: fingerprint(labels),
  };
}

/** What all of some mappings say alike. */
function common(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((each) => each[name] === value)),
  );
}

/** The same 16 digits for the same labels, by which receivers join firing and resolved: FNV-1a. */
function fingerprint(labels: Readonly<Record<string, string>>): string {
  const text = Object.keys(labels).sort().map((name) => `${name}\xff${labels[name]}\xff`).join("");
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
