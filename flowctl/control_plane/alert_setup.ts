import type { ComponentContext } from "../component/mod.ts";
import { ConfigError, DeclarationError } from "../config/mod.ts";
import {
  type AlertNotifier,
  type AlertRules,
  builtInAlertRules,
  LogNotifier,
  parseAlertRules,
  type PipelineAlertsOptions,
  type WebhookCounts,
  WebhookNotifier,
} from "../monitoring/mod.ts";

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
export async function alertSetup(context: ComponentContext): Promise<AlertSetup> {
  const { config, log } = context;
  const webhook = openWebhook(context);
  const notifiers: AlertNotifier[] = [new LogNotifier(log)];
  if (webhook !== undefined) notifiers.push(webhook);
  return {
    rules: await readAlertRules(config),
    heartbeatMs: config.durationMs("HEARTBEAT_TTL") / BEATS_WITHIN_TTL,
    notifiers,
    counts: webhook?.counts ?? { sent: 0, retried: 0, dropped: 0 },
  };
}

function openWebhook({ config, log, clock }: ComponentContext): WebhookNotifier | undefined {
  const url = config.optionalString("ALERT_WEBHOOK_URL");
  if (url === undefined) return undefined;
  try {
    return new WebhookNotifier({ url, clock, log });
  } catch {
    // What was thrown would tell the URL.
    throw new ConfigError(config.component, [{
      variable: "ALERT_WEBHOOK_URL",
      value: config.shown("ALERT_WEBHOOK_URL"),
      origin: config.origin("ALERT_WEBHOOK_URL"),
      rule: "must be a URL whose port is at most 65535 and whose password is percent-encoded",
      example: "ALERT_WEBHOOK_URL=https://alerts.example.com/hook",
    }]);
  }
}

/**
 * The rules of the file that ALERT_RULES_PATH names, else the built-in ones.
 *
 * @throws {ConfigError} for a file that cannot be read or has mistakes
 */
export async function readAlertRules(config: ComponentContext["config"]): Promise<AlertRules> {
  const path = config.optionalString("ALERT_RULES_PATH");
  if (path === undefined) return builtInAlertRules();
  try {
    return parseAlertRules(await Deno.readTextFile(path), path);
  } catch (error) {
    throw new ConfigError(config.component, [{
      variable: "ALERT_RULES_PATH",
      value: path,
      origin: config.origin("ALERT_RULES_PATH"),
      rule: error instanceof DeclarationError
        ? `must name a file of alert rules: ${error.problems.join("; ")}`
        : `must name a file that can be read: ${error instanceof Error ? error.message : error}`,
      example: "ALERT_RULES_PATH=./alert_rules.yaml",
    }]);
  }
}
