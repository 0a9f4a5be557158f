import type { PipelineRuns } from "./pipeline_runs.ts";
import type { Registry } from "./registry.ts";
import type { Service } from "../service/mod.ts";

/** What both protocols show. */
export interface ControlPlaneState {
  /** Who is there. */
  readonly registry: Registry;
  /** What runs. */
  readonly runs: PipelineRuns;
  /**
   * What a service is told when it has registered: where the control plane is, and where each of its
   * input event types is served.
   *
   * @param authority host and port by which the service has reached the control plane
   */
  connectionInfo(service: Service, authority: string): Record<string, string>;
}
