import type { FlowSignal } from "./flow_signal.ts";
import type { ServiceLimits } from "./flow_options.ts";
import type { ServiceFlow } from "./service_flow.ts";

/**
 * What FlowControl and SharedFlowControl have in common. A service is named once and has an index from
 * then on; an index that no service has throws FlowControlError SERVICE everywhere.
 *
 * A service is updated by one thread at a time; several threads have a service each, and share
 * the global limit.
 */
export interface AnyFlowControl {
  /** Load above which backpressure comes on; exactly at it, nothing changes. */
  readonly backpressureThreshold: number;
  /** Load below which it goes off; exactly at it, nothing changes. */
  readonly recoveryThreshold: number;
  /** Ledgers that all services together may have in flight. */
  readonly globalLimit: number;
  /** Ledgers that all services together have in flight. */
  readonly totalInflight: number;

  /**
   * The index of a service, which is new or has this name already (its limits then become those
   * given).
   *
   * @throws FlowControlError CAPACITY when there is no room, VALUE for a name or limit that cannot be
   */
  intern(name: string, limits?: ServiceLimits): number;
  /** Takes a service out; its index will be another's. Backpressure that is on goes off. */
  release(index: number): void;
  /** The index of a name, `undefined` when no service has it. */
  indexOf(name: string): number | undefined;
  /** The name of an index. */
  nameOf(index: number): string;

  /**
   * Says how a service is. Its load is the largest of ledgers in flight over their limit, bytes over
   * theirs, queue fill, what its consumers told, and ledgers of all services over the global limit.
   * Backpressure comes on, or goes off, at once. Allocates nothing; a fraction that it is given V8 may
   * box, which takes 16 bytes.
   *
   * @param inflight ledgers, a whole number; above a million counts as a million
   * @param inflightBytes bytes
   * @param queueFill 0 to 1
   * @param consumerLoad load that its own consumers told, 1 is full
   * @throws FlowControlError VALUE for a negative figure or none; nothing has changed then
   */
  update(
    index: number,
    inflight: number,
    inflightBytes?: number,
    queueFill?: number,
    consumerLoad?: number,
  ): void;

  /**
   * Says that a service has drained so many ledgers and worked on them for so long, time in which it
   * waited for more left out. From it comes what it could drain.
   */
  drained(index: number, ledgers: number, busyMs: number): void;

  /** Moves every throttle by one step, to be called every 100 ms. */
  step(): void;

  /**
   * Asks by hand for a throttle from 0.05 to below 1; `undefined` takes it back. The lower of it and the
   * algorithm's counts.
   */
  override(index: number, throttle: number | undefined): void;

  /**
   * Ledgers a second at which producers should send; `undefined` where they are not paced, or as long as
   * it is not known what the service drains.
   */
  pacedRate(index: number): number | undefined;
  /** Ledgers a second that the service could drain; `undefined` before it is measured. */
  drainRate(index: number): number | undefined;
  /** Ledgers a second that it drained, by wall time. */
  throughput(index: number): number;
  /** Its load; 1 is full. */
  load(index: number): number;
  /** Its throttle, 0.05 to 1. */
  throttle(index: number): number;
  /** Whether backpressure is on. */
  isActive(index: number): boolean;
  /** Its ledgers in flight. */
  inflight(index: number): number;
  /** How many it may have. */
  maxInflight(index: number): number;
  /** All about a service, as a value. */
  describe(index: number): ServiceFlow;
  /** The indexes of all services, lowest first. */
  indexes(): number[];

  /**
   * Calls back at each change, in the thread that made it, before `update` or `step` return.
   *
   * @returns a function that ends it
   * @throws FlowControlError CAPACITY beyond 64 subscribers
   */
  subscribe(listener: (signal: FlowSignal) => void): () => void;
  /**
   * Changes from now on, for whoever does not take them at once: 100 wait at most, and then each
   * takes the place of the oldest of its service. Ends when `abort` does.
   */
  signals(abort: AbortSignal): AsyncIterableIterator<FlowSignal>;
  /** The last 100 changes, oldest first. */
  recentSignals(): FlowSignal[];
}
