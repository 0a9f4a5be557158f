import type { MonitoredService } from "../monitored_service.ts";
import { alertFigure, type AlertUnit } from "./alert_figures.ts";
import { type AlertRule, firesAfterMs } from "./alert_rule.ts";

/** States that an alert is seen in; one that is in none is inactive. */
export const ALERT_STATES = ["pending", "firing", "resolved"] as const;
/** One of {@linkcode ALERT_STATES}. */
export type AlertState = typeof ALERT_STATES[number];

/** A rule and a service that it holds for, or has held for. */
export interface Alert {
  readonly rule: AlertRule;
  readonly state: AlertState;
  readonly serviceId: string;
  readonly serviceType: MonitoredService["type"];
  /** The latest value that is known. */
  readonly value: number;
  /** When the condition began to hold, in milliseconds since 1970. */
  readonly since: number;
  /** How long it has held at the last look, in milliseconds. */
  readonly heldMs: number;
  /** When it began to fire; null before. */
  readonly firingSince: number | null;
  /** When it ended; null before. */
  readonly resolvedAt: number | null;
}

/** What has become of an alert at a look. */
export interface AlertChange {
  readonly alert: Alert;
  /** What it was before; `undefined` for a new one. */
  readonly from: AlertState | undefined;
}

/** What an alert says, as a sentence; of a pending one for how long it has been so until now. */
export function alertSummary({ rule, state, serviceId, value, heldMs }: Alert): string {
  const seenMs = firesAfterMs(rule) - rule.forMs;
  const isSoMs = state === "pending" ? seenMs + heldMs : firesAfterMs(rule);
  const unit = rule.growthOverMs === undefined ? alertFigure(rule.figure).unit : "number";
  const texts: Readonly<Record<string, string>> = {
    service: serviceId,
    value: valueText(value, unit),
    threshold: valueText(rule.threshold, unit),
    for: durationText(Math.round(isSoMs / 1000) * 1000),
  };
  return rule.summary.replace(/\{(\w+)\}/g, (whole, name) => texts[name] ?? whole);
}

/** A value for people: 87%, 2m 10s, 3.4. */
export function valueText(value: number, unit: AlertUnit): string {
  if (unit === "ratio") return `${round(value * 100)}%`;
  if (unit === "seconds") return durationText(Math.round(value) * 1000);
  return String(round(value));
}

/** A time in the form of a rule: 90s is 1m30s. */
export function durationText(ms: number): string {
  if (ms % 1000 !== 0) return `${ms}ms`;
  const seconds = ms / 1000;
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ];
  const text = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return text.length === 0 ? "0s" : text.join("");
}

/** Three digits are enough to judge by. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
