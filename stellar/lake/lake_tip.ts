import type { BatchFiles } from "./batch_files.ts";
import type { BatchLayout } from "./batch_layout.ts";
import { discoverLayout, listBatches, listPartitions, type Partition } from "./discover_layout.ts";
import { LakeError } from "./lake_error.ts";
import type { LakeConfig } from "./lake_config.ts";
import type { LakeClock } from "./lake_clock.ts";
import type { LakeStorage } from "./lake_storage.ts";

/** Batches looked for one by one after the last known; beyond, listing is cheaper. */
const MAX_PROBES = 64;
/**
 * A listing sees what looking at the next names cannot: ledgers after a gap. A partition of
 * 64,000 files takes 100 to 300 ms to list, so that this costs a percent at most.
 */
const LIST_INTERVAL_MS = 30_000;

/** First and last ledger of a lake. */
export interface LakeBounds {
  /** First ledger that is there. */
  readonly first: number;
  /** Last ledger that is there. */
  readonly last: number;
}

/**
 * Knows the ends of a lake that grows. Looking for news costs one look at the next file's name;
 * the newest partition is listed at first and every half minute.
 */
export class LakeTip {
  readonly #storage: LakeStorage;
  readonly #files: BatchFiles;
  readonly #config: LakeConfig | undefined;
  readonly #clock: LakeClock;
  #layout: BatchLayout | undefined;
  #bounds: LakeBounds | undefined;
  #listedAt = -Infinity;
  #refreshing: Promise<LakeBounds | undefined> | undefined;

  constructor(
    storage: LakeStorage,
    files: BatchFiles,
    config: LakeConfig | undefined,
    clock: LakeClock,
  ) {
    this.#storage = storage;
    this.#files = files;
    this.#config = config;
    this.#clock = clock;
  }

  /** How the lake is laid out, once it holds a file. */
  get layout(): BatchLayout | undefined {
    return this.#layout;
  }

  /** What the last refresh found; undefined while the lake is empty. */
  get bounds(): LakeBounds | undefined {
    return this.#bounds;
  }

  /** Looks for news. Several callers at once share one look. */
  refresh(): Promise<LakeBounds | undefined> {
    this.#refreshing ??= this.#refresh().finally(() => this.#refreshing = undefined);
    return this.#refreshing;
  }

  async #refresh(): Promise<LakeBounds | undefined> {
    this.#layout ??= await discoverLayout(this.#storage, this.#config);
    if (this.#layout === undefined) return undefined;
    const now = this.#clock.monotonic();
    if (this.#bounds === undefined || now - this.#listedAt >= LIST_INTERVAL_MS) {
      await this.#list();
      this.#listedAt = now;
    } else {
      await this.#probe(this.#layout, this.#bounds);
    }
    return this.#bounds;
  }

  async #list(): Promise<void> {
    const partitions = await listPartitions(this.#storage);
    let newest: LakeBounds | undefined;
    for (const partition of partitions.toReversed()) {
      newest = await this.#boundsOf(partition);
      // The newest partition may have been made before its first file.
      if (newest === undefined) continue;
      // Where one partition holds all there is, listing it again would tell nothing more.
      if (partition === partitions[0]) break;
      const { last } = newest;
      newest = { first: await this.#firstIn(partitions), last };
      break;
    }
    if (newest === undefined) return;
    this.#bounds = {
      // The batch 0-63 holds no ledger before the second: the genesis ledger is in no lake.
      first: newest.first === 0 ? 2 : newest.first,
      last: Math.max(newest.last, this.#bounds?.last ?? 0),
    };
  }

  /** The lake's first ledger, which does not change and is looked for only once. */
  async #firstIn(partitions: readonly Partition[]): Promise<number> {
    if (this.#bounds !== undefined) return this.#bounds.first;
    for (const partition of partitions) {
      const oldest = await this.#boundsOf(partition);
      if (oldest !== undefined) return oldest.first;
    }
    throw new LakeError("io", `The files of ${this.#storage.where} vanished while it was listed.`);
  }

  async #boundsOf(partition: Partition): Promise<LakeBounds | undefined> {
    let first = Infinity;
    let last = -1;
    for (const { startSequence, endSequence } of await listBatches(this.#storage, partition)) {
      first = Math.min(first, startSequence);
      last = Math.max(last, endSequence);
    }
    return last < 0 ? undefined : { first, last };
  }

  async #probe(layout: BatchLayout, bounds: LakeBounds): Promise<void> {
    let last = bounds.last;
    for (let i = 0; i < MAX_PROBES; i++) {
      const next = layout.batchAt(last + 1);
      if (!await this.#files.has(next)) break;
      last = next.endSequence;
    }
    if (last !== bounds.last) this.#bounds = { first: bounds.first, last };
  }
}
