import { Sha256 } from "../sha256.ts";
import { type TransactionEnvelopeType, transactionHashInto } from "../transaction_hash.ts";
import type { LedgerIndex } from "./ledger_index.ts";

/**
 * Finds the envelope of each result: the transaction set and `txProcessing` are in different orders, and
 * what joins them is the transaction hash, which the envelope does not carry and which depends on the
 * network.
 *
 * An envelope without result is left alone, a result may name an envelope again.
 */
export class TransactionPairing {
  /** Index of the envelope of each transaction, in apply order; -1 where there is none. */
  envelopeOf: Int32Array = new Int32Array(512);

  readonly #sha = new Sha256();
  #hashes: Uint8Array = new Uint8Array(512 * 32);
  #hashWords: DataView = new DataView(this.#hashes.buffer);
  /** Open addressing: envelope index + 1 by the first hash word; 0 is free. */
  #slots: Int32Array = new Int32Array(1024);

  /**
   * Pairs the transactions of `index` under the network with this id.
   *
   * Returns the number of the first transaction (from 0) that no envelope has, or -1 when all are paired.
   */
  pair(index: LedgerIndex, networkId: Uint8Array): number {
    this.#hashEnvelopes(index, networkId);
    const { results, view } = index;
    if (this.envelopeOf.length < results.length) {
      this.envelopeOf = new Int32Array(results.length * 2);
    }
    let unpaired = -1;
    for (let t = results.length - 1; t >= 0; t--) {
      const envelope = this.#find(view, results.hash.data[t]!);
      this.envelopeOf[t] = envelope;
      if (envelope < 0) unpaired = t;
    }
    return unpaired;
  }

  #hashEnvelopes(index: LedgerIndex, networkId: Uint8Array): void {
    const { envelopes, bytes } = index;
    const n = envelopes.length;
    this.#reserve(n);
    const mask = this.#slots.length - 1;
    for (let e = 0; e < n; e++) {
      const type = envelopes.type.data[e]! as TransactionEnvelopeType;
      const start = envelopes.start.data[e]!;
      const end = envelopes.end.data[e]!;
      transactionHashInto(this.#sha, networkId, type, bytes, start, end, this.#hashes, e * 32);
      let slot = this.#hashWords.getInt32(e * 32) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = e + 1;
    }
  }

  #find(view: DataView, hashAt: number): number {
    const mask = this.#slots.length - 1;
    let slot = view.getInt32(hashAt) & mask;
    for (;;) {
      const e = this.#slots[slot]! - 1;
      if (e < 0) return -1;
      if (this.#equals(view, hashAt, e * 32)) return e;
      slot = (slot + 1) & mask;
    }
  }

  #equals(view: DataView, hashAt: number, own: number): boolean {
    for (let k = 0; k < 32; k += 4) {
      if (view.getInt32(hashAt + k) !== this.#hashWords.getInt32(own + k)) return false;
    }
    return true;
  }

  #reserve(envelopes: number): void {
    if (this.#hashes.length < envelopes * 32) {
      this.#hashes = new Uint8Array(envelopes * 64);
      this.#hashWords = new DataView(this.#hashes.buffer);
    }
    let slots = this.#slots.length;
    while (slots < envelopes * 2) slots *= 2;
    if (slots > this.#slots.length) this.#slots = new Int32Array(slots);
    else this.#slots.fill(0);
  }
}
