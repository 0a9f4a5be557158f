import { jsonResponse } from "../component/mod.ts";
import { HISTORY_METRICS, isHistoryMetric, type PipelineMonitor } from "../monitoring/mod.ts";

/**
 * The answer of `/api/history`: without `metric` what there is, else the points of that metric, of
 * `service` or of the pipeline, of the last `since` seconds or of all the time that is kept.
 */
export function historyResponse(
  { history, latest }: Pick<PipelineMonitor, "history" | "latest">,
  query: URLSearchParams,
): Response {
  const { stepMs: step_ms, spanMs: span_ms } = history;
  const metric = query.get("metric");
  if (metric === null) {
    const { services, leftOut } = history;
    return jsonResponse(200, {
      metrics: HISTORY_METRICS,
      services,
      services_left_out: leftOut,
      step_ms,
      span_ms,
    });
  }
  if (!isHistoryMetric(metric)) {
    return wrong(400, `no such metric: "${metric}"; there are ${HISTORY_METRICS.join(", ")}`);
  }
  const seconds = query.get("since") ?? String(span_ms / 1000);
  if (!/^\d{1,9}(\.\d+)?$/.test(seconds)) {
    return wrong(400, `since "${seconds}" must be a time back in seconds, for example since=600`);
  }
  const service = query.get("service");
  if (service !== null && !history.has(service)) {
    return wrong(
      404,
      `no history of a service "${service}"; /api/history names those that have one`,
    );
  }
  const sinceMs = latest.timeMs - Number(seconds) * 1000;
  const points = history.points(metric, service ?? undefined, sinceMs);
  return jsonResponse(200, { metric, service, step_ms, points });
}

function wrong(status: number, error: string): Response {
  return jsonResponse(status, { error });
}
