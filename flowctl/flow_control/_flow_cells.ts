/**
 * Cells of one service, in each of which one figure stands. 16 of 32 bits make a line of the processor's
 * cache, so that threads which update different services do not wait for each other.
 *
 * | cell           | kind   | what stands in it                                              |
 * |----------------|--------|----------------------------------------------------------------|
 * | INFLIGHT       | count  | ledgers in flight                                              |
 * | BYTES          | part   | bytes in flight, as a part of what is allowed                  |
 * | QUEUE          | part   | fill of the queue                                              |
 * | CONSUMER       | part   | load that consumers told                                       |
 * | ACTIVE         | count  | 1 while backpressure is on                                     |
 * | THROTTLE       | part   | what the algorithm lets through, 0.05 to 1                     |
 * | OVERRIDE       | part   | what somebody asked for, 0.05 to 1; 1 is nothing               |
 * | HOLD           | count  | 0: the rate is not held; n: held, and n - 1 steps of low load  |
 * | DONE           | count  | ledgers drained since the last step                            |
 * | DRAINED        | figure | ledgers drained, older ones counting less                      |
 * | BUSY           | figure | milliseconds that it took, older ones counting less            |
 * | THROUGHPUT     | figure | ledgers a second by wall time                                  |
 * | GENERATION     | count  | 0: never used; n: used; -n: released                           |
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
  GENERATION = 12;

/**
 * Where the state stands: in arrays of one thread, or in memory of several. A *count* is an integer of
 * 32 bits, a *part* a number from 0 to 2 exact to a billionth, a *figure* one of 24 significant bits.
 */
export interface FlowCells {
  count(at: number): number;
  setCount(at: number, value: number): void;
  /** Sets a count and tells what was there. */
  exchangeCount(at: number, value: number): number;
  addCount(at: number, value: number): void;
  /** Sets a count where it is `from`; tells whether it was. */
  replaceCount(at: number, from: number, to: number): boolean;
  part(at: number): number;
  setPart(at: number, value: number): void;
  /** Sets a part where it is `from`; tells whether it was. */
  replacePart(at: number, from: number, to: number): boolean;
  figure(at: number): number;
  setFigure(at: number, value: number): void;
  /** Ledgers in flight of all services. */
  total(): number;
  addTotal(value: number): void;
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
