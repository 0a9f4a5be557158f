/** One stream's share of an InflightBudget. */
export interface BudgetShare {
  /** Bytes that the stream holds now. */
  used: number;
  /** Ledgers that it holds now. */
  ledgers: number;
  /** Most bytes that it may hold. */
  readonly limit: number;
  /** When its peer last took something, or it began to hold bytes; milliseconds, monotonic. */
  since: number;
  /** Ends the stream; without it the stream is never ended. Called once at most. */
  end: (() => void) | undefined;
}

interface Waiter {
  readonly share: BudgetShare;
  readonly bytes: number;
  readonly ledgers: number;
  readonly admit: () => void;
}

/** What a InflightBudget may be told besides its size. */
export interface InflightBudgetOptions {
  /**
   * Time without a message taken after which a stream is stalled: it is ended, the longest stalled
   * first, when another stream that has nothing in flight waits for its bytes. Never by default.
   */
  stalledMs?: number;
  /** Most ledgers in flight over all streams; any number by default. */
  maxLedgers?: number;
  /** Part of all ledgers in flight that one stream may hold; a quarter by default. */
  streamPart?: number;
}

/** Part of all ledgers in flight that one stream may hold, where nothing else is said. */
const DEFAULT_STREAM_PART = 1 / 4;

/**
 * Bounds the bytes and the ledgers in flight of each stream and of all streams together. Half of the
 * whole budget is kept for the first message of each stream: so a few stalled readers cannot take everything,
 * and streams that are read go on message by message.
 *
 * Whoever waits is let in in the order of coming. A first message that does not fit holds up all
 * that come after it, so that a large one gets its turn; a later message holds up later ones only;
 * and a stream that waits for its own limit holds up nobody.
 *
 * A message larger than a limit is let through alone, when nothing else is held under that limit.
 */
export class InflightBudget {
  /** Bytes held by all streams. */
  used = 0;
  /** Ledgers held by all streams. */
  ledgers = 0;
  /** Streams that were ended because they had stalled. */
  endedStalled = 0;
  /** Most ledgers that all streams together may hold. */
  readonly maxLedgers: number;
  readonly #waiters: Waiter[] = [];
  readonly #holders = new Set<BudgetShare>();
  readonly #stalledMs: number;
  readonly #streamLedgers: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `limit` in bytes. */
  constructor(readonly limit: number, options: InflightBudgetOptions = {}) {
    this.#stalledMs = options.stalledMs ?? Infinity;
    this.maxLedgers = options.maxLedgers ?? Infinity;
    this.#streamLedgers = this.maxLedgers * (options.streamPart ?? DEFAULT_STREAM_PART);
  }

  /** A new stream's share; `end` ends the stream, after which it gives back what it holds. */
  share(limit: number, end?: () => void): BudgetShare {
    return { used: 0, ledgers: 0, limit, since: 0, end };
  }

  /** Resolves once the bytes may be held; rejects with the signal's reason when it aborts. */
  async acquire(
    share: BudgetShare,
    bytes: number,
    signal: AbortSignal,
    ledgers = 0,
  ): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { share, bytes, ledgers, admit: resolve };
    this.#waiters.push(waiter);
    this.#admit();
    if (!this.#waiters.includes(waiter)) return;
    const abort = () => {
      const index = this.#waiters.indexOf(waiter);
      if (index >= 0) {
        this.#waiters.splice(index, 1);
        reject(signal.reason);
        this.#admit();
      }
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Gives bytes back, which the peer has taken, and lets those in that now fit. */
  release(share: BudgetShare, bytes: number, ledgers = 0): void {
    share.used -= bytes;
    this.used -= bytes;
    share.ledgers -= ledgers;
    this.ledgers -= ledgers;
    share.since = performance.now();
    if (share.used === 0) this.#holders.delete(share);
    this.#admit();
  }

  /** Ends the stream that has been stalled the longest; false when none is stalled. */
  endStalled(): boolean {
    const share = this.#longestHeld();
    if (share === undefined || performance.now() - share.since < this.#stalledMs) return false;
    const { end } = share;
    share.end = undefined;
    this.endedStalled++;
    end!();
    return true;
  }

  #fits({ share, bytes, ledgers }: Waiter): boolean {
    if (this.used === 0) return true;
    if (share.used === 0) {
      return this.used + bytes <= this.limit && this.ledgers + ledgers <= this.maxLedgers;
    }
    return this.#isWithinShare(share, bytes, ledgers) &&
      this.used + bytes <= this.limit / 2 && this.ledgers + ledgers <= this.maxLedgers / 2;
  }

  #isWithinShare(share: BudgetShare, bytes: number, ledgers: number): boolean {
    return share.used + bytes <= share.limit &&
      share.ledgers + ledgers <= this.#streamLedgers;
  }

  #take({ share, bytes, ledgers }: Waiter): void {
    if (share.used === 0) share.since = performance.now();
    share.used += bytes;
    this.used += bytes;
    share.ledgers += ledgers;
    this.ledgers += ledgers;
    this.#holders.add(share);
  }

  #admit(): void {
    let firstsWait = false;
    let othersWait = false;
    for (let i = 0; i < this.#waiters.length;) {
      const waiter = this.#waiters[i]!;
      const { share, bytes, ledgers, admit } = waiter;
      const first = share.used === 0;
      const heldUp = firstsWait || !first && othersWait;
      if (!heldUp && this.#fits(waiter)) {
        this.#waiters.splice(i, 1);
        // Taken here and not by the waiter, so that the next one sees it.
        this.#take(waiter);
        admit();
        continue;
      }
      if (first) firstsWait = true;
      else if (this.#isWithinShare(share, bytes, ledgers)) othersWait = true;
      i++;
    }
    this.#watch(firstsWait);
  }

  /** Sees to it that a stalled stream is ended while one waits that has nothing in flight. */
  #watch(starving: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!starving || this.#stalledMs === Infinity) return;
    const share = this.#longestHeld();
    if (share === undefined) return;
    const waitMs = Math.max(0, share.since + this.#stalledMs - performance.now());
    this.#timer = setTimeout(() => {
      this.endStalled();
      this.#watch(this.#waiters.some((waiter) => waiter.share.used === 0));
    }, waitMs);
  }

  /** Of the streams that hold bytes and can be ended, the one whose peer took something the longest ago. */
  #longestHeld(): BudgetShare | undefined {
    let longest: BudgetShare | undefined;
    for (const share of this.#holders) {
      if (share.end === undefined) continue;
      if (longest === undefined || share.since < longest.since) longest = share;
    }
    return longest;
  }
}
