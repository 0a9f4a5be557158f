import type { MonitoredService } from "../monitored_service.ts";
import type { Alert, AlertChange, AlertState } from "./alert.ts";
import type { ConditionResult } from "./alert_condition.ts";
import type { AlertRule } from "./alert_rule.ts";

/** How long an alert that has ended is still shown. */
export const RESOLVED_SHOWN_MS = 900_000;

/** How long an alert outlives the last value that was known of it, as in Prometheus. */
export const UNKNOWN_KEPT_MS = 300_000;

/** An alert on its way from pending over firing to resolved. Time is that of a clock that only goes forward. */
export class TrackedAlert {
  readonly serviceId: string;
  #alert: Alert;
  /** Nothing has been told of it before the first update. */
  #isNew = true;
  /** When the condition began to hold. */
  #heldSince: number;
  /** When a value was known last. */
  #knownAt: number;
  #resolvedAt: number | undefined;
  #isOver = false;

  /** A condition begins to hold; `update` is called for the same look. */
  constructor(rule: AlertRule, service: MonitoredService, timeMs: number, now: number) {
    this.serviceId = service.id;
    this.#heldSince = now;
    this.#knownAt = now;
    this.#alert = {
      rule,
      state: "pending",
      serviceId: service.id,
      serviceType: service.type,
      value: 0,
      since: timeMs,
      heldMs: 0,
      firingSince: null,
      resolvedAt: null,
    };
  }

  /** How it is now. */
  get alert(): Alert {
    return this.#alert;
  }

  /** Whether nobody needs to know of it any more. */
  isForgotten(now: number): boolean {
    return this.#isOver ||
      this.#resolvedAt !== undefined && now - this.#resolvedAt >= RESOLVED_SHOWN_MS;
  }

  /** Takes what the condition says at a look; answers what has changed. */
  update(result: ConditionResult, timeMs: number, now: number): AlertChange | undefined {
    const { value, isPast, isHeld } = result;
    if (value === undefined) {
      // Not knowing is neither well nor ill, for a while.
      return now - this.#knownAt >= UNKNOWN_KEPT_MS ? this.end(timeMs, now) : undefined;
    }
    this.#knownAt = now;
    const { state, rule } = this.#alert;
    if (this.#isNew || state === "resolved") {
      return isPast ? this.#begin(value, timeMs, now) : undefined;
    }
    if (state === "firing" ? !isHeld : !isPast) return this.end(timeMs, now, value);
    const heldMs = now - this.#heldSince;
    if (state === "pending" && heldMs >= rule.forMs) {
      return this.#become("firing", { value, heldMs, firingSince: timeMs });
    }
    this.#alert = { ...this.#alert, value, heldMs };
    return undefined;
  }

  /** It holds no more, or nobody can tell any more. */
  end(timeMs: number, now: number, value = this.#alert.value): AlertChange | undefined {
    if (this.#alert.state === "firing") {
      this.#resolvedAt = now;
      return this.#become("resolved", { value, resolvedAt: timeMs });
    }
    // What never fired was nothing to tell of.
    if (this.#alert.state === "pending") this.#isOver = true;
    return undefined;
  }

  #begin(value: number, timeMs: number, now: number): AlertChange {
    this.#heldSince = now;
    this.#resolvedAt = undefined;
    const fires = this.#alert.rule.forMs === 0;
    return this.#become(fires ? "firing" : "pending", {
      value,
      since: timeMs,
      heldMs: 0,
      firingSince: fires ? timeMs : null,
      resolvedAt: null,
    });
  }

  #become(state: AlertState, fields: Partial<Alert>): AlertChange {
    const from = this.#isNew ? undefined : this.#alert.state;
    this.#isNew = false;
    this.#alert = { ...this.#alert, ...fields, state };
    return { alert: this.#alert, from };
  }
}
