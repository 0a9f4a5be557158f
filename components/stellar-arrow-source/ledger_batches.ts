import type { Schema } from "apache-arrow";
import type { BatchMetadata, FlightBatch } from "../../flight/mod.ts";
import { LedgerIndex } from "../../stellar/mod.ts";
import { encodeBatch, type Lake, type LakeBatch, type LakeError } from "../../stellar/lake/mod.ts";
import { asBadLedger } from "./bad_ledger_error.ts";
import { LedgerRows } from "./ledger_rows.ts";
import { LedgerVerifier, type VerifyLevel } from "./ledger_verifier.ts";
import type { BadLedger, Quarantine } from "./quarantine.ts";

/**
 * Bytes at which a batch is sent, whatever BATCH_SIZE says: Flight moves batches of this size
 * fastest, and a reader holds only few of them.
 */
export const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * XDR in a batch at which it is sent, however well it compresses: what is read together is decompressed
 * and turned into events together, so this bounds the memory of whoever reads, and how long it is busy.
 */
export const BATCH_XDR_BYTES = 8 * 1024 * 1024;

/** How ledgers are made into batches. */
export interface LedgerBatchOptions {
  readonly schema: Schema;
  readonly networkId: Uint8Array;
  /** Most ledgers in a batch. */
  readonly batchSize: number;
  /** The time, in milliseconds since 1970; with it batches say when they were read. */
  readonly now?: () => number;
  /** How many of them a batch should have now, for a reader that wants them slowly. */
  readonly batchLedgers?: (most: number) => number;
  /** Whether `ledger_xdr` travels as the lake's zstd objects instead of plain XDR. */
  readonly compressed: boolean;
  readonly verify: VerifyLevel;
  readonly allowGaps: boolean;
  /** Takes ledgers that do not decode; without it they end the stream. */
  readonly quarantine?: Quarantine;
  /** Told of ledgers, both ends included, that are passed over for the quarantine. */
  readonly onBadLedgers?: (first: number, last: number, reason: string) => void;
}

/** Ledgers of a range, both ends included; without an end they go on for ever. */
export interface LedgerBatchRange {
  readonly start: number;
  readonly end?: number;
}

/**
 * The ledgers of a range of a lake as record batches of `stellar_ledger`, in order. A batch is cut
 * at `batchSize` ledgers, at 4 MiB, at 8 MiB of XDR, and at the lake's tip, so that a new ledger is sent at once.
 *
 * Batches cover the range without holes: ledgers that were put into quarantine or that the lake
 * lacks are covered by the batch that follows them, which names them (`quarantined`, `missing`).
 * Throws BadLedgerError, LakeError, and the signal's reason.
 */
export async function* ledgerBatches(
  lake: Lake,
  range: LedgerBatchRange,
  options: LedgerBatchOptions,
  signal: AbortSignal,
): AsyncGenerator<FlightBatch, void, void> {
  const batches = new LedgerBatches(lake, range, options);
  const reading = lake.read(
    { startSequence: range.start, ...(range.end === undefined ? {} : { endSequence: range.end }) },
    { signal, allowGaps: options.allowGaps, yieldBad: options.quarantine !== undefined },
  );
  try {
    for await (const lakeBatch of reading) yield* batches.add(lakeBatch);
  } catch (error) {
    // What is whole is sent before a reader is told of the ledger that is not.
    if (!signal.aborted) yield* batches.gathered();
    throw error;
  }
  yield* batches.end();
}

/** What is gathered for the next batch of one stream. */
class LedgerBatches {
  readonly #lake: Lake;
  readonly #range: LedgerBatchRange;
  readonly #options: LedgerBatchOptions;
  readonly #index = new LedgerIndex();
  readonly #rows: LedgerRows;
  readonly #verifier: LedgerVerifier;
  /** First ledger that the next batch covers. */
  #first: number;
  /** The ledger that is due. */
  #next: number;
  /** XDR of the ledgers gathered. */
  #xdrBytes = 0;
  /** When the first ledger gathered was read. */
  #readAtMs: number | undefined;
  #quarantined: [number, number][] = [];
  #missing: [number, number][] = [];

  constructor(lake: Lake, range: LedgerBatchRange, options: LedgerBatchOptions) {
    this.#lake = lake;
    this.#range = range;
    this.#options = options;
    this.#rows = new LedgerRows(options.schema, options.networkId);
    this.#verifier = new LedgerVerifier(options.verify);
    this.#first = range.start;
    this.#next = range.start;
  }

  /** Adds what the range wants of a batch of the lake. */
  async *add(batch: LakeBatch): AsyncGenerator<FlightBatch, void, void> {
    const { ledgers, startSequence, error } = batch;
    if (error !== undefined) {
      await this.#passOverFile(batch, error);
      if (this.#isFull) yield this.#flush();
      return;
    }
    const skip = Math.max(0, this.#range.start - startSequence);
    const wanted = Math.min(ledgers.length, this.#end - startSequence + 1);
    for (let i = skip; i < wanted; i++) {
      this.#noteMissing(startSequence + i);
      yield* this.#addLedger(batch, startSequence + i, ledgers[i]!);
    }
  }

  /** The last batch, when there is something left to cover. */
  *end(): Generator<FlightBatch, void, void> {
    this.#noteMissing(this.#end + 1);
    yield* this.gathered();
  }

  /** What has been gathered so far, when the reading ends early. */
  *gathered(): Generator<FlightBatch, void, void> {
    if (this.#next > this.#first) yield this.#flush();
  }

  get #end(): number {
    return this.#range.end ?? Number.MAX_SAFE_INTEGER;
  }

  /** Whether a batch is due: enough is gathered, or there is nothing more to wait for. */
  get #isFull(): boolean {
    const { batchSize, batchLedgers } = this.#options;
    return this.#next - this.#first >= (batchLedgers?.(batchSize) ?? batchSize) ||
      this.#next > (this.#lake.knownBounds?.last ?? 0);
  }

  async *#addLedger(
    batch: LakeBatch,
    sequence: number,
    ledger: Uint8Array,
  ): AsyncGenerator<FlightBatch, void, void> {
    const { compressed, quarantine } = this.#options;
    const stored = !compressed
      ? ledger
      : batch.ledgers.length === 1
      ? batch.stored
      : encodeBatch(sequence, [ledger]);
    // A batch is cut before the ledger that would make it too large.
    const tooLarge = this.#rows.byteLength + stored.length > BATCH_BYTES ||
      this.#xdrBytes + ledger.length > BATCH_XDR_BYTES;
    if (this.#rows.length > 0 && tooLarge) yield this.#flush();
    this.#readAtMs ??= this.#options.now?.();
    try {
      this.#index.read(ledger);
      this.#verifier.check(this.#index);
      this.#rows.append(this.#index, stored, compressed ? "sep54" : "xdr");
      this.#xdrBytes += ledger.length;
    } catch (error) {
      const bad = asBadLedger(sequence, `${this.#lake.where}/${batch.key}`, error);
      if (bad === undefined) throw error;
      if (quarantine === undefined) throw bad;
      await this.#passOver({
        sequence,
        endSequence: sequence,
        name: `${sequence}.xdr`,
        bytes: ledger,
        reason: bad.message,
      });
    }
    this.#next = sequence + 1;
    if (this.#isFull) yield this.#flush();
  }

  #passOverFile(
    { startSequence, endSequence, key, stored }: LakeBatch,
    { message }: LakeError,
  ): Promise<void> {
    this.#noteMissing(Math.max(startSequence, this.#range.start));
    return this.#passOver({
      sequence: startSequence,
      endSequence,
      name: key.replaceAll("/", "_"),
      bytes: stored,
      reason: message,
    });
  }

  /** Puts ledgers, of which the due one is the first or a later one, into quarantine. */
  async #passOver(bad: BadLedger): Promise<void> {
    await this.#options.quarantine!.keep(bad);
    const first = this.#next;
    const last = Math.min(bad.endSequence, this.#end);
    this.#next = last + 1;
    this.#options.onBadLedgers?.(first, last, bad.reason);
    const before = this.#quarantined.at(-1);
    if (before?.[1] === first - 1) before[1] = last;
    else this.#quarantined.push([first, last]);
  }

  /** Notes the ledgers before `sequence` that never came. */
  #noteMissing(sequence: number): void {
    if (sequence <= this.#next || sequence > MAX_SEQUENCE) return;
    this.#missing.push([this.#next, sequence - 1]);
    this.#next = sequence;
  }

  #flush(): FlightBatch {
    const metadata: BatchMetadata = {
      first_ledger: this.#first,
      last_ledger: this.#next - 1,
      tip: Math.max(this.#lake.knownBounds?.last ?? 0, this.#next - 1),
    };
    if (this.#readAtMs !== undefined) metadata["read_at_ms"] = this.#readAtMs;
    if (this.#quarantined.length > 0) metadata["quarantined"] = this.#quarantined;
    if (this.#missing.length > 0) metadata["missing"] = this.#missing;
    this.#first = this.#next;
    this.#xdrBytes = 0;
    this.#readAtMs = undefined;
    this.#quarantined = [];
    this.#missing = [];
    return { batch: this.#rows.finish(), metadata };
  }
}

/** Sequences are uint32; the end of a range without one is above. */
const MAX_SEQUENCE = 0xffffffff;
