import type { Clock } from "../../component/mod.ts";
import type { PipelineMonitor } from "../pipeline_monitor.ts";
import type { PipelineSnapshot } from "../pipeline_snapshot.ts";
import type { Alert, AlertChange } from "./alert.ts";
import { alertFigure, type AlertFigureName } from "./alert_figures.ts";
import { AlertEvaluator } from "./alert_evaluator.ts";
import { AlertGroups, type AlertNotifier } from "./alert_groups.ts";
import { presentServices } from "./present_services.ts";
import type { AlertRules } from "./alert_rule.ts";

/** What the alerts of a pipeline are made of. */
export interface PipelineAlertsOptions {
  readonly rules: AlertRules;
  /** Whose looks are judged. */
  readonly monitor: Pick<PipelineMonitor, "onSnapshot">;
  readonly clock: Clock;
  /** Heartbeat interval of services that do not tell theirs, in milliseconds. */
  readonly heartbeatMs: number;
  /** Where messages go. */
  readonly notifiers: readonly AlertNotifier[];
  /** Most alerts at once. */
  readonly maxAlerts?: number;
}

/** Hears of each alert that begins, fires or ends. */
export type AlertListener = (change: AlertChange) => void;

/**
 * Judges each look at a pipeline by rules, and tells those who listen and the notifiers.
 *
 * Life: `start()`; `stop()` stops the notifiers, too.
 */
export class PipelineAlerts {
  /** By which services are judged. */
  readonly rules: AlertRules;
  readonly #options: PipelineAlertsOptions;
  readonly #evaluator: AlertEvaluator;
  readonly #groups: AlertGroups;
  readonly #listeners = new Set<AlertListener>();
  #services: PipelineSnapshot["services"] = [];
  #ignore: (() => void) | undefined;

  /** Judges nothing yet. */
  constructor(options: PipelineAlertsOptions) {
    const { rules, clock } = options;
    this.rules = rules;
    this.#options = options;
    this.#evaluator = new AlertEvaluator({ ...options, rules: rules.rules });
    this.#groups = new AlertGroups(rules, clock);
  }

  /** All alerts that are pending, fire, or have ended lately. */
  get alerts(): Alert[] {
    return this.#evaluator.alerts;
  }

  /** How many conditions held at the last look for which there was no more room. */
  get left(): number {
    return this.#evaluator.left;
  }

  /** A figure of each service at the last look, as rules see it; without those that do not tell it. */
  figures(name: AlertFigureName): [serviceId: string, value: number][] {
    const context = this.#evaluator.context;
    return presentServices(this.#services).flatMap((service) => {
      const value = alertFigure(name).read(service, context);
      return value === undefined ? [] : [[service.id, value] as [string, number]];
    });
  }

  /** Judges each look from now on. */
  start(): void {
    this.#ignore ??= this.#options.monitor.onSnapshot((snapshot) => this.#judge(snapshot));
  }

  /** Calls back for each change from now on. */
  onChange(listener: AlertListener): void {
    this.#listeners.add(listener);
  }

  /** Judges and tells no more. */
  async stop(): Promise<void> {
    this.#ignore?.();
    this.#listeners.clear();
    await Promise.all(this.#options.notifiers.map((notifier) => notifier.stop?.()));
  }

  #judge(snapshot: PipelineSnapshot): void {
    this.#services = snapshot.services;
    const changes = this.#evaluator.evaluate(snapshot);
    for (const change of changes) {
      for (const listener of this.#listeners) listener(change);
    }
    for (const group of this.#groups.due(this.alerts, changes)) {
      for (const notifier of this.#options.notifiers) notifier.notify(group);
    }
  }
}
