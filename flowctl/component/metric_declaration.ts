/** Values of a label that are not known beforehand. */
export interface OpenLabel {
  /** Most values shown at once; all further ones count as `other`, so that series are bounded. */
  readonly atMost: number;
  /** What the values are, for people. */
  readonly of: string;
}

/** Label names to all values that they may take, or to how many there may be. */
export type LabelValues = Readonly<Record<string, readonly string[] | OpenLabel>>;

/** What Prometheus calls the kinds of metrics that there are here. */
export type MetricType = "counter" | "gauge" | "histogram";

/**
 * A metric as data: `/metrics`, docs/metrics.md and dashboards are made from the same declaration.
 */
export interface MetricDeclaration {
  /** In the form of Prometheus: base units, counters end in `_total`. */
  readonly name: string;
  readonly type: MetricType;
  /** What it says, as a sentence. */
  readonly help: string;
  /** What is counted or measured: `seconds`, `bytes`, `ledgers`, `1` for a ratio or a flag. */
  readonly unit: string;
  /** When to worry, as a sentence. */
  readonly worry: string;
  /** Labels with their values; absent where there is one series. */
  readonly labels?: LabelValues;
  /** Upper bounds of a histogram's buckets, rising. */
  readonly buckets?: readonly number[];
}

/** Declarations by the names that code has for them. */
export type MetricDeclarations = Readonly<Record<string, MetricDeclaration>>;
