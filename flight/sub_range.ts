import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import type { ReorderBuffer } from "./reorder_buffer.ts";

interface HeldBatch {
  readonly flightBatch: FlightBatch;
  /** What it takes of the buffer. */
  readonly bytes: number;
}

/** A stream that reads a sub-range. */
export interface RangeFetch {
  /** The endpoint that is read from; undefined until there is a connection. */
  readonly endpoint: string | undefined;
  /** When it was asked; undefined until then. */
  readonly askedAt: number | undefined;
  /** Looks again whether it may go on. */
  wake(): void;
  /** Ends it at once: it brings nothing more, and what it has brought of whole ledgers stays. */
  cancel(): void;
}

/**
 * A part of the range that is read: what has come of it and not been given yet, and what is still to
 * come. Several streams may read it one after the other, or two at once; each batch that is taken
 * moves `rest`, so that no row comes twice.
 */
export class SubRange {
  /** Streams that read it now; those that were cancelled do not. */
  readonly fetches = new Set<RangeFetch>();
  /** What ends the reading once what is held has been given. */
  error: Error | undefined;
  /** Who ended it. */
  failedAt: string | undefined;
  /** The stream has ended early, and nobody else is to be asked: then so does the whole. */
  hasEnded = false;
  /** Reading ahead has failed: it is read when its turn comes. */
  isSetBack = false;
  /** Ledgers that have come, and the time for which they were waited for, since patience began. */
  ledgers = 0;
  waitedMs = 0;
  /** Called when something has changed. */
  onChange = () => {};
  #rest: RangeRequest;
  #isHead = false;
  #isWanted = false;
  /** Whether the last batch given lacks the rest of its last ledger. */
  #gaveAPart = false;
  readonly #held: HeldBatch[] = [];
  readonly #buffer: ReorderBuffer;

  /** @param isHistory whether all its ledgers are there already */
  constructor(range: RangeRequest, readonly isHistory: boolean, buffer: ReorderBuffer) {
    this.#rest = range;
    this.#buffer = buffer;
  }

  /** What no stream has brought yet. */
  get rest(): RangeRequest {
    return this.#rest;
  }

  /** Whether it is to be given next. */
  get isHead(): boolean {
    return this.#isHead;
  }

  /** Whether its next batch is waited for. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Whether nothing is left to be read; what follows the tip never ends. */
  get isWhole(): boolean {
    const { startLedger, endLedger } = this.#rest;
    return startLedger !== undefined && !!endLedger && startLedger > endLedger;
  }

  /** Whether another stream could not take over at `rest`: a ledger has been given in part. */
  get isWithinLedger(): boolean {
    return this.#held.length === 0 ? this.#gaveAPart : this.#held.at(-1)!.flightBatch.metadata
      .partial === true;
  }

  /** Makes it the one that is given next: its streams need no room any more. */
  promote(): void {
    this.#isHead = true;
    this.beginPatience();
    this.wake();
  }

  /** Begins anew to measure how long it is waited for. */
  beginPatience(): void {
    this.ledgers = 0;
    this.waitedMs = 0;
  }

  /** The next batch; undefined while none is there. */
  take(): FlightBatch | undefined {
    const held = this.#held.shift();
    if (held === undefined) return undefined;
    this.#gaveAPart = held.flightBatch.metadata.partial === true;
    this.#buffer.free(held.bytes);
    return held.flightBatch;
  }

  /** Says that the next batch is waited for. */
  want(): void {
    this.#isWanted = true;
    this.wake();
  }

  /** Takes a batch, and the room that it has in the buffer. */
  put(flightBatch: FlightBatch, bytes: number): void {
    const { first_ledger, last_ledger, partial } = flightBatch.metadata;
    this.#held.push({ flightBatch, bytes });
    this.#rest = { ...this.#rest, startLedger: partial ? last_ledger : last_ledger + 1 };
    this.ledgers += last_ledger - first_ledger + 1;
    this.#isWanted = false;
    this.onChange();
  }

  /**
   * Forgets the parts of a ledger whose rest will not come in this stream.
   *
   * @returns false when parts of it have been given: whoever has them must forget them
   */
  dropParts(): boolean {
    for (let last = this.#held.at(-1); last?.flightBatch.metadata.partial;) {
      this.#held.pop();
      this.#buffer.free(last.bytes);
      this.#rest = { ...this.#rest, startLedger: last.flightBatch.metadata.first_ledger };
      last = this.#held.at(-1);
    }
    return this.#held.length > 0 || !this.#gaveAPart;
  }

  /**
   * A stream brings nothing more, though it may take a while to end: the next one may begin before
   * that. So the parts of a ledger that nobody goes on with are forgotten now, while none is given.
   */
  leave(fetch: RangeFetch): void {
    this.fetches.delete(fetch);
    if (this.fetches.size === 0) this.dropParts();
  }

  /** Lets its streams look again whether they may go on. */
  wake(): void {
    for (const fetch of this.fetches) fetch.wake();
  }

  /** Ends its streams and forgets what it holds. */
  close(): void {
    for (const fetch of [...this.fetches]) fetch.cancel();
    for (const { bytes } of this.#held.splice(0)) this.#buffer.free(bytes);
  }
}
