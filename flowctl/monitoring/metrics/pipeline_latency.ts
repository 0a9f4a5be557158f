import type { Clock, MetricsRegistry } from "../../component/mod.ts";
import { DEFAULT_PIPELINE, FLOWCTL_METRICS } from "./flowctl_metrics.ts";

/** Counts a batch that is done with; `readAtMs` is what the source says of it, which may be nothing. */
export type BatchDone = (readAtMs: unknown) => void;

/**
 * Counts how long after the source had read a batch this component was done with it. Between
 * machines this is as exact as their clocks agree.
 *
 * @param alsoTo hears of each time too, in seconds
 */
export function pipelineLatency(
  metrics: MetricsRegistry,
  clock: Pick<Clock, "now">,
  alsoTo: (seconds: number) => void = () => {},
): BatchDone {
  const { pipelineLatency } = FLOWCTL_METRICS;
  const series = metrics.histogramOf(pipelineLatency).of({ pipeline: DEFAULT_PIPELINE });
  return (readAtMs) => {
    if (typeof readAtMs !== "number" || !Number.isFinite(readAtMs)) return;
    const seconds = Math.max(0, clock.now() - readAtMs) / 1000;
    series.observe(seconds);
    alsoTo(seconds);
  };
}
