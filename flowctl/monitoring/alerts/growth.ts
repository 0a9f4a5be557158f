/** Values of one figure kept at most: two minutes of a look each half second. */
const MAX_VALUES = 240;

/** How fast a figure grows: the slope of the straight line through its latest values. */
export class Growth {
  readonly #overMs: number;
  readonly #times: number[] = [];
  readonly #values: number[] = [];

  /** @param overMs how long values count */
  constructor(overMs: number) {
    this.#overMs = overMs;
  }

  /**
   * Takes the value of a moment; answers the growth a second, `undefined` until there are two values.
   *
   * @param now in milliseconds, never less than the time before
   */
  update(value: number, now: number): number | undefined {
    while (this.#times.length >= MAX_VALUES || this.#times[0]! < now - this.#overMs) {
      this.#times.shift();
      this.#values.shift();
    }
    this.#times.push(now);
    this.#values.push(value);
    return this.#slope();
  }

  /** Least squares, as `deriv` of Prometheus. */
  #slope(): number | undefined {
    const count = this.#times.length;
    if (count < 2) return undefined;
    // Times from the first one on, so that no digits are lost.
    const first = this.#times[0]!;
    let [sumX, sumY, sumXY, sumXX] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const x = (this.#times[i]! - first) / 1000;
      const y = this.#values[i]!;
      sumX += x;
      sumY += y;
      sumXY += x * y;
      sumXX += x * x;
    }
    const spread = sumXX - sumX * sumX / count;
    return spread === 0 ? undefined : (sumXY - sumX * sumY / count) / spread;
  }
}
