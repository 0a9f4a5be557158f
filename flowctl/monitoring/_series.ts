import { HISTORY_METRICS, type HistoryValues } from "./history_metrics.ts";

const METRICS = HISTORY_METRICS.length;

/** Samples of a point that are counted; of more, each new one weighs as if it were the last of these. */
const MAX_SAMPLES = 0xffff;

/** Bytes that the series of one service take. */
export function seriesBytes(points: number): number {
  // The values, and of each metric how many samples the point has that is being made.
  return METRICS * (points * Float32Array.BYTES_PER_ELEMENT + Uint16Array.BYTES_PER_ELEMENT);
}

/** All metrics of one service: a ring of points each. Slots are counted by whoever owns it. */
export class Series {
  /** When the service was seen last, in milliseconds since 1970. */
  seenAt = 0;
  #points: number;
  /** Metric after metric; NaN where nothing is known. */
  #values: Float32Array;
  readonly #samples = new Uint16Array(METRICS);

  constructor(points: number) {
    this.#points = points;
    this.#values = new Float32Array(METRICS * points).fill(Number.NaN);
  }

  get byteLength(): number {
    return this.#values.byteLength + this.#samples.byteLength;
  }

  /** Begins a point, in the place of the oldest one. */
  begin(slot: number): void {
    for (let metric = 0; metric < METRICS; metric++) {
      this.#values[metric * this.#points + slot] = Number.NaN;
    }
    this.#samples.fill(0);
  }

  /** Takes samples into a point, which is the mean of all that it has had. */
  add(slot: number, values: HistoryValues): void {
    for (let metric = 0; metric < METRICS; metric++) {
      const value = values[metric]!;
      if (Number.isNaN(value)) continue;
      const at = metric * this.#points + slot;
      const mean = this.#values[at]!;
      const isFirst = Number.isNaN(mean);
      const samples = isFirst ? 1 : Math.min(this.#samples[metric]! + 1, MAX_SAMPLES);
      this.#samples[metric] = samples;
      this.#values[at] = isFirst ? value : mean + (value - mean) / samples;
    }
  }

  get(metric: number, slot: number): number {
    return this.#values[metric * this.#points + slot]!;
  }

  /**
   * Makes one point of each two, the oldest first.
   *
   * @param from slot of the oldest point
   * @param count number of points; the newest of an odd number stays alone
   */
  halve(from: number, count: number): void {
    const points = this.#points;
    const half = points / 2;
    const values = new Float32Array(METRICS * half).fill(Number.NaN);
    for (let metric = 0; metric < METRICS; metric++) {
      for (let at = 0; at < count; at += 2) {
        const one = this.get(metric, (from + at) % points);
        const other = at + 1 < count ? this.get(metric, (from + at + 1) % points) : Number.NaN;
        values[metric * half + at / 2] = meanOf(one, other);
      }
    }
    this.#points = half;
    this.#values = values;
    this.#samples.fill(1);
  }
}

function meanOf(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : (one + other) / 2;
}
