/**
 * Flow control: how loaded services are, how fast their producers should send, and how that is told.
 *
 * @module
 */
export type { AnyFlowControl } from "./any_flow_control.ts";
export { FlowControl } from "./flow_control.ts";
export { FlowControlError, type FlowControlErrorCode } from "./flow_control_error.ts";
export type { FlowControlOptions, ServiceLimits } from "./flow_options.ts";
export { FLOW_REASONS, type FlowLevel, type FlowReason, type FlowSignal } from "./flow_signal.ts";
export { DEFAULT_VALID_MS as FLOW_SIGNAL_VALID_MS, STEP_MS as FLOW_STEP_MS } from "./limits.ts";
export type { ServiceFlow } from "./service_flow.ts";
export {
  type ConsumerLoad,
  ConsumerLoads,
  type FlowPolicy,
  type ToldLoad,
} from "./consumer_loads.ts";
export {
  decodeFlowSignal,
  encodeFlowSignal,
  type FlowSignalMessage,
} from "./flow_signal_message.ts";
export { TokenBucket } from "./token_bucket.ts";
export {
  ComponentFlow,
  type ComponentFlowOptions,
  type FlowReader,
  type InHand,
} from "./component_flow.ts";
export { LoadReporter, type LoadReporterOptions, type ReportOutcome } from "./load_reporter.ts";
export { ReaderPace, type WantedPace } from "./reader_pace.ts";
export { SharedFlowControl, type SharedFlowControlOptions } from "./shared_flow_control.ts";
