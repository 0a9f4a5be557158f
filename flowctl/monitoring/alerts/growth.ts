/** Parts of a window, the least value of each of which is kept: a window begins at one of them. */
const PARTS = 12;

/** Windows that are compared. */
const WINDOWS = 3;

/** How fast the least values of windows grow, a second. */
export interface GrowthRates {
  /** From the window before the last one to the last one. */
  readonly now: number;
  /** From the one before that. */
  readonly before: number;
}

/**
 * How fast the least values of a figure grow, from window to window. What rises between two commits and
 * falls with each does not grow, as long as a window holds some commits.
 *
 * Takes the same memory however often values come.
 */
export class Growth {
  readonly #overMs: number;
  /** Least values of the parts of all windows, by the number of the part; NaN where none came. */
  readonly #least = new Float64Array(WINDOWS * PARTS).fill(NaN);
  #newest = -Infinity;

  /** @param overMs length of a window */
  constructor(overMs: number) {
    this.#overMs = overMs;
  }

  /**
   * Takes the value of a moment; answers the growth, `undefined` where nothing is known of one of the
   * windows.
   *
   * @param now in milliseconds, never less than the time before
   */
  update(value: number, now: number): GrowthRates | undefined {
    const part = Math.floor(now * PARTS / this.#overMs);
    const slots = this.#least.length;
    for (let begun = Math.max(this.#newest + 1, part - slots + 1); begun <= part; begun++) {
      if (begun >= 0) this.#least[begun % slots] = NaN;
    }
    this.#newest = part;
    this.#least[part % slots] = lesser(this.#least[part % slots]!, value);
    const [first, second, third] = [3, 2, 1].map((back) => this.#leastOf(part - back * PARTS + 1));
    if (Number.isNaN(first!) || Number.isNaN(second!)) return undefined;
    const seconds = this.#overMs / 1000;
    return { now: (third! - second!) / seconds, before: (second! - first!) / seconds };
  }

  /** Least value of the window that begins with a part. */
  #leastOf(first: number): number {
    let least = NaN;
    for (let part = Math.max(0, first); part < first + PARTS; part++) {
      least = lesser(least, this.#least[part % this.#least.length]!);
    }
    return least;
  }
}

/** The lesser of two, of which either may be unknown. */
function lesser(one: number, other: number): number {
  return Number.isNaN(one) || other < one ? other : one;
}
