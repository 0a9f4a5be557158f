import type { Service } from "../flowctl/mod.ts";

/** Services in layers of a tenth each, whose figures lead to every kind of recommendation. */
export function monitoredPipeline(count: number, now: number): Service[] {
  const width = Math.max(1, Math.round(count / 10));
  return Array.from({ length: count }, (_, at) => {
    const layer = Math.floor(at / width);
    return {
      id: `service-${at}`,
      name: "ttp-arrow-processor",
      description: "",
      version: "0.1.0",
      type: layer === 0 ? "SOURCE" : layer < 9 ? "PROCESSOR" : "CONSUMER",
      inputEventTypes: layer === 0 ? [] : [`type.T${layer}`],
      outputEventTypes: [`type.T${layer + 1}`],
      endpoint: "127.0.0.1:8815",
      metadata: { health_endpoint: `http://127.0.0.1:${10_000 + at}/health` },
      maxInflight: 1000,
      status: at % 50 === 0 ? "DEGRADED" : "HEALTHY",
      expired: false,
      metrics: {
        events_per_second: String(at * 1.5),
        processing_latency_ms: at % 7 === 0 ? "7200" : "12.25",
        queue_depth: String(at % 1000),
        load_ratio: at % 3 === 0 ? "0.95" : "0.5",
        error_rate: at % 11 === 0 ? "0.07" : "0.001",
        errors_total: String(at),
        throttle_rate: at % 3 === 0 ? "0.4" : "1",
        backpressure_active: at % 3 === 0 ? "1" : "0",
        inflight: String(at % 900),
        last_ledger: String(53_312_000 + at),
        ledgers_behind_tip: String(at),
        events_processed_total: String(at * 1e6),
        uptime_seconds: "3600",
        memory_bytes: "104857600",
        pool_total: "4",
        pool_healthy: at % 5 === 0 ? "1" : "4",
        pool_idle: "1",
        pool_waiting: "0",
      },
      registeredAt: 0,
      lastHeartbeatAt: now - 1_000,
    };
  });
}
