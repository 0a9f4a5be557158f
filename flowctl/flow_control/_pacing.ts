import {
  ACTIVE,
  BUSY,
  DONE,
  DRAINED,
  type FlowCells,
  HOLD,
  INFLIGHT,
  LOAD_UNITS,
  OVERRIDE,
  THROTTLE,
  THROTTLE_UNITS,
  THROUGHPUT,
  WORKED,
} from "./_flow_cells.ts";
import type { FlowLevel } from "./flow_signal.ts";
import {
  CLIMB,
  DEEPER_FACTOR,
  FIRST_THROTTLE,
  LEAST_BUSY_MS,
  LIFT_STEPS,
  LONGEST_WORK_MS,
  MIN_THROTTLE,
  SETTLE_SECONDS,
  SMOOTHING_MS,
} from "./limits.ts";

const FIRST = FIRST_THROTTLE * THROTTLE_UNITS;
const LEAST = MIN_THROTTLE * THROTTLE_UNITS;
const UP = CLIMB * THROTTLE_UNITS;

/** A rate is not held. */
const NOT_HELD = 0;

/**
 * How fast the producers of a service should send. `at` is where the service's cells begin.
 *
 * A service is *free*, *throttled* (backpressure is on, or the throttle climbs after it) or *held*: the
 * throttle is back at 1, and the rate is what the service drains, corrected towards the recovery threshold.
 * See docs/decisions/0009-flow-control.md. Loads and throttles are in their units, as in the cells.
 */
export class Pacing {
  readonly #cells: FlowCells;
  readonly #recovery: number;
  readonly #low: number;

  /** `recovery`: the threshold below which backpressure goes off. */
  constructor(cells: FlowCells, recovery: number) {
    this.#cells = cells;
    this.#recovery = recovery;
    this.#low = recovery / 2;
  }

  /** Makes a service free. */
  reset(at: number): void {
    const cells = this.#cells;
    cells.setCount(at + THROTTLE, THROTTLE_UNITS);
    cells.setCount(at + OVERRIDE, THROTTLE_UNITS);
    cells.setCount(at + HOLD, NOT_HELD);
    for (const cell of [DONE, WORKED]) cells.setCount(at + cell, 0);
    for (const cell of [DRAINED, BUSY, THROUGHPUT]) cells.setFigure(at + cell, 0);
  }

  /** Throttles it, when backpressure has come on. One that is lower already stays. */
  start(at: number): void {
    const cells = this.#cells;
    cells.setCount(at + HOLD, NOT_HELD);
    for (;;) {
      const throttle = cells.count(at + THROTTLE);
      if (throttle <= FIRST || cells.replaceCount(at + THROTTLE, throttle, FIRST)) return;
    }
  }

  /** One step down; tells whether there was one left. */
  deepen(at: number): boolean {
    const throttle = this.#cells.count(at + THROTTLE);
    if (throttle <= LEAST) return false;
    const lower = Math.max(LEAST, Math.round(throttle * DEEPER_FACTOR));
    return this.#cells.replaceCount(at + THROTTLE, throttle, lower);
  }

  /** One step of a service whose backpressure is off; tells what changed. */
  recover(at: number, load: number): FlowLevel | undefined {
    const cells = this.#cells;
    const throttle = cells.count(at + THROTTLE);
    if (throttle < THROTTLE_UNITS) {
      const higher = Math.min(THROTTLE_UNITS, throttle + UP);
      // Another thread may have thrown it down in between; then that counts.
      if (!cells.replaceCount(at + THROTTLE, throttle, higher)) return undefined;
      if (higher === THROTTLE_UNITS) cells.replaceCount(at + HOLD, NOT_HELD, 1);
      return "rising";
    }
    const held = cells.count(at + HOLD);
    if (held === NOT_HELD) return undefined;
    if (load >= this.#low) cells.replaceCount(at + HOLD, held, 1);
    else if (held < LIFT_STEPS) cells.replaceCount(at + HOLD, held, held + 1);
    else if (cells.replaceCount(at + HOLD, held, NOT_HELD)) return "recovered";
    return undefined;
  }

  rate(at: number, load: number): number | undefined {
    const drain = this.drainRate(at);
    if (drain === undefined) return undefined;
    const cells = this.#cells;
    const throttle = cells.count(at + THROTTLE), override = cells.count(at + OVERRIDE);
    let part = Infinity;
    if (throttle < THROTTLE_UNITS || cells.count(at + ACTIVE) === 1) {
      part = throttle / THROTTLE_UNITS;
    } else if (cells.count(at + HOLD) !== NOT_HELD) {
      part = this.#held(at, load / LOAD_UNITS, drain);
    }
    if (override < THROTTLE_UNITS) part = Math.min(part, override / THROTTLE_UNITS);
    return part === Infinity ? undefined : drain * Math.max(MIN_THROTTLE, part);
  }

  /** Several threads may drain one service: what they add is only gathered here. */
  drained(at: number, ledgers: number, busyMs: number): void {
    this.#cells.addCount(at + DONE, ledgers);
    this.#cells.addCount(at + WORKED, Math.round(Math.min(busyMs, LONGEST_WORK_MS) * 1000));
  }

  drainRate(at: number): number | undefined {
    const cells = this.#cells;
    const busyMs = cells.figure(at + BUSY) + cells.count(at + WORKED) / 1000;
    const ledgers = cells.figure(at + DRAINED) + cells.count(at + DONE);
    return busyMs > 0 && ledgers > 0 ? ledgers / busyMs * 1000 : undefined;
  }

  throughput(at: number): number {
    return this.#cells.figure(at + THROUGHPUT);
  }

  /** The throttle: the lower of the algorithm's and what somebody asked for. */
  throttle(at: number): number {
    const cells = this.#cells;
    return Math.min(cells.count(at + THROTTLE), cells.count(at + OVERRIDE));
  }

  /** Whether what somebody asked for is what counts. */
  isByHand(at: number): boolean {
    return this.#cells.count(at + OVERRIDE) < this.#cells.count(at + THROTTLE);
  }

  /** Takes what somebody asks for. */
  override(at: number, throttle: number): void {
    this.#cells.setCount(at + OVERRIDE, Math.round(throttle * THROTTLE_UNITS));
  }

  /** Takes in what was drained in the milliseconds since the last time. */
  measure(at: number, passedMs: number): void {
    const cells = this.#cells;
    const done = cells.exchangeCount(at + DONE, 0), worked = cells.exchangeCount(at + WORKED, 0);
    const fading = Math.exp(-passedMs / SMOOTHING_MS);
    const before = cells.figure(at + THROUGHPUT), now = done / passedMs * 1000;
    cells.setFigure(at + THROUGHPUT, now + fading * (before - now));
    // What was measured last is kept while nothing is drained, and then weighs little.
    const busyMs = cells.figure(at + BUSY);
    const weight = busyMs * fading < LEAST_BUSY_MS ? 1 : fading;
    cells.setFigure(at + DRAINED, cells.figure(at + DRAINED) * weight + done);
    cells.setFigure(at + BUSY, busyMs * weight + worked / 1000);
  }

  /** The held rate, as a part of what is drained. */
  #held(at: number, load: number, drain: number): number {
    const inflight = this.#cells.count(at + INFLIGHT);
    const secondsToFill = inflight > 0 && load > 0 ? inflight / load / drain : SETTLE_SECONDS;
    return 1 + (this.#recovery / LOAD_UNITS - load) * Math.min(1, secondsToFill / SETTLE_SECONDS);
  }
}
