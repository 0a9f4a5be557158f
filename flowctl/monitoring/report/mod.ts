/**
 * How a pipeline is and what to do about it, with the numbers that led to it.
 *
 * @module
 */
export type { Bottleneck } from "./bottleneck.ts";
export {
  type LagTrendOf,
  type PipelineReport,
  pipelineReport,
  type ReportedFlowControl,
  type ReportedPool,
  type ReportedService,
} from "./pipeline_report.ts";
export { reportText } from "./report_text.ts";
export type { Recommendation, Severity } from "./recommendations.ts";
