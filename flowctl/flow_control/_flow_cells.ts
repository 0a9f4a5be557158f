import { MAX_LOAD } from "./limits.ts";

/**
 * Cells of one service, in each of which one figure stands. 16 of 32 bits make a line of the processor's
 * cache, so that threads which update different services do not wait for each other.
 *
 * | cell       | what stands in it                                                     |
 * |------------|-----------------------------------------------------------------------|
 * | INFLIGHT   | ledgers in flight                                                     |
 * | BYTES      | bytes in flight as a part of what is allowed, in billionths           |
 * | QUEUE      | fill of the queue, in billionths                                      |
 * | CONSUMER   | load that consumers told, in billionths                               |
 * | ACTIVE     | 1 while backpressure is on                                            |
 * | THROTTLE   | what the algorithm lets through, in millionths                        |
 * | OVERRIDE   | what somebody asked for, in millionths; a million is nothing          |
 * | HOLD       | 0: the rate is not held; n: it is, and n - 1 steps had a low load     |
 * | DONE       | ledgers drained since the last step                                   |
 * | WORKED     | microseconds that it took                                             |
 * | DRAINED    | ledgers drained until then, older ones counting less; a figure        |
 * | BUSY       | milliseconds that it took, in the same way; a figure                  |
 * | THROUGHPUT | ledgers a second by wall time; a figure                               |
 * | GENERATION | 0: never used; n: used; -n: released                                  |
 *
 * All but the figures are whole numbers, in which decimal thresholds are exact, and which the engine hands
 * from function to function without allocating.
 */
export const CELLS = 16;

export const INFLIGHT = 0,
  BYTES = 1,
  QUEUE = 2,
  CONSUMER = 3,
  ACTIVE = 4,
  THROTTLE = 5,
  OVERRIDE = 6,
  HOLD = 7,
  DONE = 8,
  DRAINED = 9,
  BUSY = 10,
  THROUGHPUT = 11,
  GENERATION = 12,
  WORKED = 13;

/** Loads are counted in billionths, */
export const LOAD_UNITS = 1e9;

/** throttles in millionths. */
export const THROTTLE_UNITS = 1e6;

/** A load, as what there is over what may be. */
export function loadUnits(value: number, most: number): number {
  return Math.round(Math.min(value / most, MAX_LOAD) * LOAD_UNITS);
}

/**
 * Where the state stands: in arrays of one thread, or in memory of several. A *count* is a whole number of
 * 32 bits, a *figure* has at least 24 significant bits.
 */
export interface FlowCells {
  count(at: number): number;
  setCount(at: number, value: number): void;
  /** Sets a count and tells what was there. */
  exchangeCount(at: number, value: number): number;
  addCount(at: number, value: number): void;
  /** Sets a count where it is `from`; tells whether it was. */
  replaceCount(at: number, from: number, to: number): boolean;
  figure(at: number): number;
  setFigure(at: number, value: number): void;
  /** Ledgers in flight of all services. */
  total(): number;
  /** The same for updates, which may be behind what other threads did a moment ago. */
  recentTotal(): number;
  addTotal(value: number): void;
  /** Lets all threads look at the total anew, at each step. */
  noteStep(): void;
}

/** What a service is allowed, and what it is called. */
export interface FlowServices {
  /** The name of a service that is in use. */
  name(index: number, generation: number): string;
  setName(index: number, name: string): void;
  maxInflight(index: number): number;
  maxBytes(index: number): number;
  setLimits(index: number, maxInflight: number, maxBytes: number): void;
}

/** Memory of a flow control. */
export interface FlowMemory {
  readonly cells: FlowCells;
  readonly services: FlowServices;
  readonly settings: FlowSettings;
  /** Whether this thread made it: only it may intern, release and step. */
  readonly owner: boolean;
}

/** What holds for all services. */
export interface FlowSettings {
  readonly capacity: number;
  readonly backpressureThreshold: number;
  readonly recoveryThreshold: number;
  readonly globalLimit: number;
}
