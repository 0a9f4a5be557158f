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
  readonly #cells: Float64Array;
  #total = 0;

  constructor(capacity: number) {
    this.#cells = new Float64Array(capacity * CELLS);
  }

  count(at: number): number {
    return this.#cells[at]!;
  }

  setCount(at: number, value: number): void {
    this.#cells[at] = value;
  }

  exchangeCount(at: number, value: number): number {
    const before = this.#cells[at]!;
    this.#cells[at] = value;
    return before;
  }

  addCount(at: number, value: number): void {
    this.#cells[at]! += value;
  }

  replaceCount(at: number, from: number, to: number): boolean {
    if (this.#cells[at] !== from) return false;
    this.#cells[at] = to;
    return true;
  }

  part(at: number): number {
    return this.#cells[at]!;
  }

  setPart(at: number, value: number): void {
    this.#cells[at] = value;
  }

  replacePart(at: number, from: number, to: number): boolean {
    return this.replaceCount(at, from, to);
  }

  figure(at: number): number {
    return this.#cells[at]!;
  }

  setFigure(at: number, value: number): void {
    this.#cells[at] = value;
  }

  total(): number {
    return this.#total;
  }

  addTotal(value: number): void {
    this.#total += value;
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
