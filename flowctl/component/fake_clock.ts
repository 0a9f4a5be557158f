import { setImmediate } from "node:timers";
import { type Clock, type ClockTimer, sleepOn } from "./clock.ts";

interface Due {
  at: number;
  readonly order: number;
  readonly everyMs: number | undefined;
  readonly callback: () => void;
}

/** A clock for tests, which stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number;
  #monotonic = 0;
  #order = 0;
  readonly #due = new Set<Due>();

  /** Begins at `now`, in milliseconds since 1970. */
  constructor(now = Date.UTC(2025, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Number of timers that wait, for tests that nothing is left running. */
  get pending(): number {
    return this.#due.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  setTimeout(callback: () => void, ms: number): ClockTimer {
    return this.#add(callback, ms, undefined);
  }

  setInterval(callback: () => void, ms: number): ClockTimer {
    if (!(ms > 0)) throw new RangeError(`An interval must be above 0 ms: ${ms}`);
    return this.#add(callback, ms, ms);
  }

  /** Sets the wall clock without time going by, as a correction of the machine's clock does. */
  jumpTo(now: number): void {
    this.#now = now;
  }

  /** Lets time go by: calls what falls due, in order, with promises settled between the calls. */
  async advance(ms: number): Promise<void> {
    const until = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#moveTo(next.at);
      if (next.everyMs === undefined) this.#due.delete(next);
      else next.at += next.everyMs;
      next.callback();
      await settle();
    }
    this.#moveTo(until);
  }

  #add(callback: () => void, ms: number, everyMs: number | undefined): ClockTimer {
    const due = { at: this.#monotonic + Math.max(0, ms), order: this.#order++, everyMs, callback };
    this.#due.add(due);
    return { stop: () => void this.#due.delete(due) };
  }

  #next(until: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) {
      if (due.at > until) continue;
      if (
        first === undefined || due.at < first.at || due.at === first.at && due.order < first.order
      ) {
        first = due;
      }
    }
    return first;
  }

  #moveTo(monotonic: number): void {
    this.#now += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}

/**
 * Lets everything run that waits for settled promises: an immediate comes after all microtasks. (A
 * message of a MessageChannel does not always: where it is there already, it comes as one of them.)
 */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(() => resolve()));
}
