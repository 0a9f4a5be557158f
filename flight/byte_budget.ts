/** One stream's share of a ByteBudget. */
export interface BudgetShare {
  /** Bytes that the stream holds now. */
  used: number;
  /** Most bytes that it may hold. */
  readonly limit: number;
}

interface Waiter {
  readonly share: BudgetShare;
  readonly bytes: number;
  readonly admit: () => void;
}

/**
 * Bounds the bytes in flight of each stream and of all streams together. Half of the whole budget
 * is kept for the first message of each stream: so a few stalled readers cannot take everything,
 * and streams that are read go on message by message.
 *
 * A message larger than a limit is let through alone, when nothing else is held under that limit.
 */
export class ByteBudget {
  /** Bytes held by all streams. */
  used = 0;
  readonly #waiters: Waiter[] = [];

  constructor(readonly limit: number) {}

  /** A new stream's share. */
  share(limit: number): BudgetShare {
    return { used: 0, limit };
  }

  /** Resolves once the bytes may be held; rejects with the signal's reason when it aborts. */
  async acquire(share: BudgetShare, bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Streams that wait come first, except where only their own limit holds them.
    if (this.#waiters.every((w) => !this.#fits(w.share, w.bytes)) && this.#fits(share, bytes)) {
      this.#take(share, bytes);
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { share, bytes, admit: resolve };
    const abort = () => {
      const index = this.#waiters.indexOf(waiter);
      if (index >= 0) {
        this.#waiters.splice(index, 1);
        reject(signal.reason);
        this.#admit();
      }
    };
    this.#waiters.push(waiter);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Gives bytes back and lets those in that now fit. */
  release(share: BudgetShare, bytes: number): void {
    share.used -= bytes;
    this.used -= bytes;
    this.#admit();
  }

  #fits(share: BudgetShare, bytes: number): boolean {
    if (this.used === 0) return true;
    if (share.used === 0) return this.used + bytes <= this.limit;
    return share.used + bytes <= share.limit && this.used + bytes <= this.limit / 2;
  }

  #take(share: BudgetShare, bytes: number): void {
    share.used += bytes;
    this.used += bytes;
  }

  #admit(): void {
    for (let i = 0; i < this.#waiters.length;) {
      const waiter = this.#waiters[i]!;
      if (!this.#fits(waiter.share, waiter.bytes)) {
        i++;
        continue;
      }
      this.#waiters.splice(i, 1);
      // Taken here and not by the waiter, so that the next one sees it.
      this.#take(waiter.share, waiter.bytes);
      waiter.admit();
    }
  }
}
