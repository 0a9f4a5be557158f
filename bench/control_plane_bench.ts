/** The control plane's graph, its health and its metrics must stay linear in services. */
import { pipelineHealth, pipelineMetrics, type Service, topologyOf } from "../flowctl/mod.ts";

function services(count: number): Service[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `service-${at}`,
    name: "",
    description: "",
    version: "0.1.0",
    type: "PROCESSOR",
    inputEventTypes: [`type.T${at % 20}`],
    outputEventTypes: [`type.T${at % 20 + 1}`],
    endpoint: "127.0.0.1:8815",
    metadata: {},
    maxInflight: 1000,
    status: at % 50 === 0 ? "DEGRADED" : "HEALTHY",
    expired: false,
    metrics: {
      events_per_second: String(at * 1.5),
      processing_latency_ms: "12.25",
      queue_depth: String(at % 1000),
      load_ratio: "0.75",
      error_rate: "0.001",
      events_processed_total: String(at * 1e6),
      memory_bytes: "104857600",
    },
    registeredAt: 0,
    lastHeartbeatAt: 0,
  }));
}

for (const count of [10, 100, 1000]) {
  const known = services(count);
  Deno.bench({ name: `control plane: topology and health of ${count} services` }, () => {
    pipelineHealth(known, topologyOf(known), 0);
  });
  Deno.bench({ name: `control plane: pipeline metrics of ${count} services` }, () => {
    pipelineMetrics(known);
  });
}
