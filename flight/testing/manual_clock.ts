import { setImmediate } from "node:timers";
import type { RangeClock } from "../range_clients.ts";

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements RangeClock {
  #now = 0;
  readonly #due = new Set<Due>();

  /** Timers that wait. */
  get pending(): number {
    return this.#due.size;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): { stop(): void } {
    const due = { at: this.#now + ms, callback };
    this.#due.add(due);
    return { stop: () => void this.#due.delete(due) };
  }

  /** Lets time go by, with promises settled between the timers that fall due. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#first(); next !== undefined && next.at <= until; next = this.#first()) {
      this.#now = Math.max(this.#now, next.at);
      this.#due.delete(next);
      next.callback();
      await settled();
    }
    this.#now = until;
  }

  /** Lets time go by from timer to timer until the promise has settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => void (isSettled = true);
    promise.then(settle, settle);
    for (await settled(); !isSettled; await settled()) {
      const next = this.#first();
      if (next !== undefined) await this.advance(Math.max(0, next.at - this.#now));
    }
    return await promise;
  }

  #first(): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) if (first === undefined || due.at < first.at) first = due;
    return first;
  }
}

/** Promises that can settle without time going by have settled. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
