/** What others may use of the pipeline manager. */
export { workerCode } from "./worker_code.ts";
export { ignoresHangup } from "./launcher.ts";
