import type { Clock } from "../../component/mod.ts";
import type { Alert, AlertChange } from "./alert.ts";
import type { AlertRule, AlertRules } from "./alert_rule.ts";

/** What is to be told of one rule at once. */
export interface AlertGroup {
  readonly rule: AlertRule;
  /** All alerts that fire. */
  readonly firing: readonly Alert[];
  /** Those that have ended since the group was told last. */
  readonly resolved: readonly Alert[];
}

/** Where messages about alerts go. */
export interface AlertNotifier {
  /** Takes a group; must be quick and does not throw. */
  notify(group: AlertGroup): void;
  /** Sends no more. */
  stop?(): Promise<void>;
}

/** What is known of the messages about one rule. */
interface Told {
  at: number | undefined;
  hasChanged: boolean;
  readonly resolved: Map<string, Alert>;
}

/**
 * Decides when a rule is to be told of: as soon as an alert of it fires or ends, but not more often than
 * the group interval, and again after the repeat interval while one still fires. So a rule that holds
 * for a hundred services is one message, and one that flutters is few.
 */
export class AlertGroups {
  readonly #rules: AlertRules;
  readonly #clock: Clock;
  readonly #told: Map<AlertRule, Told>;

  /** Has told nothing yet. */
  constructor(rules: AlertRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#told = new Map(
      rules.rules.map((rule) => [rule, { at: undefined, hasChanged: false, resolved: new Map() }]),
    );
  }

  /** Takes all alerts and what has changed at a look; answers what is to be told now. */
  due(alerts: readonly Alert[], changes: readonly AlertChange[]): AlertGroup[] {
    for (const { alert } of changes) this.#note(alert);
    const now = this.#clock.monotonic();
    const groups: AlertGroup[] = [];
    for (const [rule, told] of this.#told) {
      const age = told.at === undefined ? Infinity : now - told.at;
      if (age < this.#rules.groupIntervalMs) continue;
      const isRepeat = told.at !== undefined && age >= this.#rules.repeatIntervalMs;
      if (!told.hasChanged && !isRepeat) continue;
      const firing = alerts.filter((alert) => alert.rule === rule && alert.state === "firing");
      const resolved = [...told.resolved.values()];
      told.hasChanged = false;
      told.resolved.clear();
      told.at = firing.length + resolved.length > 0 ? now : undefined;
      if (told.at !== undefined) groups.push({ rule, firing, resolved });
    }
    return groups;
  }

  #note(alert: Alert): void {
    const told = this.#told.get(alert.rule);
    if (told === undefined || alert.state === "pending") return;
    told.hasChanged = true;
    if (alert.state === "resolved") told.resolved.set(alert.serviceId, alert);
    else told.resolved.delete(alert.serviceId);
  }
}
