import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Label names to all values that they may take. */
export type LabelValues = Readonly<Record<string, readonly string[]>>;

/** Stands in for label values that were not declared, so that no input can make new series. */
export const OTHER_LABEL = "other";

/** What every metric says of itself. */
export interface MetricOptions<L extends LabelValues> {
  /** In the form of Prometheus: `ttp_events_total`, counters end in `_total`, units are base units. */
  readonly name: string;
  /** What is measured, as a sentence. */
  readonly help: string;
  /** Labels with all their values: the number of series is known before the first one exists. */
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

/** Reads a number, or one for each series, at the time of a scrape. */
export type ReadMetric<L extends LabelValues> = () => number | Iterable<Sample<L>>;

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
}

/**
 * The metrics of one process. Labels are declared with all their values; for numbers that a hot
 * path keeps anyway, `read` takes them at the scrape and costs nothing in between.
 */
export class MetricsRegistry {
  /** The library's registry, for metrics that need more than this class offers. */
  readonly registry: Registry = new Registry();

  /**
   * Adds a count that only grows.
   *
   * @throws {Error} when the name is taken or not a valid one
   */
  counter<L extends LabelValues = Record<never, never>>(
    options: MetricOptions<L> & { readonly read?: ReadMetric<L> },
  ): CounterHandle<L> {
    const { read } = options;
    const counter: Counter = new Counter({
      ...this.#base(options),
      ...(read === undefined ? {} : {
        collect: () => {
          counter.reset();
          for (const { labels, value } of samples(read)) {
            counter.inc(bounded(options.labels, labels), value);
          }
        },
      }),
    });
    return { inc: (value = 1, labels) => counter.inc(bounded(options.labels, labels), value) };
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
    const gauge: Gauge = new Gauge({
      ...this.#base(options),
      ...(read === undefined ? {} : {
        collect: () => {
          gauge.reset();
          for (const { labels, value } of samples(read)) {
            gauge.set(bounded(options.labels, labels), value);
          }
        },
      }),
    });
    return { set: (value, labels) => gauge.set(bounded(options.labels, labels), value) };
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
    return {
      observe: (value, labels) => histogram.observe(bounded(options.labels, labels), value),
    };
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
  return typeof result === "number" ? [{ value: result }] : result;
}

/** The labels with every value that was not declared replaced. */
function bounded(
  declared: LabelValues | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, values] of Object.entries(declared ?? {})) {
    const value = labels?.[name];
    result[name] = value !== undefined && values.includes(value) ? value : OTHER_LABEL;
  }
  return result;
}
