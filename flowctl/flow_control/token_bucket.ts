import type { Clock, ClockTimer } from "../component/mod.ts";
import { FlowControlError } from "./flow_control_error.ts";
import { BURST_SECONDS, LONGEST_TIMER_MS, MAX_WAITERS } from "./limits.ts";

/** What sums of floating-point numbers may lack, as a part of what is asked. */
const ROUNDING = 1e-9;

interface Waiter {
  readonly amount: number;
  readonly go: () => void;
}

/**
 * Lets an amount a second through, of ledgers or bytes or whatever; whoever asks first goes first.
 *
 * What may go at once is a tenth of a second's worth, at least 1. An amount larger than that is never
 * split: it goes when the bucket is full, and leaves a debt that is waited for before the next. So
 * the mean over time is the rate, whatever the amounts.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #waiters: Waiter[] = [];
  #rate: number | undefined;
  /** What may go right now; below 0 it is a debt. As of `#atMs`. */
  #tokens = 0;
  #atMs: number;
  #timer: ClockTimer | undefined;

  /** Lets everything through until a rate is set. */
  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
    this.#atMs = clock.monotonic();
  }

  /** The amount a second; `undefined` lets everything through. */
  get rate(): number | undefined {
    return this.#rate;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Sets the amount a second, or with `undefined` lets everything through, those who wait as well.
   * A debt stays with a change of rate, and is gone with `undefined`.
   *
   * @throws FlowControlError VALUE for a rate that is not above 0
   */
  setRate(perSecond: number | undefined): void {
    if (perSecond !== undefined && !(perSecond > 0 && perSecond < Infinity)) {
      throw new FlowControlError(
        "VALUE",
        `A rate must be a number above 0, or undefined for no limit: ${perSecond}`,
      );
    }
    if (perSecond === this.#rate) return;
    this.#fill();
    const wasFree = this.#rate === undefined;
    this.#rate = perSecond;
    const burst = this.#burst();
    this.#tokens = wasFree ? burst : Math.min(this.#tokens, burst);
    this.#serve();
  }

  /**
   * Waits until the amount may go.
   *
   * @throws the signal's reason when it aborts first, FlowControlError CAPACITY when 10,000 wait
   */
  take(amount: number, signal?: AbortSignal): Promise<void> {
    if (!(amount >= 0 && amount < Infinity)) {
      return Promise.reject(
        new FlowControlError("VALUE", `An amount must be a number from 0 on: ${amount}`),
      );
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#fill();
    if (this.#waiters.length === 0 && this.#pay(amount)) return Promise.resolve();
    if (this.#waiters.length >= MAX_WAITERS) {
      return Promise.reject(
        new FlowControlError(
          "CAPACITY",
          `${MAX_WAITERS} wait already, which is the most: ask again when some have gone`,
        ),
      );
    }
    return this.#wait(amount, signal);
  }

  #wait(amount: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        amount,
        go: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        this.#serve();
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiters.push(waiter);
      if (this.#waiters.length === 1) this.#serve();
    });
  }

  /** Lets go whoever may, and comes back when the next one may. */
  #serve(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    this.#fill();
    let gone = 0;
    while (gone < this.#waiters.length && this.#pay(this.#waiters[gone]!.amount)) gone++;
    for (const waiter of this.#waiters.splice(0, gone)) waiter.go();
    const next = this.#waiters[0];
    if (next === undefined || this.#rate === undefined) return;
    const missing = Math.min(next.amount, this.#burst()) - this.#tokens;
    const ms = Math.min(missing / this.#rate * 1000, LONGEST_TIMER_MS);
    this.#timer = this.#clock.setTimeout(() => this.#serve(), ms);
  }

  #pay(amount: number): boolean {
    if (this.#rate === undefined) return true;
    const needed = Math.min(amount, this.#burst());
    if (this.#tokens < needed * (1 - ROUNDING)) return false;
    this.#tokens -= amount;
    return true;
  }

  #fill(): void {
    const nowMs = this.#clock.monotonic();
    if (this.#rate !== undefined) {
      const more = (nowMs - this.#atMs) / 1000 * this.#rate;
      this.#tokens = Math.min(this.#tokens + more, this.#burst());
    }
    this.#atMs = nowMs;
  }

  #burst(): number {
    return this.#rate === undefined ? Infinity : Math.max(1, this.#rate * BURST_SECONDS);
  }
}
