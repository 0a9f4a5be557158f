import {
  ConfigError,
  type ConfigProblem,
  DeclarationError,
  type ResolvedConfig,
} from "../config/mod.ts";
import {
  type AlertRules,
  builtInAlertRules,
  parseAlertRules,
  WebhookTarget,
} from "../monitoring/mod.ts";

/** By what alerts are judged and where they are posted, as the variables of a control plane say. */
export interface AlertConfiguration {
  readonly rules: AlertRules;
  /** A URL that can be posted to; absent where none is wanted. */
  readonly webhookUrl?: string;
}

/**
 * Reads what the variables of alerts name, which their declaration alone cannot check.
 *
 * @throws {ConfigError} for a file of rules that cannot be read or has mistakes, and for a URL that is
 * none
 */
export async function alertConfiguration(config: ResolvedConfig): Promise<AlertConfiguration> {
  const problems: ConfigProblem[] = [];
  const rules = await readRules(config, problems);
  const webhookUrl = config.optionalString("ALERT_WEBHOOK_URL");
  if (webhookUrl !== undefined) checkUrl(webhookUrl, config, problems);
  if (problems.length > 0) throw new ConfigError(config.component, problems);
  return { rules, ...(webhookUrl === undefined ? {} : { webhookUrl }) };
}

async function readRules(config: ResolvedConfig, problems: ConfigProblem[]): Promise<AlertRules> {
  const path = config.optionalString("ALERT_RULES_PATH");
  if (path === undefined) return builtInAlertRules();
  try {
    return parseAlertRules(await Deno.readTextFile(path), path);
  } catch (error) {
    problems.push({
      variable: "ALERT_RULES_PATH",
      value: path,
      origin: config.origin("ALERT_RULES_PATH"),
      rule: error instanceof DeclarationError
        ? `must name a file of alert rules: ${error.problems.join("; ")}`
        : `must name a file that can be read: ${error instanceof Error ? error.message : error}`,
      example: "ALERT_RULES_PATH=./alert_rules.yaml",
    });
    return builtInAlertRules();
  }
}

function checkUrl(url: string, config: ResolvedConfig, problems: ConfigProblem[]): void {
  try {
    new WebhookTarget(url);
  } catch {
    // What was thrown would tell the URL.
    problems.push({
      variable: "ALERT_WEBHOOK_URL",
      value: config.shown("ALERT_WEBHOOK_URL"),
      origin: config.origin("ALERT_WEBHOOK_URL"),
      rule: "must be a URL whose port is at most 65535 and whose password is percent-encoded",
      example: "ALERT_WEBHOOK_URL=https://alerts.example.com/hook",
    });
  }
}
