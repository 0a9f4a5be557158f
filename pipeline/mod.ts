/** What others may use of the pipeline manager. */
export type { ComponentStatus, EndpointHealth, PipelineStatus } from "./control/mod.ts";
export { workerCode } from "./plan/mod.ts";
export { ignoresHangup } from "./process/mod.ts";
