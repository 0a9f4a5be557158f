import type { BatchLayout, BatchLocation } from "./batch_layout.ts";
import type { LakeStorage } from "./lake_storage.ts";

/** Files that were read ahead have at most this many bytes, but for those on their way. */
const MAX_BYTES_AHEAD = 16 * 1024 * 1024;

/** A batch file that is on its way from the store; undefined when there is none. */
export interface Fetching {
  readonly location: BatchLocation;
  readonly file: Promise<Uint8Array | undefined>;
}

/** The files of a reading that are fetched before their turn, in order. */
export class ReadAhead {
  readonly #storage: LakeStorage;
  readonly #atOnce: number;
  readonly #ahead: number;
  readonly #queue: Fetching[] = [];
  #next: number | undefined;
  #bytes = 0;

  /** Fetches `atOnce` files at the same time and `ahead` (not below it) before their turn. */
  constructor(storage: LakeStorage, atOnce: number, ahead: number) {
    this.#storage = storage;
    this.#atOnce = atOnce;
    this.#ahead = ahead;
  }

  /** Fetches on, from the batch of `from` at first and up to the batch of `last`. */
  fill(layout: BatchLayout, from: number, last: number): void {
    this.#next ??= from;
    while (
      this.#next <= last && this.#queue.length < this.#ahead &&
      (this.#bytes < MAX_BYTES_AHEAD || this.#queue.length === 0)
    ) {
      const location = layout.batchAt(this.#next);
      // The file so many places before it must have come, so that no more are under way at once.
      const before = this.#queue.at(-this.#atOnce);
      const file = this.#fetch(location.key, before);
      // A reading that ends before its turn must not leave a rejection that nobody handles.
      file.catch(() => {});
      this.#queue.push({ location, file });
      this.#next = location.endSequence + 1;
    }
  }

  /** The next file; `fill` must have found one. */
  take(): Fetching {
    const fetching = this.#queue.shift()!;
    const { location } = fetching;
    const file = fetching.file.then((bytes) => {
      this.#bytes -= bytes?.length ?? 0;
      return bytes;
    });
    return { location, file };
  }

  async #fetch(key: string, before: Fetching | undefined): Promise<Uint8Array | undefined> {
    // Its failure is its own reader's concern.
    if (before !== undefined) await before.file.catch(() => {});
    const bytes = await this.#storage.read(key);
    this.#bytes += bytes?.length ?? 0;
    return bytes;
  }
}
