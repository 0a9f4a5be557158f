import { Series, seriesBytes } from "./_series.ts";
import { HISTORY_METRICS, type HistoryMetric, readService, readTotal } from "./history_metrics.ts";
import {
  HISTORY_SPAN_MS,
  MAX_HISTORY_BYTES,
  MAX_HISTORY_POINTS,
  MIN_HISTORY_POINTS,
} from "./limits.ts";
import type { PipelineSnapshot } from "./pipeline_snapshot.ts";

/** What a history is made of. */
export interface MetricsHistoryOptions {
  /** Time between two looks. */
  readonly intervalMs: number;
  /** Bytes of all series together; 10 MiB by default. */
  readonly maxBytes?: number;
}

/** A moment, in milliseconds since 1970, with a value; null where nothing is known. */
export type HistoryPoint = readonly [timeMs: number, value: number | null];

/** How a metric has gone within some time. */
export interface HistoryTrend {
  /** Time between the first and the last value in it. */
  readonly overMs: number;
  /** Least of the values of the earlier half of that time: what goes up and down comes back to it. */
  readonly earlier: number;
  /** Least of those of the later half. */
  readonly later: number;
}

/** A look belongs to the point before while less than this part of a step has gone by. */
const EARLY = 0.9;

/** After so many steps without a look the history has a gap. */
const GAP = 2.5;

/** Points are halved up to three times. */
const HALVINGS = 8;

/**
 * The metrics of the last hour, in memory. A point is the mean of the looks of its step. All series
 * together are bounded: where there are more services than fit, two points of each become one, and
 * where that is not enough, services are left out, those that are gone first.
 *
 * What has become coarser stays so. A clock that is set back begins the history anew.
 */
export class MetricsHistory {
  readonly #maxBytes: number;
  readonly #spanMs: number;
  readonly #values = new Float64Array(HISTORY_METRICS.length);
  readonly #series = new Map<string, Series>();
  #points: number;
  #stepMs: number;
  /** When each point begins, in milliseconds since 1970. */
  #times: Float64Array;
  #total: Series;
  /** Number of points ever begun; the newest is in the slot of the last one. */
  #count = 0;
  #leftOut = 0;

  /** Knows nothing yet. */
  constructor({ intervalMs, maxBytes = MAX_HISTORY_BYTES }: MetricsHistoryOptions) {
    this.#maxBytes = maxBytes;
    this.#stepMs = Math.max(intervalMs, HISTORY_SPAN_MS / MAX_HISTORY_POINTS);
    const points = Math.max(MIN_HISTORY_POINTS, HISTORY_SPAN_MS / this.#stepMs);
    this.#points = Math.ceil(points / HALVINGS) * HALVINGS;
    this.#spanMs = this.#points * this.#stepMs;
    this.#times = new Float64Array(this.#points);
    this.#total = new Series(this.#points);
  }

  /** Time between two points. */
  get stepMs(): number {
    return this.#stepMs;
  }

  /** How far back it goes at most. */
  get spanMs(): number {
    return this.#spanMs;
  }

  /** Ids of the services that it has series of. */
  get services(): string[] {
    return [...this.#series.keys()];
  }

  /** Services of the last look that it has no room for. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Bytes of all series. */
  get byteLength(): number {
    return this.#bytesOf(this.#series.size);
  }

  /** Whether it has a series of a service. */
  has(serviceId: string): boolean {
    return this.#series.has(serviceId);
  }

  /** Takes in a look. */
  record(snapshot: PipelineSnapshot): void {
    const { timeMs, services } = snapshot;
    const before = this.#begin(timeMs);
    readTotal(snapshot, this.#values);
    this.#total.add(this.#slot, this.#values);
    this.#leftOut = 0;
    let gone: string[] | undefined;
    for (const service of services) {
      let series = this.#series.get(service.id);
      if (series === undefined) {
        if (!this.#makeRoom()) {
          gone ??= this.#goneSince(before);
          const oldest = gone.pop();
          if (oldest === undefined) {
            this.#leftOut++;
            continue;
          }
          this.#series.delete(oldest);
        }
        this.#series.set(service.id, series = new Series(this.#points));
      }
      series.seenAt = timeMs;
      readService(service, this.#values);
      series.add(this.#slot, this.#values);
    }
  }

  /**
   * The points of a metric, the oldest first; none for a service that it has no series of.
   *
   * @param serviceId a service; absent: the pipeline as a whole
   * @param sinceMs only points that began then or later, in milliseconds since 1970
   */
  points(metric: HistoryMetric, serviceId?: string, sinceMs = 0): HistoryPoint[] {
    const series = serviceId === undefined ? this.#total : this.#series.get(serviceId);
    if (series === undefined) return [];
    const at = HISTORY_METRICS.indexOf(metric);
    const points: HistoryPoint[] = [];
    for (let index = this.#oldest; index < this.#count; index++) {
      const slot = index % this.#points;
      const timeMs = this.#times[slot]!;
      if (timeMs < sinceMs) continue;
      const value = series.get(at, slot);
      // More digits than a 32-bit number has would be noise.
      points.push([timeMs, Number.isNaN(value) ? null : Number(value.toPrecision(7))]);
    }
    return points;
  }

  /**
   * How a metric of a service has gone lately; `undefined` with less than two values. Allocates
   * nothing but its answer: a report asks it of every service.
   */
  trend(metric: HistoryMetric, serviceId: string, windowMs: number): HistoryTrend | undefined {
    const series = this.#series.get(serviceId);
    if (series === undefined) return undefined;
    const at = HISTORY_METRICS.indexOf(metric);
    const [begin, end] = this.#known(series, at, this.#times[this.#slot]! - windowMs);
    if (begin >= end) return undefined;
    const [firstMs, lastMs] = [this.#timeOf(begin), this.#timeOf(end)];
    const middleMs = (firstMs + lastMs) / 2;
    let [earlier, later] = [Infinity, Infinity];
    for (let index = begin; index <= end; index++) {
      const value = series.get(at, index % this.#points);
      if (Number.isNaN(value)) continue;
      if (this.#timeOf(index) > middleMs) later = Math.min(later, value);
      else earlier = Math.min(earlier, value);
    }
    return { overMs: lastMs - firstMs, earlier, later };
  }

  /** Indexes of the first and the last point since a time that have a value. */
  #known(series: Series, metric: number, sinceMs: number): [number, number] {
    let [begin, end] = [this.#count, -1];
    for (let index = this.#count - 1; index >= this.#oldest; index--) {
      if (this.#timeOf(index) < sinceMs) break;
      if (Number.isNaN(series.get(metric, index % this.#points))) continue;
      begin = index;
      if (end < 0) end = index;
    }
    return [begin, end];
  }

  #timeOf(index: number): number {
    return this.#times[index % this.#points]!;
  }

  get #slot(): number {
    return (this.#count - 1) % this.#points;
  }

  get #oldest(): number {
    return Math.max(0, this.#count - this.#points);
  }

  /** Begins a point where the look belongs to none; answers when the look before was at the latest. */
  #begin(timeMs: number): number {
    if (this.#count === 0) {
      this.#beginPoint(timeMs);
      return timeMs;
    }
    const began = this.#times[this.#slot]!;
    const elapsedMs = timeMs - began;
    if (elapsedMs < -this.#stepMs) {
      this.#series.clear();
      this.#total = new Series(this.#points);
      this.#count = 0;
      this.#beginPoint(timeMs);
    } else if (elapsedMs >= EARLY * this.#stepMs) {
      if (elapsedMs > GAP * this.#stepMs) this.#beginPoint(began + this.#stepMs);
      this.#beginPoint(timeMs);
    }
    return began;
  }

  #beginPoint(timeMs: number): void {
    this.#count++;
    const slot = this.#slot;
    this.#times[slot] = timeMs;
    this.#total.begin(slot);
    for (const [id, series] of this.#series) {
      if (timeMs - series.seenAt > this.#spanMs) this.#series.delete(id);
      else series.begin(slot);
    }
  }

  /** Makes the points coarser until one series more fits; false where none does. */
  #makeRoom(): boolean {
    const isFull = () => this.#bytesOf(this.#series.size + 1) > this.#maxBytes;
    while (isFull() && this.#points / 2 >= MIN_HISTORY_POINTS && this.#points % 2 === 0) {
      this.#halve();
    }
    return !isFull();
  }

  #halve(): void {
    const [oldest, count] = [this.#oldest, this.#count - this.#oldest];
    const from = oldest % this.#points;
    for (const series of [this.#total, ...this.#series.values()]) series.halve(from, count);
    const times = new Float64Array(this.#points / 2);
    for (let at = 0; at < count; at += 2) {
      times[at / 2] = this.#times[(from + at) % this.#points]!;
    }
    this.#times = times;
    this.#points /= 2;
    this.#stepMs *= 2;
    this.#count = Math.ceil(count / 2);
  }

  /** Services that were not there at a look, those that have been gone for longest last. */
  #goneSince(timeMs: number): string[] {
    return [...this.#series]
      .filter(([, { seenAt }]) => seenAt < timeMs)
      .sort(([, a], [, b]) => b.seenAt - a.seenAt)
      .map(([id]) => id);
  }

  /** With as many services, and the pipeline as a whole. */
  #bytesOf(services: number): number {
    return (services + 1) * seriesBytes(this.#points) + this.#times.byteLength;
  }
}
