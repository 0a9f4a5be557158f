import { FlowControl } from "./flow_control.ts";
import { FlowControlError } from "./flow_control_error.ts";
import { type FlowControlOptions, readSettings } from "./flow_options.ts";
import { attachedMemory, newSharedMemory } from "./_shared_memory.ts";

/** How a shared flow control works. */
export interface SharedFlowControlOptions extends FlowControlOptions {
  /** The `buffer` of the one that another thread made; the settings are then its own. */
  readonly buffer?: SharedArrayBuffer;
}

/** Settings that stand in the buffer. */
const IN_BUFFER = [
  "capacity",
  "globalLimit",
  "backpressureThreshold",
  "recoveryThreshold",
] as const;

/**
 * Flow control of services in several threads, whose state is one shared buffer. The thread that makes
 * it names the services, posts the buffer and the indexes to its workers, and steps; the workers
 * attach and update. Nothing waits for another thread. When backpressure comes on or goes off, exactly
 * one thread signals it, to its own subscribers: the one whose `update` or `step` crossed the threshold.
 *
 * Rates have 7 digits. In an update the global limit is held against what the other threads had in flight
 * some updates ago, or at the last step.
 *
 * ```ts
 * import { SharedFlowControl } from "@obsrvr/stellar-components/flowctl";
 *
 * const owner = new SharedFlowControl();
 * const reader = owner.intern("reader", { maxInflight: 10 });
 * // In a worker, which was posted owner.buffer and the index:
 * const flow = new SharedFlowControl({ buffer: owner.buffer });
 * flow.update(reader, 9);
 * console.log(owner.isActive(reader)); // true
 * ```
 */
export class SharedFlowControl extends FlowControl {
  /** To be posted to workers. */
  readonly buffer: SharedArrayBuffer;

  /** Makes the state, or attaches to one. Throws FlowControlError BUFFER or VALUE. */
  constructor(options: SharedFlowControlOptions = {}) {
    const { buffer } = options;
    if (buffer === undefined) {
      const made = newSharedMemory(readSettings(options));
      super(options, made.memory);
      this.buffer = made.buffer;
      return;
    }
    const given = IN_BUFFER.find((name) => options[name] !== undefined);
    if (given !== undefined) {
      throw new FlowControlError(
        "BUFFER",
        `${given} stands in the buffer already: give either the buffer or ${given}`,
      );
    }
    super(options, attachedMemory(buffer));
    this.buffer = buffer;
  }
}
