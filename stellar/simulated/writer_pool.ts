import { XdrWriter } from "./xdr_writer.ts";

/**
 * Hands out writers that keep their buffers from one transaction to the next: making buffers is
 * the larger part of writing a ledger. Whoever takes one must not use it after `releaseAll`.
 */
export class WriterPool {
  readonly #writers: XdrWriter[] = [];
  #taken = 0;

  /** An empty writer. */
  take(): XdrWriter {
    const writer = this.#writers[this.#taken++];
    if (writer !== undefined) return writer.clear();
    const made = new XdrWriter();
    this.#writers.push(made);
    return made;
  }

  /** Takes all writers back. */
  releaseAll(): void {
    this.#taken = 0;
  }
}
