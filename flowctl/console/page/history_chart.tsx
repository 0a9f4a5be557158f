import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "./api_client.ts";
import type { HistoryJson } from "./api_types.ts";
import { figureText } from "./figure_text.ts";
import type { ChartSource } from "./history_panel.tsx";
import {
  type ChartMetric,
  type Series,
  seriesOf,
  seriesSentence,
  snapshotValue,
  withPoint,
} from "./history_series.ts";
import { TimeChart } from "./time_chart.ts";

interface HistoryChartProps {
  readonly source: ChartSource;
  readonly serviceId: string | undefined;
  readonly metric: ChartMetric;
  readonly minutes: number;
}

/** One metric over time: read once, and continued by each snapshot. */
export function HistoryChart(props: HistoryChartProps) {
  const { source, metric, minutes } = props;
  const [series, problem] = useSeries(props);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<TimeChart | undefined>(undefined);
  const [pointed, setPointed] = useState<string | undefined>(undefined);
  useEffect(() => {
    const made = new TimeChart(place.current!, metric, setPointed);
    chart.current = made;
    return () => made.remove();
  }, [source.theme, metric]);
  useEffect(() => {
    if (series !== undefined) chart.current?.show(series, minutes * 60);
  }, [series, minutes, source.theme]);
  const sentence = series === undefined
    ? `${metric.title}: loading`
    : seriesSentence(series, metric, minutes);
  const isEmpty = series !== undefined && series.values.every((value) => value === null);
  return (
    <figure class="chart" data-metric={metric.metric}>
      <figcaption>
        <span>{metric.title}</span>
        <strong>{pointed ?? figureText(series?.values.at(-1), metric.kind)}</strong>
      </figcaption>
      <div class="plot">
        <div ref={place} role="img" aria-label={sentence} />
        {problem === "" ? null : <p class="quiet plot-note" role="alert">{problem}</p>}
        {series === undefined && problem === "" ? <p class="quiet plot-note">Loading…</p> : null}
        {isEmpty ? <p class="quiet plot-note">Not told</p> : null}
      </div>
    </figure>
  );
}

function useSeries(
  { source, serviceId, metric: { metric }, minutes }: HistoryChartProps,
): [Series | undefined, string] {
  const { client, snapshot, joins } = source;
  const [series, setSeries] = useState<Series | undefined>(undefined);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const reading = new AbortController();
    const query = new URLSearchParams({ metric, since: String(minutes * 60) });
    if (serviceId !== undefined) query.set("service", serviceId);
    client.json<HistoryJson>(`/api/history?${query}`, reading.signal).then(({ points }) => {
      setSeries(seriesOf(points));
      setProblem("");
    }).catch((error) => {
      if (reading.signal.aborted) return;
      // A service of this moment has no history yet; it begins with the next snapshot.
      if (error instanceof ApiError && error.status === 404) setSeries({ times: [], values: [] });
      else setProblem(`Cannot be read: ${error.message}`);
    });
    return () => reading.abort();
  }, [client, serviceId, metric, minutes, joins]);
  useEffect(() => {
    const value = snapshotValue(snapshot, serviceId, metric);
    const timeMs = Date.parse(snapshot.time);
    setSeries((now) => now && withPoint(now, timeMs, value, minutes * 60_000));
  }, [snapshot]);
  return [series, problem];
}
