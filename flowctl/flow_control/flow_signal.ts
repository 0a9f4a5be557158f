/**
 * What changed:
 *
 * - `on`: backpressure has come on
 * - `deeper`: the load is still above the threshold, the throttle was lowered
 * - `off`: backpressure is over, the throttle begins to climb
 * - `rising`: the throttle climbed by a step
 * - `recovered`: producers are not paced any more
 */
export type FlowLevel = "on" | "deeper" | "off" | "rising" | "recovered";

/**
 * What makes the load:
 *
 * - `queue_full`: ledgers in flight, of the service or of all together, or the fill of its queue
 * - `memory`: bytes in flight
 * - `slow_consumer`: the load that its consumers told
 * - `manual`: somebody asked for it
 */
export type FlowReason = "queue_full" | "slow_consumer" | "memory" | "manual";

/** All reasons, as they are written. */
export const FLOW_REASONS: readonly FlowReason[] = [
  "queue_full",
  "slow_consumer",
  "memory",
  "manual",
];

/**
 * A change in the flow of a service. What a listener gets is a slot that is used again, and holds
 * only during the call: `copy()` keeps it.
 */
export interface FlowSignal {
  /** Name of the service. */
  readonly service: string;
  /** Its index. */
  readonly serviceIndex: number;
  /** What changed. */
  readonly level: FlowLevel;
  /** What makes the load. */
  readonly reason: FlowReason;
  /** Load of the service; 1 is full. */
  readonly load: number;
  /** Its throttle, 0.05 to 1. */
  readonly throttle: number;
  /** Ledgers a second at which producers should send; `undefined` where they are not paced. */
  readonly suggestedRate: number | undefined;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The same as a value of its own. */
  copy(): FlowSignal;
}
