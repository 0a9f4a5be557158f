import { type BatchFile, BatchFiles } from "./batch_files.ts";
import { type BatchLocation, type LedgerRange, MAX_LEDGER_SEQUENCE } from "./batch_layout.ts";
import { decodeBatch, type LedgerBatch, MAX_BATCH_BYTES, MAX_LEDGER_BYTES } from "./batch_file.ts";
import { BatchListing } from "./batch_listing.ts";
import type { LakeClock } from "./lake_clock.ts";
import { LAKE_CONFIG_NAME, type LakeConfig, parseLakeConfig } from "./lake_config.ts";
import { LakeError } from "./lake_error.ts";
import type { LakeStorage } from "./lake_storage.ts";
import { type LakeBounds, LakeTip } from "./lake_tip.ts";
import { ReadAhead } from "./read_ahead.ts";

/** Files read at the same time where nothing else is said. */
const DEFAULT_READERS = 4;
/** How often the tip is looked at: a ledger closes every 5 seconds, a client should see it soon. */
const DEFAULT_POLL_INTERVAL_MS = 100;
/** The genesis ledger is in no lake. */
const FIRST_LEDGER = 2;
/**
 * A file at the tip that does not decode is taken for one that is being written. Unchanged for
 * this long, nobody is writing it any more.
 */
const TORN_TIP_PATIENCE_MS = 30_000;

/** A batch file as it lies in a lake, and what is in it. */
export interface LakeBatch extends LedgerBatch {
  /** Name under the lake's root. */
  readonly key: string;
  /** The file's bytes, as they are stored. */
  readonly stored: Uint8Array;
  /**
   * Why the file does not hold what its name says, where the reading was asked to go on then
   * (`yieldBad`): such a batch has no ledgers.
   */
  readonly error?: LakeError;
}

/** How a range of a lake is read. */
export interface ReadLakeOptions {
  /** Ends the reading with its reason. */
  readonly signal?: AbortSignal;
  /** Step over missing ledgers instead of refusing to go on. */
  readonly allowGaps?: boolean;
  /** Give a batch file that does not decode as a batch with its error, instead of throwing that. */
  readonly yieldBad?: boolean;
  /**
   * Whether to wait for what is not there yet, as it is by default. Without it the reading ends
   * at the tip, and a newest file that does not decode is bad at once.
   */
  readonly waitAtTip?: boolean;
}

/** What a lake takes besides its place. */
export interface LakeOptions {
  /** Time, for the waiting at the tip. */
  readonly clock: LakeClock;
  /** Files that a reading fetches at the same time, at least 1. */
  readonly readers?: number;
  /** Files that a reading fetches ahead, where their bytes allow; not below `readers`. */
  readonly readAhead?: number;
  /** Time between two looks at the tip. */
  readonly pollIntervalMs?: number;
  /** Told when the newest file is not whole and is waited for, once for each state of the file. */
  readonly onTornTip?: (path: string) => void;
}

/**
 * Reads a lake of ledgers (SEP-54): its ends, and ranges of it in order, waiting at the tip for
 * what comes. Several readings may go on at once; each holds at most `readAhead` files.
 *
 * Needs no closing: it holds nothing open between reads.
 */
export class Lake {
  /** What the lake says of itself; older lakes say nothing. */
  readonly config: LakeConfig | undefined;
  readonly #storage: LakeStorage;
  readonly #clock: LakeClock;
  readonly #readers: number;
  readonly #readAhead: number;
  readonly #pollIntervalMs: number;
  readonly #files: BatchFiles;
  readonly #readings = new Set<ReadAhead>();
  readonly #listing: BatchListing;
  readonly #tip: LakeTip;
  readonly #onTornTip: ((path: string) => void) | undefined;

  protected constructor(
    storage: LakeStorage,
    config: LakeConfig | undefined,
    options: LakeOptions,
  ) {
    this.config = config;
    this.#storage = storage;
    this.#clock = options.clock;
    this.#readers = options.readers ?? DEFAULT_READERS;
    this.#readAhead = Math.max(this.#readers, options.readAhead ?? 0);
    this.#pollIntervalMs = options.pollIntervalMs ?? DEFAULT_POLL_INTERVAL_MS;
    this.#onTornTip = options.onTornTip;
    this.#files = new BatchFiles(storage);
    this.#listing = new BatchListing(storage, options.clock);
    this.#tip = new LakeTip(storage, this.#files, config, options.clock);
  }

  /**
   * Opens the lake that lies in a store; it may still be empty.
   * Throws LakeError: `not_found` when there is no such place, `config` when its description is
   * wrong or its files do not fit it, `io` when it cannot be read.
   */
  static async over(storage: LakeStorage, options: LakeOptions): Promise<Lake> {
    const lake = new Lake(storage, await Lake.readConfig(storage), options);
    await lake.bounds();
    return lake;
  }

  /** The description that lies in a store; undefined when there is none. Errors as `over`. */
  protected static async readConfig(storage: LakeStorage): Promise<LakeConfig | undefined> {
    if (await storage.list("") === undefined) {
      throw new LakeError(
        "not_found",
        `There is no lake at ${storage.where}: no such folder.`,
      );
    }
    const file = await storage.read(LAKE_CONFIG_NAME);
    if (file === undefined) return undefined;
    return parseLakeConfig(new TextDecoder().decode(file), `${storage.where}/${LAKE_CONFIG_NAME}`);
  }

  /** Where the lake lies, for messages. */
  get where(): string {
    return this.#storage.where;
  }

  /** First and last ledger that are there now; undefined while the lake is empty. */
  bounds(): Promise<LakeBounds | undefined> {
    return this.#tip.refresh();
  }

  /** The bounds as they were last seen, without looking. */
  get knownBounds(): LakeBounds | undefined {
    return this.#tip.bounds;
  }

  /**
   * The batches that hold the ledgers from `startSequence` to `endSequence`, in order; without an
   * end it goes on for ever, and beyond the tip it waits. The first and last batch may hold
   * ledgers outside the range.
   *
   * A file that is cut short or damaged is read again while it is the newest one, and an error
   * with its name elsewhere, or once it has not changed for 30 seconds: it is never the end of
   * the data.
   * Throws LakeError: `before_first`, `gap`, `batch`, `io`; and the signal's reason.
   */
  async *read(
    range: { readonly startSequence: number; readonly endSequence?: number },
    options: ReadLakeOptions = {},
  ): AsyncGenerator<LakeBatch, void, void> {
    const end = range.endSequence ?? MAX_LEDGER_SEQUENCE;
    const { signal, waitAtTip = true } = options;
    let next = range.startSequence;
    let ahead = this.#newReadAhead();
    try {
      while (next <= end) {
        signal?.throwIfAborted();
        const bounds = await this.#reaching(next, waitAtTip, signal);
        if (bounds === undefined) return;
        if (next < bounds.first) throw this.#beforeFirst(next, bounds);
        ahead.fill(this.#tip.layout!, next, Math.min(end, bounds.last));
        const { location, file } = ahead.take();
        const batch = await this.#batchOf(location, await file, options);
        if (batch !== undefined) {
          yield batch;
          next = location.endSequence + 1;
          continue;
        }
        const resume = await this.#listing.startAfter(location.startSequence);
        if (resume !== undefined && !options.allowGaps) {
          throw this.#gap(Math.max(next, location.startSequence), resume);
        }
        next = Math.max(next, resume ?? next);
        ahead.stop();
        ahead = this.#newReadAhead();
        if (resume !== undefined) continue;
        // Nothing behind it: the file that was there has been taken away, and will be waited for.
        if (!waitAtTip) return;
        await this.#clock.sleep(this.#pollIntervalMs, signal);
      }
    } finally {
      ahead.stop();
    }
  }

  #newReadAhead(): ReadAhead {
    return new ReadAhead(this.#files, this.#readers, this.#readAhead, this.#readings);
  }

  /** Bounds that reach a ledger, waited for at the tip; undefined where that is not wanted. */
  async #reaching(
    sequence: number,
    waitAtTip: boolean,
    signal: AbortSignal | undefined,
  ): Promise<LakeBounds | undefined> {
    for (;;) {
      const known = this.#tip.bounds;
      if (known !== undefined && sequence <= known.last) return known;
      const fresh = await this.#tip.refresh();
      if (fresh !== undefined && sequence <= fresh.last) return fresh;
      if (!waitAtTip) return undefined;
      await this.#clock.sleep(this.#pollIntervalMs, signal);
    }
  }

  /** The batch at a place; undefined when there is no file. Waits while the tip's file is torn. */
  async #batchOf(
    location: BatchLocation,
    file: BatchFile | undefined,
    { signal, yieldBad = false, waitAtTip = true }: ReadLakeOptions,
  ): Promise<LakeBatch | undefined> {
    // The file may have come since the look ahead.
    file ??= await this.#files.read(location);
    let seen: string | undefined;
    let since = 0;
    while (file !== undefined) {
      try {
        return this.#decode(location, file);
      } catch (error) {
        if (!(error instanceof LakeError)) throw error;
        const now = this.#clock.monotonic();
        const stored = await this.#storage.stat(file.key);
        const version = `${stored?.sizeBytes} ${stored?.modified}`;
        if (version !== seen) since = now;
        seen = version;
        const isTip = (await this.#tip.refresh())?.last === location.endSequence;
        if (!waitAtTip || !isTip || now - since >= TORN_TIP_PATIENCE_MS) {
          if (!yieldBad) throw error;
          return badBatch(location, file, error);
        }
        if (since === now) this.#onTornTip?.(`${this.where}/${file.key}`);
      }
      await this.#clock.sleep(this.#pollIntervalMs, signal);
      file = await this.#files.read(location);
    }
    return undefined;
  }

  #decode(location: BatchLocation, { key, bytes: stored }: BatchFile): LakeBatch {
    const ledgers = location.endSequence - location.startSequence + 1;
    try {
      const batch = decodeBatch(stored, {
        requireZstd: true,
        maxBytes: Math.min(MAX_BATCH_BYTES, ledgers * MAX_LEDGER_BYTES),
      });
      this.#checkRange(location, batch);
      return { ...batch, key, stored };
    } catch (cause) {
      if (!(cause instanceof LakeError)) throw cause;
      throw new LakeError(
        "batch",
        `The batch file ${this.where}/${key} is damaged. ${cause.message} ` +
          "Fetch it again from where the lake was copied.",
        { cause, sequence: cause.sequence ?? location.startSequence },
      );
    }
  }

  #checkRange(location: LedgerRange, batch: LedgerRange): void {
    // The batch called 0-63 holds 2 to 63.
    const startsRight = batch.startSequence === location.startSequence ||
      (location.startSequence < 2 && batch.startSequence <= 2);
    if (startsRight && batch.endSequence === location.endSequence) return;
    throw new LakeError(
      "batch",
      `It holds ledgers ${batch.startSequence} to ${batch.endSequence}, not those of its name.`,
    );
  }

  #beforeFirst(sequence: number, bounds: LakeBounds): LakeError {
    return new LakeError(
      "before_first",
      `Ledger ${sequence} is before the first ledger of ${this.where}, which is ${bounds.first}.`,
      { sequence },
    );
  }

  #gap(sequence: number, resume: number): LakeError {
    const missing = resume - 1 === sequence
      ? `Ledger ${sequence} is missing`
      : `Ledgers ${sequence} to ${resume - 1} are missing`;
    const key = this.#tip.layout!.batchAt(sequence).key;
    return new LakeError(
      "gap",
      `${missing} in ${this.where}, and ${resume} is there: restore ${key}, ` +
        "or step over what is missing by --allow-gaps.",
      { sequence },
    );
  }
}

function badBatch(
  { startSequence, endSequence }: LedgerRange,
  { key, bytes }: BatchFile,
  error: LakeError,
): LakeBatch {
  // The batch called 0-63 holds 2 to 63.
  const first = Math.max(FIRST_LEDGER, startSequence);
  return { startSequence: first, endSequence, ledgers: [], key, stored: bytes, error };
}
