import {
  CELLS,
  type FlowCells,
  type FlowMemory,
  type FlowServices,
  type FlowSettings,
} from "./_flow_cells.ts";
import { FlowControlError } from "./flow_control_error.ts";
import { MAX_NAME_LENGTH, MAX_SERVICES } from "./limits.ts";

/*
 * The buffer:
 *
 * | bytes                | what                                                                    |
 * |----------------------|-------------------------------------------------------------------------|
 * | 64                   | 5 float64: mark, capacity, the two thresholds, global limit             |
 * | 64                   | 1 int32: ledgers in flight of all services, alone in its cache line     |
 * | 64 × capacity        | cells, int32                                                            |
 * | 16 × capacity        | limits, float64: ledgers and bytes in flight                            |
 * | 514 × capacity       | names, uint16: length and characters                                    |
 *
 * Header, limits and names are written by the owner before other threads look at them; cells and total
 * by all threads, with Atomics.
 */
const LINE_BYTES = 64;
const CELLS_AT = 2 * LINE_BYTES;
const NAME_UNITS = 1 + MAX_NAME_LENGTH;

/** "FLOW" and the version of the layout. */
const MARK = 0x464c4f5701;

const INT_BYTES = Int32Array.BYTES_PER_ELEMENT;
const FLOAT_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Parts are counted in billionths, in which decimal thresholds are exact. */
const PART_UNITS = 1e9;

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
 */
class SharedCells implements FlowCells {
  readonly #cells: Int32Array;
  readonly #total: Int32Array;
  /** To see the bits of a float32. */
  readonly #bits = new Int32Array(1);
  readonly #float = new Float32Array(this.#bits.buffer);

  constructor(buffer: SharedArrayBuffer, capacity: number) {
    this.#cells = new Int32Array(buffer, CELLS_AT, capacity * CELLS);
    this.#total = new Int32Array(buffer, LINE_BYTES, 1);
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

  part(at: number): number {
    return this.#cells[at]! / PART_UNITS;
  }

  setPart(at: number, value: number): void {
    this.#cells[at] = Math.round(value * PART_UNITS);
  }

  replacePart(at: number, from: number, to: number): boolean {
    return this.replaceCount(at, Math.round(from * PART_UNITS), Math.round(to * PART_UNITS));
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
    return this.#total[0]! >>> 0;
  }

  addTotal(value: number): void {
    Atomics.add(this.#total, 0, value);
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
