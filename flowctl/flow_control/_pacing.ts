import {
  ACTIVE,
  BUSY,
  DONE,
  DRAINED,
  type FlowCells,
  HOLD,
  INFLIGHT,
  OVERRIDE,
  THROTTLE,
  THROUGHPUT,
} from "./_flow_cells.ts";
import type { FlowLevel } from "./flow_signal.ts";
import {
  CLIMB,
  DEEPER_FACTOR,
  FIRST_THROTTLE,
  LIFT_STEPS,
  MIN_THROTTLE,
  SETTLE_SECONDS,
  SMOOTHING_MS,
} from "./limits.ts";

/** Digits of a throttle are cut here, so that ten climbs of 0.1 make 1 and not a little less. */
const THROTTLE_UNITS = 1e6;

/** A rate is not held. */
const NOT_HELD = 0;

/**
 * How fast the producers of a service should send. `at` is where the service's cells begin.
 *
 * A service is *free*, *throttled* (backpressure is on, or the throttle climbs after it) or *held*: the
 * throttle is back at 1, and the rate is what the service drains, corrected towards the recovery threshold.
 * See docs/decisions/0009-flow-control.md.
 */
export class Pacing {
  readonly #cells: FlowCells;
  readonly #recovery: number;

  constructor(cells: FlowCells, recoveryThreshold: number) {
    this.#cells = cells;
    this.#recovery = recoveryThreshold;
  }

  /** Makes a service free. */
  reset(at: number): void {
    const cells = this.#cells;
    cells.setPart(at + THROTTLE, 1);
    cells.setPart(at + OVERRIDE, 1);
    cells.setCount(at + HOLD, NOT_HELD);
    cells.setCount(at + DONE, 0);
    for (const cell of [DRAINED, BUSY, THROUGHPUT]) cells.setFigure(at + cell, 0);
  }

  /** Throttles it, when backpressure has come on. One that is lower already stays. */
  start(at: number): void {
    const cells = this.#cells;
    cells.setCount(at + HOLD, NOT_HELD);
    for (;;) {
      const throttle = cells.part(at + THROTTLE);
      if (throttle <= FIRST_THROTTLE) return;
      if (cells.replacePart(at + THROTTLE, throttle, FIRST_THROTTLE)) return;
    }
  }

  /** One step down; tells whether there was one left. */
  deepen(at: number): boolean {
    const throttle = this.#cells.part(at + THROTTLE);
    if (throttle <= MIN_THROTTLE) return false;
    const lower = Math.max(MIN_THROTTLE, tidy(throttle * DEEPER_FACTOR));
    return this.#cells.replacePart(at + THROTTLE, throttle, lower);
  }

  /** One step of a service whose backpressure is off; tells what changed. */
  recover(at: number, load: number): FlowLevel | undefined {
    const cells = this.#cells;
    const throttle = cells.part(at + THROTTLE);
    if (throttle < 1) {
      const higher = Math.min(1, tidy(throttle + CLIMB));
      // Another thread may have thrown it down in between; then that counts.
      if (!cells.replacePart(at + THROTTLE, throttle, higher)) return undefined;
      if (higher === 1) cells.replaceCount(at + HOLD, NOT_HELD, 1);
      return "rising";
    }
    const held = cells.count(at + HOLD);
    if (held === NOT_HELD) return undefined;
    if (load >= this.#recovery / 2) cells.replaceCount(at + HOLD, held, 1);
    else if (held < LIFT_STEPS) cells.replaceCount(at + HOLD, held, held + 1);
    else if (cells.replaceCount(at + HOLD, held, NOT_HELD)) return "recovered";
    return undefined;
  }

  rate(at: number, load: number): number | undefined {
    const drain = this.drainRate(at);
    if (drain === undefined) return undefined;
    const cells = this.#cells;
    const throttle = cells.part(at + THROTTLE), override = cells.part(at + OVERRIDE);
    let part = Infinity;
    if (throttle < 1 || cells.count(at + ACTIVE) === 1) part = throttle;
    else if (cells.count(at + HOLD) !== NOT_HELD) part = this.#held(at, load, drain);
    if (override < 1) part = Math.min(part, override);
    return part === Infinity ? undefined : drain * Math.max(MIN_THROTTLE, part);
  }

  drained(at: number, ledgers: number, busyMs: number): void {
    const cells = this.#cells;
    const fading = Math.exp(-busyMs / SMOOTHING_MS);
    cells.addCount(at + DONE, ledgers);
    cells.setFigure(at + DRAINED, cells.figure(at + DRAINED) * fading + ledgers);
    cells.setFigure(at + BUSY, cells.figure(at + BUSY) * fading + busyMs);
  }

  drainRate(at: number): number | undefined {
    const busyMs = this.#cells.figure(at + BUSY), ledgers = this.#cells.figure(at + DRAINED);
    return busyMs > 0 && ledgers > 0 ? ledgers / busyMs * 1000 : undefined;
  }

  throughput(at: number): number {
    return this.#cells.figure(at + THROUGHPUT);
  }

  /** Takes into the throughput what was drained in the milliseconds since the last time. */
  measure(at: number, passedMs: number): void {
    const cells = this.#cells;
    const now = cells.exchangeCount(at + DONE, 0) / passedMs * 1000;
    const before = cells.figure(at + THROUGHPUT);
    const weight = 1 - Math.exp(-passedMs / SMOOTHING_MS);
    cells.setFigure(at + THROUGHPUT, before + weight * (now - before));
  }

  /** The held rate, as a part of what is drained. */
  #held(at: number, load: number, drain: number): number {
    const inflight = this.#cells.count(at + INFLIGHT);
    const secondsToFill = inflight > 0 && load > 0 ? inflight / load / drain : SETTLE_SECONDS;
    return 1 + (this.#recovery - load) * Math.min(1, secondsToFill / SETTLE_SECONDS);
  }
}

function tidy(throttle: number): number {
  return Math.round(throttle * THROTTLE_UNITS) / THROTTLE_UNITS;
}
