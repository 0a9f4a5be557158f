import type { AlertFigureName } from "./alert_figures.ts";

/** How bad it is when an alert fires. */
export const ALERT_SEVERITIES = ["info", "warning", "critical"] as const;
/** One of {@linkcode ALERT_SEVERITIES}. */
export type AlertSeverity = typeof ALERT_SEVERITIES[number];

/** On which side of its threshold a figure is a matter for an alert. */
export type AlertSide = "above" | "below";

/** What must have been so for a while, beside the condition of a rule. */
export interface AlertWhile {
  /** What is looked at. */
  readonly figure: AlertFigureName;
  /** On which side. */
  readonly side: AlertSide;
  /** Of what. */
  readonly threshold: number;
  /** For how long, in milliseconds. */
  readonly overMs: number;
}

/** When an alert fires, and what it then says; looked at for each service by itself. */
export interface AlertRule {
  /** In the form of Prometheus: `FlowctlHighLoad`. */
  readonly name: string;
  /** How bad it is. */
  readonly severity: AlertSeverity;
  /** What is looked at. */
  readonly figure: AlertFigureName;
  /**
   * The growth of the figure is looked at, and not the figure itself: its least value of this time
   * against the least one of as long a time before, a second; and that one against the one before it,
   * so that one step is no growth.
   */
  readonly growthOverMs?: number;
  /** On which side of the threshold. */
  readonly side: AlertSide;
  /** A value past this one is a matter for an alert. */
  readonly threshold: number;
  /** An alert that fires ends when the value is not past this one, so that it does not flutter. */
  readonly resolve: number;
  /** What must have been so for a while as well. */
  readonly while?: AlertWhile;
  /** How long the condition must hold before the alert fires, in milliseconds. */
  readonly forMs: number;
  /** What is wrong, with `{service}`, `{value}`, `{threshold}` and `{for}`. */
  readonly summary: string;
  /** What a person can do. */
  readonly advice: string;
}

/** The rules with how often they are told of. */
export interface AlertRules {
  /** Least time between two messages about one rule, in milliseconds. */
  readonly groupIntervalMs: number;
  /** Time after which an alert that still fires is told again, in milliseconds. */
  readonly repeatIntervalMs: number;
  /** In the order of the file. */
  readonly rules: readonly AlertRule[];
}

/** How long what a rule looks at has been so when it fires: growth is seen after two windows of it. */
export function firesAfterMs({ growthOverMs = 0, forMs }: AlertRule): number {
  return 2 * growthOverMs + forMs;
}

/** Whether a value is past a limit on a side. */
export function isPast(value: number, side: AlertSide, limit: number): boolean {
  return side === "above" ? value > limit : value < limit;
}
