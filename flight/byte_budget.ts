/** One stream's share of a ByteBudget. */
export interface BudgetShare {
  /** Bytes that the stream holds now. */
  used: number;
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
  readonly admit: () => void;
}

/** What a ByteBudget may be told besides its size. */
export interface ByteBudgetOptions {
  /**
   * Time without a message taken after which a stream is stalled: it is ended, the longest stalled
   * first, when another stream that has nothing in flight waits for its bytes. Never by default.
   */
  stalledMs?: number;
}

/**
 * Bounds the bytes in flight of each stream and of all streams together. Half of the whole budget
 * is kept for the first message of each stream: so a few stalled readers cannot take everything,
 * and streams that are read go on message by message.
 *
 * Whoever waits is let in in the order of coming. A first message that does not fit holds up all
 * that come after it, so that a large one gets its turn; a later message holds up later ones only;
 * and a stream that waits for its own limit holds up nobody.
 *
 * A message larger than a limit is let through alone, when nothing else is held under that limit.
 */
export class ByteBudget {
  /** Bytes held by all streams. */
  used = 0;
  readonly #waiters: Waiter[] = [];
  readonly #holders = new Set<BudgetShare>();
  readonly #stalledMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `limit` in bytes. */
  constructor(readonly limit: number, options: ByteBudgetOptions = {}) {
    this.#stalledMs = options.stalledMs ?? Infinity;
  }

  /** A new stream's share; `end` ends the stream, after which it gives back what it holds. */
  share(limit: number, end?: () => void): BudgetShare {
    return { used: 0, limit, since: 0, end };
  }

  /** Resolves once the bytes may be held; rejects with the signal's reason when it aborts. */
  async acquire(share: BudgetShare, bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { share, bytes, admit: resolve };
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
  release(share: BudgetShare, bytes: number): void {
    share.used -= bytes;
    this.used -= bytes;
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
    end!();
    return true;
  }

  #fits(share: BudgetShare, bytes: number): boolean {
    if (this.used === 0) return true;
    if (share.used === 0) return this.used + bytes <= this.limit;
    return share.used + bytes <= share.limit && this.used + bytes <= this.limit / 2;
  }

  #take(share: BudgetShare, bytes: number): void {
    if (share.used === 0) share.since = performance.now();
    share.used += bytes;
    this.used += bytes;
    this.#holders.add(share);
  }

  #admit(): void {
    let firstsWait = false;
    let othersWait = false;
    for (let i = 0; i < this.#waiters.length;) {
      const { share, bytes, admit } = this.#waiters[i]!;
      const first = share.used === 0;
      const heldUp = firstsWait || !first && othersWait;
      if (!heldUp && this.#fits(share, bytes)) {
        this.#waiters.splice(i, 1);
        // Taken here and not by the waiter, so that the next one sees it.
        this.#take(share, bytes);
        admit();
        continue;
      }
      if (first) firstsWait = true;
      else if (share.used + bytes <= share.limit) othersWait = true;
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
