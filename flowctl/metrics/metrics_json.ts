import type { Peak, PipelineMetrics, PipelineTotal } from "./pipeline_metrics.ts";
import type { ServiceMetrics } from "./service_metrics.ts";

/** Metrics as `/api/metrics` and the commands tell them; what is not known is null. */
export function metricsJson({ services, total }: PipelineMetrics) {
  return {
    services: services.map(serviceJson),
    total: totalJson(total),
  };
}

/** The figures of a pipeline as a whole. */
export function totalJson(total: PipelineTotal) {
  return {
    services: total.services,
    working: total.working,
    events_per_second: total.eventsPerSecond ?? null,
    events_per_second_by_type: total.eventsPerSecondByType,
    latency_ms: peakJson(total.latencyMs),
    load_ratio: peakJson(total.loadRatio),
    queue_depth: total.queueDepth ?? null,
    error_rate: peakJson(total.errorRate),
  };
}

function serviceJson(service: ServiceMetrics) {
  return {
    id: service.id,
    type: service.type,
    status: service.status,
    events_per_second: service.eventsPerSecond ?? null,
    latency_ms: service.latencyMs ?? null,
    load_ratio: service.loadRatio ?? null,
    queue_depth: service.queueDepth ?? null,
    error_rate: service.errorRate ?? null,
  };
}

function peakJson(peak: Peak | undefined) {
  return peak === undefined ? null : { value: peak.value, service_id: peak.serviceId };
}
