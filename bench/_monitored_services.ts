import { poolFigures, type Service } from "../flowctl/mod.ts";

/** Services with all the figures that heartbeats tell, a pool of three endpoints included. */
export function monitoredServices(count: number): Service[] {
  return Array.from({ length: count }, (_, at) => {
    const endpoints = [1, 2, 3].map((port) => ({
      endpoint: `10.0.0.${at}:${port}`,
      total: 4,
      healthy: 4,
      idle: 1,
      busy: 3,
    }));
    const pool = poolFigures({
      total: 12,
      healthy: 12,
      idle: 3,
      busy: 9,
      waiting: 0,
      reconnects: { connect_failed: 1, check_failed: 0, call_failed: 2 },
      endpoints,
    });
    const figures = {
      ...pool,
      events_processed_total: at * 1e6,
      events_per_second: at * 1.5,
      processing_latency_ms: 12.25,
      queue_depth: at,
      load_ratio: 0.75,
      throttle_rate: 0.5,
      backpressure_active: at % 2,
    };
    return {
      id: `service-${at}`,
      name: "",
      description: "",
      version: "0.1.0",
      type: (["SOURCE", "PROCESSOR", "CONSUMER"] as const)[at % 3]!,
      inputEventTypes: [],
      outputEventTypes: [],
      endpoint: "127.0.0.1:8815",
      metadata: {},
      maxInflight: 1000,
      status: "HEALTHY",
      expired: false,
      metrics: Object.fromEntries(Object.entries(figures).map(([name, n]) => [name, `${n}`])),
      registeredAt: 0,
      lastHeartbeatAt: 0,
    };
  });
}
