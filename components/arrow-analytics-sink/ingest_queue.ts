import { columnBytes } from "../../arrow/mod.ts";
import type { FlightBatch } from "../../flight/mod.ts";

/** What a queue is made of. */
export interface IngestQueueOptions {
  /** Writes one batch; the next one is written when it resolves. */
  readonly write: (batch: FlightBatch) => Promise<void>;
  /** Ledgers that may wait, the one that is being written included. */
  readonly maxLedgers: number;
  /** Bytes of columns that may wait, those that are being written included. */
  readonly maxBytes: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Told whenever something came or went. */
  readonly onChange?: () => void;
  /** Told of each batch written: its ledgers, the time to write it, and the time since it came. */
  readonly onWritten?: (ledgers: number, writeMs: number, sinceMs: number) => void;
}

interface Entry {
  readonly batch: FlightBatch;
  readonly ledgers: number;
  readonly bytes: number;
  readonly cameAt: number;
}

/**
 * Batches that have come and wait for the disk, bounded in ledgers and bytes: whoever brings one
 * waits for room, and so stops reading. A batch larger than the whole queue is let in alone.
 *
 * Life: writes as soon as something is pushed; ends by itself when it is empty. After an error of
 * `write` nothing more is written, and every further call throws it, until `drop()`.
 */
export class IngestQueue {
  /** Ledgers that wait or are being written. */
  ledgers = 0;
  /** Bytes of the same. */
  bytes = 0;
  readonly #options: IngestQueueOptions;
  #entries: Entry[] = [];
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #onRoom: (() => void)[] = [];

  constructor(options: IngestQueueOptions) {
    this.#options = options;
  }

  /** Batches that wait or are being written. */
  get length(): number {
    return this.#entries.length;
  }

  /** The larger part of what may wait that does: 1 when it is full. */
  get fill(): number {
    const { maxLedgers, maxBytes } = this.#options;
    return Math.max(this.ledgers / maxLedgers, this.bytes / maxBytes);
  }

  /** Takes a batch, when there is room for it. Throws what `write` threw. */
  async push(batch: FlightBatch): Promise<void> {
    const entry = {
      batch,
      ledgers: ledgersOf(batch),
      bytes: columnBytes(batch.batch),
      cameAt: this.#options.now(),
    };
    while (!this.#fits(entry)) await this.#room();
    this.#throwFailure();
    this.#entries.push(entry);
    this.#count(entry, 1);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything is written. Throws what `write` threw. */
  async idle(): Promise<void> {
    await this.#writing;
    this.#throwFailure();
  }

  /** Forgets what waits, and a failure; resolves when the batch that is being written is. */
  async drop(): Promise<void> {
    for (const entry of this.#entries.splice(this.#writing === undefined ? 0 : 1)) {
      this.#count(entry, -1);
    }
    await this.#writing;
    for (const entry of this.#entries.splice(0)) this.#count(entry, -1);
    this.#failure = undefined;
  }

  async #write(): Promise<void> {
    const { write, now, onWritten } = this.#options;
    try {
      for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
        const begun = now();
        await write(entry.batch);
        const ended = now();
        this.#entries.shift();
        this.#count(entry, -1);
        onWritten?.(entry.ledgers, ended - begun, ended - entry.cameAt);
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#writing = undefined;
      this.#wake();
    }
  }

  #fits({ ledgers, bytes }: Entry): boolean {
    if (this.#failure !== undefined || this.#entries.length === 0) return true;
    const { maxLedgers, maxBytes } = this.#options;
    return this.ledgers + ledgers <= maxLedgers && this.bytes + bytes <= maxBytes;
  }

  #count({ ledgers, bytes }: Entry, sign: 1 | -1): void {
    this.ledgers += sign * ledgers;
    this.bytes += sign * bytes;
    this.#options.onChange?.();
    if (sign < 0) this.#wake();
  }

  #room(): Promise<void> {
    return new Promise((resolve) => this.#onRoom.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#onRoom.splice(0)) resolve();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/**
 * A ledger that comes in parts counts with its last one: flight's ledgersIn, whose import would load
 * gRPC for whoever wants no more than this queue or the names of the sink's metrics.
 */
function ledgersOf({ metadata: { first_ledger, last_ledger, partial } }: FlightBatch): number {
  return partial === true ? 0 : last_ledger - first_ledger + 1;
}
