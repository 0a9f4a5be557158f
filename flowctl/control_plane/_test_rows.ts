import { source } from "./_test_services.ts";
import type { PipelineRun } from "./pipeline_run.ts";
import type { StoredService } from "./storage.ts";

/** A service as it is kept. */
export function stored(id: string): StoredService {
  return {
    registration: { ...source, id, metadata: { zone: "ü" } },
    status: "DEGRADED",
    metrics: JSON.parse('{"__proto__":"1"}'),
    registeredAt: 5,
    lastHeartbeatAt: 7.5,
  };
}

/** A run as it is kept. */
export const pipelineRun: PipelineRun = {
  runId: "r1",
  pipelineName: "p",
  status: "STARTING",
  startTime: 1,
  updatedAt: 1,
  configYaml: "a: 1",
  error: "",
  componentIds: ["a"],
};
