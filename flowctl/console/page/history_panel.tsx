import { useState } from "preact/hooks";
import type { ApiClient } from "./api_client.ts";
import type { SnapshotJson } from "./api_types.ts";
import { HistoryChart } from "./history_chart.tsx";
import { type ChartMetric, PIPELINE_CHARTS, SERVICE_CHARTS } from "./history_series.ts";

/** Times back that can be chosen, in minutes; the control plane keeps an hour. */
const SPANS = [5, 15, 60];

/** What all charts of a page share. */
export interface ChartSource {
  readonly client: ApiClient;
  readonly snapshot: SnapshotJson;
  /** Charts are read anew when this changes. */
  readonly joins: number;
  readonly theme: "light" | "dark";
}

/** How the figures went: of the pipeline, or of one service. */
export function HistoryPanel(
  { source, serviceId }: { source: ChartSource; serviceId?: string },
) {
  const [minutes, setMinutes] = useState(15);
  const charts: readonly ChartMetric[] = serviceId === undefined ? PIPELINE_CHARTS : SERVICE_CHARTS;
  return (
    <section class="panel" aria-labelledby="history-title">
      <div class="panel-head">
        <h2 id="history-title">History</h2>
        <label>
          <span class="hidden">Time back</span>
          <select
            name="span"
            value={minutes}
            onChange={(event) => setMinutes(Number(event.currentTarget.value))}
          >
            {SPANS.map((each) => <option key={each} value={each}>last {each} minutes</option>)}
          </select>
        </label>
      </div>
      <div class="charts">
        {charts.map((metric) => (
          <HistoryChart
            key={metric.metric}
            source={source}
            serviceId={serviceId}
            metric={metric}
            minutes={minutes}
          />
        ))}
      </div>
    </section>
  );
}
