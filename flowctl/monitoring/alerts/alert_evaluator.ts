import type { Clock } from "../../component/mod.ts";
import type { MonitoredService } from "../monitored_service.ts";
import type { PipelineSnapshot } from "../pipeline_snapshot.ts";
import type { Alert, AlertChange } from "./alert.ts";
import type { FigureContext } from "./alert_figures.ts";
import { AlertCondition } from "./alert_condition.ts";
import type { AlertRule } from "./alert_rule.ts";
import { presentServices } from "./present_services.ts";
import { TrackedAlert } from "./tracked_alert.ts";

/** What an evaluator is made of. */
export interface AlertEvaluatorOptions {
  readonly rules: readonly AlertRule[];
  /** For how long conditions hold. */
  readonly clock: Clock;
  /** Heartbeat interval of services that do not tell theirs, in milliseconds. */
  readonly heartbeatMs: number;
  /** Most alerts at once; {@linkcode MAX_ALERTS} by default. */
  readonly maxAlerts?: number;
}

/** Most alerts at once. More tell nothing that these do not: something is wrong with all services. */
export const MAX_ALERTS = 1_000;

/** Looks at services by rules: an alert is pending, fires, and is resolved. */
export class AlertEvaluator {
  readonly #options: AlertEvaluatorOptions;
  readonly #startedAt: number;
  /** What each rule remembers of each service, by service. */
  #services = new Map<string, AlertCondition[]>();
  /** By rule and service. */
  readonly #alerts = new Map<string, TrackedAlert>();
  #left = 0;

  /** Time counts from here. */
  constructor(options: AlertEvaluatorOptions) {
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
  }

  /** All alerts that are not inactive, in the order in which they began. */
  get alerts(): Alert[] {
    return [...this.#alerts.values()].map((tracked) => tracked.alert);
  }

  /** With what figures are read now. */
  get context(): FigureContext {
    const { clock, heartbeatMs } = this.#options;
    return { watchedMs: clock.monotonic() - this.#startedAt, heartbeatMs };
  }

  /** How many conditions held at the last look for which there was no more room. */
  get left(): number {
    return this.#left;
  }

  /** Looks at all services; answers what has changed. */
  evaluate({ services, timeMs }: PipelineSnapshot): AlertChange[] {
    const now = this.#options.clock.monotonic();
    const { context } = this;
    const changes: AlertChange[] = [];
    const remembered = new Map<string, AlertCondition[]>();
    this.#left = 0;
    for (const service of presentServices(services)) {
      // Two services of one id would share what is remembered of them.
      if (remembered.has(service.id)) continue;
      const conditions = this.#services.get(service.id) ?? this.#newConditions();
      remembered.set(service.id, conditions);
      for (const [index, rule] of this.#options.rules.entries()) {
        const result = conditions[index]!.look(service, context, now);
        const tracked = this.#alerts.get(keyOf(rule, service.id)) ??
          (result.isPast ? this.#track(rule, service, timeMs, now) : undefined);
        take(changes, tracked?.update(result, timeMs, now));
      }
    }
    this.#services = remembered;
    this.#settle(changes, timeMs, now);
    return changes;
  }

  /** Alerts of services that are gone end, and those that ended long ago are forgotten. */
  #settle(changes: AlertChange[], timeMs: number, now: number): void {
    for (const [key, tracked] of this.#alerts) {
      if (!this.#services.has(tracked.serviceId)) take(changes, tracked.end(timeMs, now));
      if (tracked.isForgotten(now)) this.#alerts.delete(key);
    }
  }

  #track(
    rule: AlertRule,
    service: MonitoredService,
    timeMs: number,
    now: number,
  ): TrackedAlert | undefined {
    const { maxAlerts = MAX_ALERTS } = this.#options;
    if (this.#alerts.size >= maxAlerts) {
      // Where one search has found no room, a thousand more at the same look find none.
      if (this.#left > 0 || !this.#forgetResolved()) {
        this.#left++;
        return undefined;
      }
    }
    const tracked = new TrackedAlert(rule, service, timeMs, now);
    this.#alerts.set(keyOf(rule, service.id), tracked);
    return tracked;
  }

  /** Makes room by what has ended. */
  #forgetResolved(): boolean {
    for (const [key, tracked] of this.#alerts) {
      if (tracked.alert.state === "resolved") return this.#alerts.delete(key);
    }
    return false;
  }

  #newConditions(): AlertCondition[] {
    return this.#options.rules.map((rule) => new AlertCondition(rule));
  }
}

function keyOf(rule: AlertRule, serviceId: string): string {
  return `${rule.name} ${serviceId}`;
}

function take(changes: AlertChange[], change: AlertChange | undefined): void {
  if (change !== undefined) changes.push(change);
}
