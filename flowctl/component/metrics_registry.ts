import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { LabelBounds } from "./label_bounds.ts";
import type { LabelValues, MetricDeclaration } from "./metric_declaration.ts";

/** What every metric says of itself. */
export interface MetricOptions<L extends LabelValues> {
  /** In the form of Prometheus: `ttp_events_total`, counters end in `_total`, units are base units. */
  readonly name: string;
  /** What is measured, as a sentence. */
  readonly help: string;
  /** Labels with their values: the number of series is bounded before the first one exists. */
  readonly labels?: L;
}

/** The labels of one series: a value for each declared name. */
export type Labels<L extends LabelValues> = Readonly<Record<keyof L & string, string>>;

/** One series of a metric whose values are read only when they are asked for. */
export interface Sample<L extends LabelValues> {
  /** The number now. */
  readonly value: number;
  /** Which series it is; absent for a metric without labels. */
  readonly labels?: Labels<L>;
}

/** Reads a number, or one for each series, at the time of a scrape; undefined where it is not known. */
export type ReadMetric<L extends LabelValues> = () => number | undefined | Iterable<Sample<L>>;

/** A count that only grows. */
export interface CounterHandle<L extends LabelValues> {
  /** Adds `value`, 1 by default. */
  inc(value?: number, labels?: Labels<L>): void;
}

/** A number that goes up and down. */
export interface GaugeHandle<L extends LabelValues> {
  /** Replaces the number. */
  set(value: number, labels?: Labels<L>): void;
}

/** Observed values counted in buckets. */
export interface HistogramHandle<L extends LabelValues> {
  /** Counts one value in its bucket. */
  observe(value: number, labels?: Labels<L>): void;
  /** One series, bound ahead for a hot path: no labels are made or looked at for a value. */
  of(labels: Labels<L>): { observe(value: number): void };
}

/**
 * The metrics of one process. Labels are declared with all their values; for numbers that a hot
 * path keeps anyway, `read` takes them at the scrape and costs nothing in between.
 */
export class MetricsRegistry {
  /** The library's registry, for metrics that need more than this class offers. */
  readonly registry: Registry = new Registry();
  readonly #histograms = new Map<string, HistogramHandle<Record<string, readonly string[]>>>();

  /**
   * Adds a count that only grows.
   *
   * @throws {Error} when the name is taken or not a valid one
   */
  counter<L extends LabelValues = Record<never, never>>(
    options: MetricOptions<L> & { readonly read?: ReadMetric<L> },
  ): CounterHandle<L> {
    const { read } = options;
    const bounds = new LabelBounds(options.labels);
    const counter: Counter = new Counter({
      ...this.#base(options),
      ...(read === undefined ? {} : {
        collect: () => {
          clear(counter, bounds);
          for (const { labels, value } of samples(read)) counter.inc(bounds.of(labels), value);
        },
      }),
    });
    return { inc: (value = 1, labels) => counter.inc(bounds.of(labels), value) };
  }

  /**
   * Adds a number that goes up and down.
   *
   * @throws {Error} when the name is taken or not a valid one
   */
  gauge<L extends LabelValues = Record<never, never>>(
    options: MetricOptions<L> & { readonly read?: ReadMetric<L> },
  ): GaugeHandle<L> {
    const { read } = options;
    const bounds = new LabelBounds(options.labels);
    const gauge: Gauge = new Gauge({
      ...this.#base(options),
      ...(read === undefined ? {} : {
        collect: () => {
          clear(gauge, bounds);
          for (const { labels, value } of samples(read)) gauge.set(bounds.of(labels), value);
        },
      }),
    });
    return { set: (value, labels) => gauge.set(bounds.of(labels), value) };
  }

  /**
   * Adds counts of values by size.
   *
   * @throws {Error} when the name is taken or not a valid one
   */
  histogram<L extends LabelValues = Record<never, never>>(
    options: MetricOptions<L> & { readonly buckets: readonly number[] },
  ): HistogramHandle<L> {
    const histogram = new Histogram({ ...this.#base(options), buckets: [...options.buckets] });
    const bounds = new LabelBounds(options.labels);
    // Those without labels are bound ahead: nothing is looked up when a value comes.
    const alone = options.labels === undefined ? histogram.labels() : undefined;
    return {
      observe: (value, labels) => (alone ?? histogram.labels(bounds.of(labels))).observe(value),
      of: (labels) => histogram.labels(bounds.of(labels)),
    };
  }

  /**
   * The histogram of a declaration, made at the first call: whoever shows it and whoever observes
   * it need not know of each other.
   */
  histogramOf(declaration: MetricDeclaration): HistogramHandle<Record<string, readonly string[]>> {
    const known = this.#histograms.get(declaration.name);
    if (known !== undefined) return known;
    const { buckets = [], labels = undefined, ...options } = declaration;
    const made: HistogramHandle<Record<string, readonly string[]>> = this.histogram({
      ...options,
      buckets,
      ...(labels === undefined ? {} : { labels: labels as Record<string, readonly string[]> }),
    });
    this.#histograms.set(declaration.name, made);
    return made;
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** The media type of {@linkcode text}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  #base(options: MetricOptions<LabelValues>) {
    return {
      name: options.name,
      help: options.help,
      labelNames: Object.keys(options.labels ?? {}),
      registers: [this.registry],
    };
  }
}

function samples<L extends LabelValues>(read: ReadMetric<L>): Iterable<Sample<L>> {
  const result = read();
  if (result === undefined) return [];
  return typeof result === "number" ? [{ value: result }] : result;
}

/** Forgets the last reading: a metric without labels would go on as 0. */
function clear(metric: Counter | Gauge, bounds: LabelBounds): void {
  metric.reset();
  if (bounds.isEmpty) metric.remove();
  else bounds.reset();
}
