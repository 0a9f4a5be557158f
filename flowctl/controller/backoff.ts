import { FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS } from "./limits.ts";

/** Doublings after which the cap is reached whatever it is. */
const MAX_DOUBLINGS = 16;

/** Pauses between tries that fail: a cap that doubles from try to try, and full jitter below it. */
export class Backoff {
  /** Tries that have failed in a row. */
  failures = 0;

  /**
   * @param random from 0 to 1
   * @param bounds the cap of the first pause and of any, in milliseconds; a control plane's by default
   */
  constructor(
    private readonly random: () => number,
    private readonly bounds = { first: FIRST_BACKOFF_MS, longest: LONGEST_BACKOFF_MS },
  ) {}

  /** Notes a failure; returns the pause before the next try in milliseconds. */
  next(): number {
    const doublings = Math.min(this.failures++, MAX_DOUBLINGS);
    return this.random() * Math.min(this.bounds.longest, this.bounds.first * 2 ** doublings);
  }

  /** Begins anew after a success. */
  reset(): void {
    this.failures = 0;
  }
}
