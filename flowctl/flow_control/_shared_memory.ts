import {
  CELLS,
  type FlowCells,
  type FlowMemory,
  type FlowServices,
  type FlowSettings,
} from "./_flow_cells.ts";
import { FlowControlError } from "./flow_control_error.ts";
import { MAX_NAME_LENGTH, MAX_SERVICES, TOTAL_REFRESH, TOTAL_SHARES } from "./limits.ts";

/*
 * The buffer:
 *
 * | bytes                | what                                                                    |
 * |----------------------|-------------------------------------------------------------------------|
 * | 64                   | 5 float64: mark, capacity, the two thresholds, global limit             |
 * | 64                   | 2 int32: threads that have attached, the owner among them; steps        |
 * | 64 × 32              | shares of the total, an int32 each                                      |
 * | 64 × capacity        | cells, int32                                                            |
 * | 16 × capacity        | limits, float64: ledgers and bytes in flight                            |
 * | 514 × capacity       | names, uint16: length and characters                                    |
 *
 * Header, limits and names are written by the owner before other threads look at them; the rest by all
 * threads.
 */
const LINE_BYTES = 64;
const LINE_INTS = LINE_BYTES / Int32Array.BYTES_PER_ELEMENT;
const COUNTS_AT = LINE_BYTES;
const SHARES_AT = 2 * LINE_BYTES;
const CELLS_AT = SHARES_AT + TOTAL_SHARES * LINE_BYTES;
const NAME_UNITS = 1 + MAX_NAME_LENGTH;

/** "FLOW" and the version of the layout. */
const MARK = 0x464c4f5701;

/** Places of the counts. */
const THREADS = 0, STEPS = 1;

const INT_BYTES = Int32Array.BYTES_PER_ELEMENT;
const FLOAT_BYTES = Float64Array.BYTES_PER_ELEMENT;

function limitsAt(capacity: number): number {
  return CELLS_AT + capacity * CELLS * INT_BYTES;
}

function namesAt(capacity: number): number {
  return limitsAt(capacity) + capacity * 2 * FLOAT_BYTES;
}

function sizeOf(capacity: number): number {
  return namesAt(capacity) + capacity * NAME_UNITS * Uint16Array.BYTES_PER_ELEMENT;
}

/** New memory for several threads. */
export function newSharedMemory(
  settings: FlowSettings,
): { memory: FlowMemory; buffer: SharedArrayBuffer } {
  const { capacity, backpressureThreshold, recoveryThreshold, globalLimit } = settings;
  const buffer = new SharedArrayBuffer(sizeOf(capacity));
  new Float64Array(buffer, 0, 5).set([
    MARK,
    capacity,
    backpressureThreshold,
    recoveryThreshold,
    globalLimit,
  ]);
  return { memory: memoryOf(buffer, settings, true), buffer };
}

/** The memory that another thread made. Throws FlowControlError BUFFER when it is none. */
export function attachedMemory(buffer: SharedArrayBuffer): FlowMemory {
  const isShared = buffer instanceof SharedArrayBuffer && buffer.byteLength > CELLS_AT;
  const header = isShared ? [...new Float64Array(buffer, 0, 5)] : [];
  const [mark, capacity = 0, backpressureThreshold, recoveryThreshold, globalLimit] = header;
  const isOurs = mark === MARK && Number.isInteger(capacity) && capacity >= 1 &&
    capacity <= MAX_SERVICES && buffer.byteLength === sizeOf(capacity);
  if (!isOurs) {
    throw new FlowControlError(
      "BUFFER",
      "The buffer is none of flow control: give the `buffer` of a SharedFlowControl",
    );
  }
  const settings: FlowSettings = {
    capacity,
    backpressureThreshold: backpressureThreshold!,
    recoveryThreshold: recoveryThreshold!,
    globalLimit: globalLimit!,
  };
  return memoryOf(buffer, settings, false);
}

function memoryOf(buffer: SharedArrayBuffer, settings: FlowSettings, owner: boolean): FlowMemory {
  const { capacity } = settings;
  return {
    cells: new SharedCells(buffer, capacity),
    services: new SharedServices(buffer, capacity),
    settings,
    owner,
  };
}

/**
 * Cells of several threads. Atomics are called only where two threads could undo each other's work: each
 * costs some 20 ns. An aligned integer of 32 bits is never read half written without them either, and
 * what another thread wrote is seen a moment later.
 *
 * Of the ledgers in flight of all services each thread has a share of its own, to which it adds; the sum
 * of the shares is the total. (A single figure would go to and fro between the processors with each
 * update: two threads were then slower together than one alone.)
 */
class SharedCells implements FlowCells {
  readonly #cells: Int32Array;
  readonly #counts: Int32Array;
  readonly #shares: Int32Array;
  /** Where this thread's share stands. */
  readonly #mine: number;
  /** The shares of the others, as of some updates ago. */
  #others = 0;
  #untilRefresh = 0;
  #refreshedAtStep = 0;
  /** To see the bits of a float32. */
  readonly #bits = new Int32Array(1);
  readonly #float = new Float32Array(this.#bits.buffer);

  constructor(buffer: SharedArrayBuffer, capacity: number) {
    this.#cells = new Int32Array(buffer, CELLS_AT, capacity * CELLS);
    this.#counts = new Int32Array(buffer, COUNTS_AT, 2);
    this.#shares = new Int32Array(buffer, SHARES_AT, TOTAL_SHARES * LINE_INTS);
    // Threads beyond the number of shares have one together, which is right and only slower.
    this.#mine = Atomics.add(this.#counts, THREADS, 1) % TOTAL_SHARES * LINE_INTS;
  }

  count(at: number): number {
    return this.#cells[at]!;
  }

  setCount(at: number, value: number): void {
    this.#cells[at] = value;
  }

  exchangeCount(at: number, value: number): number {
    return Atomics.exchange(this.#cells, at, value);
  }

  addCount(at: number, value: number): void {
    Atomics.add(this.#cells, at, value);
  }

  replaceCount(at: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#cells, at, from, to) === from;
  }

  figure(at: number): number {
    this.#bits[0] = this.#cells[at]!;
    return this.#float[0]!;
  }

  setFigure(at: number, value: number): void {
    this.#float[0] = value;
    this.#cells[at] = this.#bits[0]!;
  }

  total(): number {
    return this.#sumOfShares();
  }

  recentTotal(): number {
    const step = this.#counts[STEPS]!;
    if (this.#untilRefresh-- === 0 || step !== this.#refreshedAtStep) {
      this.#untilRefresh = TOTAL_REFRESH - 1;
      this.#refreshedAtStep = step;
      this.#others = this.#sumOfShares() - this.#shares[this.#mine]!;
    }
    return Math.max(0, this.#others + this.#shares[this.#mine]!);
  }

  addTotal(value: number): void {
    Atomics.add(this.#shares, this.#mine, value);
  }

  noteStep(): void {
    Atomics.add(this.#counts, STEPS, 1);
  }

  /** A share may be below 0 where another thread brought the ledgers in: only the sum means something. */
  #sumOfShares(): number {
    const inUse = Math.min(Atomics.load(this.#counts, THREADS), TOTAL_SHARES);
    let sum = 0;
    for (let share = 0; share < inUse; share++) {
      sum = (sum + Atomics.load(this.#shares, share * LINE_INTS)) | 0;
    }
    return Math.max(0, sum);
  }
}

class SharedServices implements FlowServices {
  readonly #limits: Float64Array;
  readonly #names: Uint16Array;
  /** Names that were read already, and of which generation they are. */
  readonly #read: { readonly name: string; readonly generation: number }[] = [];

  constructor(buffer: SharedArrayBuffer, capacity: number) {
    this.#limits = new Float64Array(buffer, limitsAt(capacity), 2 * capacity);
    this.#names = new Uint16Array(buffer, namesAt(capacity), NAME_UNITS * capacity);
  }

  name(index: number, generation: number): string {
    const read = this.#read[index];
    if (read?.generation === generation) return read.name;
    const at = index * NAME_UNITS;
    const name = String.fromCharCode(...this.#names.subarray(at + 1, at + 1 + this.#names[at]!));
    this.#read[index] = { name, generation };
    return name;
  }

  setName(index: number, name: string): void {
    const at = index * NAME_UNITS;
    this.#names[at] = name.length;
    for (let i = 0; i < name.length; i++) this.#names[at + 1 + i] = name.charCodeAt(i);
  }

  maxInflight(index: number): number {
    return this.#limits[2 * index]!;
  }

  maxBytes(index: number): number {
    return this.#limits[2 * index + 1]!;
  }

  setLimits(index: number, maxInflight: number, maxBytes: number): void {
    this.#limits[2 * index] = maxInflight;
    this.#limits[2 * index + 1] = maxBytes;
  }
}
