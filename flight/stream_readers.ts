import type { BudgetShare } from "./inflight_budget.ts";

/** A DoGet stream of a server, as it is now. */
export interface ReaderState {
  /** What its consumer calls itself; undefined where it says nothing. */
  readonly consumer: string | undefined;
  /** Bytes handed to HTTP/2 that the peer has not taken. */
  readonly heldBytes: number;
  /** Most bytes that it may hold. */
  readonly limitBytes: number;
  /** Time since the peer last took something, while bytes are held; 0 while none are. */
  readonly takenAgoMs: number;
}

/** The DoGet streams of a server that run, and whose they are. */
export class StreamReaders {
  readonly #consumers = new Map<BudgetShare, string | undefined>();

  /** Counts a stream in; the share is its part of the bytes in flight. */
  add(share: BudgetShare, consumer: string | undefined): void {
    this.#consumers.set(share, consumer);
  }

  /** Forgets a stream. */
  delete(share: BudgetShare): void {
    this.#consumers.delete(share);
  }

  /** All of them, in the order in which they began. */
  states(): ReaderState[] {
    return Array.from(this.#consumers, ([{ used, limit, since }, consumer]) => ({
      consumer,
      heldBytes: used,
      limitBytes: limit,
      takenAgoMs: used === 0 ? 0 : performance.now() - since,
    }));
  }
}
