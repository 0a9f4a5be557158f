import { columnBytes } from "../arrow/mod.ts";
import type { FlightBatch } from "./flight_dataset.ts";

/** Taken for the size of the next batch until one has come: what a server cuts its batches at. */
const FIRST_BATCH_BYTES = 4 * 1024 * 1024;

/** What a batch takes beside its columns, so that batches without rows are bounded too. */
const BATCH_OVERHEAD_BYTES = 4 * 1024;

/** What the facts of one ledger take in `app_metadata` once they are objects. */
const LEDGER_FACTS_BYTES = 1024;

/** A batch that is larger than expected raises what is expected at once; smaller ones lower it by this share. */
const SHRINK_SHARE = 1 / 32;

/**
 * The room in which batches wait until those before them have been given: bytes over all streams that
 * read ahead. Who is to be given next needs none of it, so that a full buffer holds nobody up for good.
 *
 * Room is taken before a batch is asked for, when its size is not known yet: as much as the largest
 * of the last ones. So the bound is passed only by what a batch is larger than those before it.
 */
export class ReorderBuffer {
  /** Bytes held and reserved. */
  used = 0;
  #expected: number | undefined;
  readonly #waiting = new Set<() => void>();

  /** @param limit in bytes; 0 lets nobody read ahead */
  constructor(readonly limit: number) {}

  /** Whether there is room for another batch. */
  get hasRoom(): boolean {
    return this.limit > 0 && this.used + this.#nextBytes <= this.limit;
  }

  /** Takes room for the next batch. Undefined when there is none, else the bytes reserved. */
  reserve(): number | undefined {
    if (!this.hasRoom) return undefined;
    const bytes = this.#nextBytes;
    this.used += bytes;
    return bytes;
  }

  /** Notes the size of a batch that has come into reserved room. */
  put(reserved: number, bytes: number): void {
    const shrunk = (this.#expected ?? 0) * (1 - SHRINK_SHARE);
    this.#expected = Math.max(bytes, Math.floor(shrunk));
    this.used += bytes - reserved;
    if (bytes < reserved) this.#wake();
  }

  /** Gives room back, of a batch or of a reservation. */
  free(bytes: number): void {
    if (bytes === 0) return;
    this.used -= bytes;
    this.#wake();
  }

  /** Calls back when there may be room; returns what takes that back. */
  onRoom(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => void this.#waiting.delete(callback);
  }

  get #nextBytes(): number {
    return this.#expected ?? Math.min(FIRST_BATCH_BYTES, this.limit / 2);
  }

  #wake(): void {
    // In the order of coming: each takes its room before the next one looks.
    for (const callback of [...this.#waiting]) callback();
  }
}

/** Memory that a batch takes. */
export function batchBytes({ batch, metadata }: FlightBatch): number {
  const facts = LEDGER_FACTS_BYTES * (metadata.ledgers?.length ?? 0);
  return BATCH_OVERHEAD_BYTES + facts + columnBytes(batch);
}
