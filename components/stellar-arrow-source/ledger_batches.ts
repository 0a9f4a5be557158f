import type { Schema } from "apache-arrow";
import type { BatchMetadata, FlightBatch } from "../../flight/mod.ts";
import { LedgerError, LedgerIndex, XdrError } from "../../stellar/mod.ts";
import { encodeBatch, type Lake, type LakeBatch } from "../../stellar/lake/mod.ts";
import { LedgerRows } from "./ledger_rows.ts";
import { LedgerVerifier, VerificationError, type VerifyLevel } from "./ledger_verifier.ts";
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
  /** Whether `ledger_xdr` travels as the lake's zstd objects instead of plain XDR. */
  readonly compressed: boolean;
  readonly verify: VerifyLevel;
  readonly allowGaps: boolean;
  /** Takes ledgers that do not decode; without it they end the stream. */
  readonly quarantine?: Quarantine;
  /** Told of each ledger that was put into quarantine. */
  readonly onBadLedger?: (sequence: number, reason: string) => void;
}

/** Ledgers of a range, both ends included; without an end they go on for ever. */
export interface LedgerBatchRange {
  readonly start: number;
  readonly end?: number;
}

/** A ledger that does not decode or verify, named. */
export class BadLedgerError extends Error {
  override readonly name = "BadLedgerError";

  constructor(readonly sequence: number, message: string, options?: ErrorOptions) {
    super(message, options);
  }
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
    {
      signal,
      allowGaps: options.allowGaps,
      ...(options.quarantine === undefined ? {} : {
        onBadBatch: ({ key, stored, error, ...bad }) =>
          batches.passOver(bad.startSequence, bad.endSequence, {
            sequence: bad.startSequence,
            name: key.replaceAll("/", "_"),
            bytes: stored,
            reason: error.message,
          }),
      }),
    },
  );
  for await (const lakeBatch of reading) yield* batches.add(lakeBatch);
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
  #quarantined: number[] = [];
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
    const { ledgers, startSequence } = batch;
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
    if (this.#next > this.#first) yield this.#flush();
  }

  /** Puts ledgers into quarantine and covers them without rows. */
  async passOver(
    first: number,
    last: number,
    bad: BadLedger,
  ): Promise<void> {
    await this.#options.quarantine!.keep(bad);
    this.#noteMissing(Math.max(first, this.#range.start));
    for (let sequence = this.#next; sequence <= Math.min(last, this.#end); sequence++) {
      this.#quarantined.push(sequence);
      this.#options.onBadLedger?.(sequence, bad.reason);
      this.#next = sequence + 1;
    }
  }

  get #end(): number {
    return this.#range.end ?? Number.MAX_SAFE_INTEGER;
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
    try {
      this.#index.read(ledger);
      this.#verifier.check(this.#index);
      this.#rows.append(this.#index, stored, compressed ? "sep54" : "xdr");
      this.#xdrBytes += ledger.length;
    } catch (error) {
      const bad = asBadLedger(sequence, batch, this.#lake, error);
      if (bad === undefined) throw error;
      if (quarantine === undefined) throw bad;
      await this.passOver(sequence, sequence, {
        sequence,
        name: `${sequence}.xdr`,
        bytes: ledger,
        reason: bad.message,
      });
    }
    this.#next = sequence + 1;
    const atTip = sequence >= (this.#lake.knownBounds?.last ?? 0);
    if (atTip || this.#next - this.#first >= this.#options.batchSize) yield this.#flush();
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
    if (this.#quarantined.length > 0) metadata["quarantined"] = this.#quarantined;
    if (this.#missing.length > 0) metadata["missing"] = this.#missing;
    this.#first = this.#next;
    this.#xdrBytes = 0;
    this.#quarantined = [];
    this.#missing = [];
    return { batch: this.#rows.finish(), metadata };
  }
}

/** Sequences are uint32; the end of a range without one is above. */
const MAX_SEQUENCE = 0xffffffff;

/** The error of a ledger that is bad itself; undefined when something else went wrong. */
function asBadLedger(
  sequence: number,
  batch: LakeBatch,
  lake: Lake,
  error: unknown,
): BadLedgerError | undefined {
  const file = `${lake.where}/${batch.key}`;
  if (error instanceof XdrError) {
    return new BadLedgerError(
      sequence,
      `Ledger ${sequence} in ${file} is damaged: ${error.message}.`,
      { cause: error },
    );
  }
  if (error instanceof LedgerError || error instanceof VerificationError) {
    const sentence = error.message.replace(/\.$/, "");
    return new BadLedgerError(sequence, `${sentence} (in ${file}).`, { cause: error });
  }
  return undefined;
}
