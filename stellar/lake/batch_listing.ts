import { listBatches, listPartitions } from "./discover_layout.ts";
import type { LakeClock } from "./lake_clock.ts";
import type { LakeStorage } from "./lake_storage.ts";

/**
 * A listing is used for this long. Walking a lake of many gaps then costs one listing of a
 * partition (100 to 300 ms for 64,000 files) in this time, not one a gap.
 */
const MAX_AGE_MS = 5_000;
/** Batches remembered of a partition, 8 bytes each; a larger one is listed for every gap. */
const MAX_REMEMBERED = 1_000_000;

/** What a listing of a partition showed. */
interface Listed {
  readonly listedAt: number;
  /** The ledger after which was looked: before it other partitions may hold batches. */
  readonly after: number;
  /** First ledgers of the partition's batches, ascending. */
  readonly starts: Float64Array;
}

/** Finds what comes after a gap, which only a listing can tell. */
export class BatchListing {
  readonly #storage: LakeStorage;
  readonly #clock: LakeClock;
  #listed: Listed | undefined;

  constructor(storage: LakeStorage, clock: LakeClock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /**
   * The first batch that begins after a ledger; undefined when there is none. It may be some
   * seconds old, but that there is none is always seen afresh.
   */
  async startAfter(sequence: number): Promise<number | undefined> {
    return this.#remembered(sequence) ?? await this.#list(sequence);
  }

  #remembered(sequence: number): number | undefined {
    if (this.#listed === undefined || sequence < this.#listed.after) return undefined;
    if (this.#clock.monotonic() - this.#listed.listedAt >= MAX_AGE_MS) return undefined;
    return firstAfter(this.#listed.starts, sequence);
  }

  async #list(sequence: number): Promise<number | undefined> {
    this.#listed = undefined;
    for (const partition of await listPartitions(this.#storage)) {
      if (partition.endSequence <= sequence) continue;
      const batches = await listBatches(this.#storage, partition);
      const starts = Float64Array.from(batches, ({ startSequence }) => startSequence).sort();
      const next = firstAfter(starts, sequence);
      if (next === undefined) continue;
      if (starts.length <= MAX_REMEMBERED) {
        this.#listed = { listedAt: this.#clock.monotonic(), after: sequence, starts };
      }
      return next;
    }
    return undefined;
  }
}

/** The first of ascending numbers above a limit. */
function firstAfter(ascending: Float64Array, limit: number): number | undefined {
  let low = 0;
  for (let high = ascending.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return ascending[low];
}
