/** Most rows of one write: what a full disk refuses costs no more, and what fits still gets through. */
const ROWS_TOGETHER = 256;

/** How rows get into a file and out of it; both throw when they cannot. */
export interface RowWrites<T> {
  /** Keeps rows; those of the same ids are replaced. */
  save(rows: readonly T[]): void;
  /** Forgets rows. */
  remove(ids: readonly string[]): void;
}

/**
 * What a table of the state file should hold, and which of it the file does not hold yet. Ids of rows
 * that are gone are remembered only while the file has them: there are never more of these than rows
 * were known at once.
 */
export class KeptRows<T> {
  readonly #rows = new Map<string, T>();
  /** Ids of rows that the file has, in this form or an older one. */
  readonly #inFile = new Set<string>();
  /** Ids of rows that are to be written or removed. */
  readonly #unwritten = new Set<string>();

  /** Notes a row that the file holds. */
  found(id: string, row: T): void {
    this.#rows.set(id, row);
    this.#inFile.add(id);
  }

  /** Notes a row to be kept. */
  set(id: string, row: T): void {
    this.#rows.set(id, row);
    this.#unwritten.add(id);
  }

  /** Notes that a row is gone. */
  delete(id: string): void {
    this.#rows.delete(id);
    if (this.#inFile.has(id)) this.#unwritten.add(id);
    else this.#unwritten.delete(id);
  }

  /** Notes that the file holds none of the rows. */
  lost(): void {
    this.#inFile.clear();
    this.#unwritten.clear();
    for (const id of this.#rows.keys()) this.#unwritten.add(id);
  }

  /** Writes what is not written yet, removals first as they make room; throws what a write threw. */
  write({ save, remove }: RowWrites<T>): void {
    const ids = [...this.#unwritten];
    for (const gone of together(ids.filter((id) => !this.#rows.has(id)))) {
      remove(gone);
      for (const id of gone) {
        this.#inFile.delete(id);
        this.#unwritten.delete(id);
      }
    }
    for (const kept of together(ids.filter((id) => this.#rows.has(id)))) {
      save(kept.map((id) => this.#rows.get(id)!));
      for (const id of kept) {
        this.#inFile.add(id);
        this.#unwritten.delete(id);
      }
    }
  }
}

function* together(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += ROWS_TOGETHER) yield ids.slice(at, at + ROWS_TOGETHER);
}
