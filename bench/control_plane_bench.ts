/** The control plane's graph and its health must stay linear in services. */
import { pipelineHealth, type Service, topologyOf } from "../flowctl/mod.ts";

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
    metrics: {},
    registeredAt: 0,
    lastHeartbeatAt: 0,
  }));
}

for (const count of [10, 100, 1000]) {
  const known = services(count);
  Deno.bench({ name: `control plane: topology and health of ${count} services` }, () => {
    pipelineHealth(known, topologyOf(known), 0);
  });
}
