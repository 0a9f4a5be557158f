import { FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS } from "./limits.ts";

/** Doublings after which the cap is reached whatever it is. */
const MAX_DOUBLINGS = 16;

/** Pauses between tries that fail: a cap that doubles from try to try, and full jitter below it. */
export class Backoff {
  /** Tries that have failed in a row. */
  failures = 0;

  /** @param random from 0 to 1 */
  constructor(private readonly random: () => number) {}

  /** Notes a failure; returns the pause before the next try in milliseconds. */
  next(): number {
    const doublings = Math.min(this.failures++, MAX_DOUBLINGS);
    return this.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** doublings);
  }

  /** Begins anew after a success. */
  reset(): void {
    this.failures = 0;
  }
}
