import type { FlowReason } from "./flow_signal.ts";

/** The flow of one service at a moment, as a value to show. */
export interface ServiceFlow {
  readonly name: string;
  readonly index: number;
  /** Ledgers in flight, and how many may be. */
  readonly inflight: number;
  readonly maxInflight: number;
  /** 1 is full. */
  readonly load: number;
  /** What makes the load. */
  readonly reason: FlowReason;
  /** 0.05 to 1. */
  readonly throttle: number;
  /** Whether backpressure is on. */
  readonly active: boolean;
  /** Ledgers a second, by wall time. */
  readonly throughput: number;
  /** Ledgers a second that it could drain; `undefined` before it is measured. */
  readonly drainRate: number | undefined;
  /** Ledgers a second at which its producers should send; `undefined` where they are not paced. */
  readonly pacedRate: number | undefined;
}
