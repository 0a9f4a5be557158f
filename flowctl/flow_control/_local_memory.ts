import {
  CELLS,
  type FlowCells,
  type FlowMemory,
  type FlowServices,
  type FlowSettings,
} from "./_flow_cells.ts";

/** The memory of a flow control that one thread uses. */
export function localMemory(settings: FlowSettings): FlowMemory {
  const { capacity } = settings;
  return {
    cells: new LocalCells(capacity),
    services: new LocalServices(capacity),
    settings,
    owner: true,
  };
}

class LocalCells implements FlowCells {
  readonly #counts: Int32Array;
  readonly #figures: Float64Array;
  #total = 0;

  constructor(capacity: number) {
    this.#counts = new Int32Array(capacity * CELLS);
    this.#figures = new Float64Array(capacity * CELLS);
  }

  count(at: number): number {
    return this.#counts[at]!;
  }

  setCount(at: number, value: number): void {
    this.#counts[at] = value;
  }

  exchangeCount(at: number, value: number): number {
    const before = this.#counts[at]!;
    this.#counts[at] = value;
    return before;
  }

  addCount(at: number, value: number): void {
    this.#counts[at]! += value;
  }

  replaceCount(at: number, from: number, to: number): boolean {
    if (this.#counts[at] !== from) return false;
    this.#counts[at] = to;
    return true;
  }

  figure(at: number): number {
    return this.#figures[at]!;
  }

  setFigure(at: number, value: number): void {
    this.#figures[at] = value;
  }

  total(): number {
    return this.#total;
  }

  recentTotal(): number {
    return this.#total;
  }

  addTotal(value: number): void {
    this.#total += value;
  }

  noteStep(): void {
    // The total is always what it is.
  }
}

class LocalServices implements FlowServices {
  readonly #names: string[] = [];
  readonly #maxInflight: Float64Array;
  readonly #maxBytes: Float64Array;

  constructor(capacity: number) {
    this.#maxInflight = new Float64Array(capacity);
    this.#maxBytes = new Float64Array(capacity);
  }

  name(index: number): string {
    return this.#names[index]!;
  }

  setName(index: number, name: string): void {
    this.#names[index] = name;
  }

  maxInflight(index: number): number {
    return this.#maxInflight[index]!;
  }

  maxBytes(index: number): number {
    return this.#maxBytes[index]!;
  }

  setLimits(index: number, maxInflight: number, maxBytes: number): void {
    this.#maxInflight[index] = maxInflight;
    this.#maxBytes[index] = maxBytes;
  }
}
