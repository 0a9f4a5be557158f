/** What others may use of the pipeline manager. */
export { workerCode } from "./plan/mod.ts";
export { ignoresHangup } from "./process/mod.ts";
