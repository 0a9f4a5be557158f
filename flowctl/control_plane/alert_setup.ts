import type { ComponentContext } from "../component/mod.ts";
import {
  type AlertNotifier,
  LogNotifier,
  type PipelineAlertsOptions,
  type WebhookCounts,
  WebhookNotifier,
} from "../monitoring/mod.ts";
import { alertConfiguration } from "./alert_configuration.ts";

/** Heartbeats that a service may miss within HEARTBEAT_TTL. */
const BEATS_WITHIN_TTL = 3;

/** By what and to whom a control plane tells alerts, as its variables say. */
export interface AlertSetup extends Omit<PipelineAlertsOptions, "monitor" | "clock"> {
  /** What became of the messages to the webhook. */
  readonly counts: Readonly<WebhookCounts>;
}

/**
 * Opens the rules, the log and the webhook of a control plane's alerts.
 *
 * @throws {ConfigError} for a file of rules that cannot be read or has mistakes, and for a URL that is
 * none
 */
export async function alertSetup({ config, log, clock }: ComponentContext): Promise<AlertSetup> {
  const { rules, webhookUrl: url } = await alertConfiguration(config);
  const webhook = url === undefined ? undefined : new WebhookNotifier({ url, clock, log });
  const notifiers: AlertNotifier[] = [new LogNotifier(log)];
  if (webhook !== undefined) notifiers.push(webhook);
  return {
    rules,
    heartbeatMs: config.durationMs("HEARTBEAT_TTL") / BEATS_WITHIN_TTL,
    notifiers,
    counts: webhook?.counts ?? { sent: 0, retried: 0, dropped: 0 },
  };
}
