import type { LabelValues, MetricDeclaration, MetricDeclarations } from "./metric_declaration.ts";
import type { HistogramHandle, MetricsRegistry, ReadMetric } from "./metrics_registry.ts";

type LabelsOf<D extends MetricDeclaration> = D extends
  { readonly labels: infer L extends LabelValues } ? L : Record<never, never>;

/** How each declared counter and gauge is read; none can be forgotten. */
export type MetricReads<D extends MetricDeclarations> = {
  readonly [K in keyof D as D[K]["type"] extends "histogram" ? never : K]: ReadMetric<
    LabelsOf<D[K]>
  >;
};

/** The declared histograms, to be observed. */
export type DeclaredHistograms<D extends MetricDeclarations> = {
  readonly [K in keyof D as D[K]["type"] extends "histogram" ? K : never]: HistogramHandle<
    LabelsOf<D[K]>
  >;
};

/**
 * Shows declared metrics: counters and gauges are read at the scrape, histograms are given back for
 * whoever observes.
 *
 * @throws {Error} when a name is taken or not a valid one
 */
export function addDeclaredMetrics<const D extends MetricDeclarations>(
  metrics: MetricsRegistry,
  declarations: D,
  reads: MetricReads<D>,
): DeclaredHistograms<D> {
  const histograms: Record<string, unknown> = {};
  for (const [key, declaration] of Object.entries(declarations)) {
    if (declaration.type === "histogram") {
      histograms[key] = metrics.histogramOf(declaration);
      continue;
    }
    const { name, help, labels } = declaration;
    const read = (reads as Readonly<Record<string, ReadMetric<LabelValues>>>)[key]!;
    const options = { name, help, read, ...(labels === undefined ? {} : { labels }) };
    if (declaration.type === "counter") metrics.counter(options);
    else metrics.gauge(options);
  }
  return histograms as DeclaredHistograms<D>;
}

/**
 * Reads once for all metrics of one scrape: a registry asks its metrics one after the other in the
 * same turn of the event loop.
 */
export function oncePerTurn<T>(read: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    if (known === undefined) {
      known = { value: read() };
      queueMicrotask(() => known = undefined);
    }
    return known.value;
  };
}
