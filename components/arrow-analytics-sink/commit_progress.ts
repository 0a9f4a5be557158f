import { columnBytes } from "../../arrow/mod.ts";
import type { FlightBatch } from "../../flight/mod.ts";

/** A batch that is taken in and not yet committed by every table. */
interface PendingBatch {
  readonly last: number;
  /** When its last ledger was closed, in milliseconds since 1970; undefined where it is not told. */
  readonly closedAtMs: number | undefined;
  /** When the source had read it, as the source says. */
  readonly readAtMs: unknown;
}

/** What is followed. */
export interface CommitProgressOptions {
  /** Last ledger that every table has committed. */
  readonly cursor: () => number | undefined;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Told of each batch once it is committed, with what the source says of when it had read it. */
  readonly onCommitted: (readAtMs: unknown) => void;
}

/**
 * Follows batches from when they are taken in until every table has committed them. What waits
 * between is bounded as the rows are that wait for a commit.
 */
export class CommitProgress {
  /** Batches that were taken in. */
  batches = 0;
  /** Bytes of their columns. */
  bytes = 0;
  readonly #options: CommitProgressOptions;
  #pending: PendingBatch[] = [];
  #closedAtMs: number | undefined;
  #committedAt: number;

  constructor(options: CommitProgressOptions) {
    this.#options = options;
    this.#committedAt = options.now();
  }

  /** Seconds since the last ledger committed was closed; undefined before the first of this process. */
  lagSeconds(nowMs: number): number | undefined {
    return this.#closedAtMs === undefined
      ? undefined
      : Math.max(0, nowMs - this.#closedAtMs) / 1000;
  }

  /** Seconds since the last commit, or since the beginning; `now` is of the clock that goes forward. */
  commitAgeSeconds(now: number): number {
    return (now - this.#committedAt) / 1000;
  }

  /** Notes a batch that is about to be taken in: the tables may commit it at once. */
  taking({ metadata }: FlightBatch): void {
    const { first_ledger, last_ledger, partial, ledgers, read_at_ms: readAtMs } = metadata;
    if (partial === true) return;
    // What broke off comes again.
    this.#pending = this.#pending.filter(({ last }) => last < first_ledger);
    const closed = ledgers?.at(-1)?.closed_at;
    const closedAtMs = closed === undefined ? undefined : Date.parse(closed);
    this.#pending.push({ last: last_ledger, closedAtMs, readAtMs });
  }

  /** Counts a batch that was taken in. */
  taken({ batch }: FlightBatch): void {
    this.batches++;
    this.bytes += columnBytes(batch);
  }

  /** Notes that some table has committed. */
  committed(): void {
    const { cursor, now, onCommitted } = this.#options;
    this.#committedAt = now();
    const done = cursor() ?? -1;
    let count = 0;
    for (const { last, closedAtMs, readAtMs } of this.#pending) {
      if (last > done) break;
      count++;
      this.#closedAtMs = closedAtMs ?? this.#closedAtMs;
      onCommitted(readAtMs);
    }
    this.#pending.splice(0, count);
  }
}
