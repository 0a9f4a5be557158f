import type { MonitoredService } from "../monitored_service.ts";
import { alertFigure, type AlertFigureName, type FigureContext, isTold } from "./alert_figures.ts";
import { type AlertRule, isPast } from "./alert_rule.ts";
import { Growth } from "./growth.ts";

/** Heartbeats after which a service's figures are too old to judge by: it is silent by then. */
const MAX_MISSED_BEATS = 3;

/** What a rule says of a service at a look. */
export interface ConditionResult {
  /** The value looked at; `undefined` where it is not known. */
  readonly value: number | undefined;
  /** Whether it is past the threshold. */
  readonly isPast: boolean;
  /** Whether an alert that fires already must go on. */
  readonly isHeld: boolean;
}

const UNKNOWN: ConditionResult = { value: undefined, isPast: false, isHeld: false };
const WELL: Omit<ConditionResult, "value"> = { isPast: false, isHeld: false };

/** The condition of one rule on one service, with what it must remember from look to look. */
export class AlertCondition {
  readonly #rule: AlertRule;
  readonly #growth: Growth | undefined;
  /** Since when what is asked for beside the condition is so. */
  #whileSince: number | undefined;

  /** Knows nothing of the service yet. */
  constructor(rule: AlertRule) {
    this.#rule = rule;
    if (rule.growthOverMs !== undefined) this.#growth = new Growth(rule.growthOverMs);
  }

  /**
   * Looks at the service.
   *
   * @param now in milliseconds of a clock that only goes forward
   */
  look(service: MonitoredService, context: FigureContext, now: number): ConditionResult {
    const { figure, side, threshold, resolve } = this.#rule;
    const values = this.#values(readFigure(figure, service, context), now);
    const goesOn = this.#goesOn(service, context, now);
    if (values === undefined || goesOn === undefined) return UNKNOWN;
    const [value] = values;
    if (!goesOn) return { value, ...WELL };
    const arePast = (limit: number) => values.every((each) => isPast(each, side, limit));
    return { value, isPast: arePast(threshold), isHeld: arePast(resolve) || arePast(threshold) };
  }

  /** What must be past a limit: the figure, or its growth now and a window ago. The first one is told. */
  #values(told: number | undefined, now: number): [number, ...number[]] | undefined {
    if (told === undefined) return undefined;
    if (this.#growth === undefined) return [told];
    const growth = this.#growth.update(told, now);
    return growth === undefined ? undefined : [growth.now, growth.before];
  }

  /** Whether what is asked for beside the condition has been so for long enough. */
  #goesOn(service: MonitoredService, context: FigureContext, now: number): boolean | undefined {
    const condition = this.#rule.while;
    if (condition === undefined) return true;
    const value = readFigure(condition.figure, service, context);
    if (value === undefined) return undefined;
    if (!isPast(value, condition.side, condition.threshold)) {
      this.#whileSince = undefined;
      return false;
    }
    this.#whileSince ??= now;
    return now - this.#whileSince >= condition.overMs;
  }
}

function readFigure(
  name: AlertFigureName,
  service: MonitoredService,
  context: FigureContext,
): number | undefined {
  if (isTold(name) && isSilent(service, context)) return undefined;
  const value = alertFigure(name).read(service, context);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function isSilent(service: MonitoredService, { heartbeatMs }: FigureContext): boolean {
  const { lastHeartbeatAgeMs: age, heartbeatIntervalMs = heartbeatMs } = service;
  return age !== null && age > MAX_MISSED_BEATS * heartbeatIntervalMs;
}
