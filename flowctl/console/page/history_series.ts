import type { ServiceJson, SnapshotJson } from "./api_types.ts";
import { type FigureKind, figureText } from "./figure_text.ts";
import { isWorking } from "./service_figures.ts";

/** Points of a chart in the order of time; null where the value is not known. */
export interface Series {
  /** In seconds since 1970, as uPlot has them. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** A metric that a chart can show, with its name for people. */
export interface ChartMetric {
  readonly metric: keyof ServiceJson & string;
  readonly title: string;
  readonly kind: FigureKind;
  /** The axis goes up to this at least, so that what is little looks little. */
  readonly leastTop: number;
}

/** The charts of the pipeline as a whole: the figures that have a meaning for all together. */
export const PIPELINE_CHARTS: readonly ChartMetric[] = [
  { metric: "events_per_second", title: "Throughput", kind: "rate", leastTop: 1 },
  { metric: "load_ratio", title: "Highest load", kind: "part", leastTop: 1 },
  { metric: "latency_ms", title: "Highest latency", kind: "milliseconds", leastTop: 10 },
  { metric: "queue_depth", title: "Queued in all", kind: "count", leastTop: 4 },
];

/** The charts of one service. */
export const SERVICE_CHARTS: readonly ChartMetric[] = [
  { metric: "events_per_second", title: "Throughput", kind: "rate", leastTop: 1 },
  { metric: "load_ratio", title: "Load", kind: "part", leastTop: 1 },
  { metric: "throttle_rate", title: "Throttle rate", kind: "part", leastTop: 1 },
  { metric: "ledgers_behind_tip", title: "Ledgers behind the tip", kind: "count", leastTop: 4 },
  { metric: "latency_ms", title: "Latency", kind: "milliseconds", leastTop: 10 },
  { metric: "queue_depth", title: "Queue", kind: "count", leastTop: 4 },
  { metric: "error_rate", title: "Error rate", kind: "part", leastTop: 0.05 },
  { metric: "memory_bytes", title: "Memory", kind: "bytes", leastTop: 64 * 1024 * 1024 },
];

/** A series of the answer of `/api/history`. */
export function seriesOf(
  points: readonly (readonly [timeMs: number, value: number | null])[],
): Series {
  return {
    times: points.map(([timeMs]) => timeMs / 1_000),
    values: points.map(([, value]) => value),
  };
}

/** The series with one more point, without what is older than the span. */
export function withPoint(
  series: Series,
  timeMs: number,
  value: number | null,
  spanMs: number,
): Series {
  const seconds = timeMs / 1_000;
  const last = series.times.at(-1);
  // A snapshot that the history has told already, or one of a clock that was set back.
  if (last !== undefined && seconds <= last) return series;
  const from = series.times.findIndex((time) => time >= seconds - spanMs / 1_000);
  const kept = from === -1 ? series.times.length : from;
  return {
    times: [...series.times.slice(kept), seconds],
    values: [...series.values.slice(kept), value],
  };
}

/** The value of a snapshot that the history keeps of a service, or of the pipeline. */
export function snapshotValue(
  { services, total }: SnapshotJson,
  serviceId: string | undefined,
  metric: ChartMetric["metric"],
): number | null {
  if (serviceId === undefined) {
    const value = total[metric as keyof typeof total];
    if (typeof value === "number") return value;
    return isPeak(value) ? value.value : null;
  }
  const service = services.find(({ id }) => id === serviceId);
  // The last figures of one that does not work say nothing of now.
  if (service === undefined || !isWorking(service)) return null;
  const value = service[metric];
  return typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : null;
}

function isPeak(value: unknown): value is { value: number } {
  return typeof value === "object" && value !== null && "value" in value &&
    typeof value.value === "number";
}

/** A chart in a sentence, for those who do not see it. */
export function seriesSentence(
  { values }: Series,
  { title, kind }: Pick<ChartMetric, "title" | "kind">,
  minutes: number,
): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${title}: nothing is known of the last ${minutes} minutes.`;
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  const mean = known.reduce((a, b) => a + b) / known.length;
  const text = (value: number) => figureText(value, kind);
  return `${title} in the last ${minutes} minutes: now ${figureText(values.at(-1), kind)}, lowest ${
    text(least)
  }, highest ${text(most)}, mean ${text(mean)}.`;
}
