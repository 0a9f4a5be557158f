import { type LedgerIndex, Sha256, SHA256_BYTES } from "../../stellar/mod.ts";
import { skipTransactionResultPair } from "../../stellar/xdr/mod.ts";

/**
 * How much of a ledger is checked by hashing:
 * - `off`: nothing
 * - `chain`: the header's hash is recomputed, and its previousLedgerHash must be the hash of the
 *   ledger before it in the same stream
 * - `full`: also the transaction set must hash to the header's txSetHash, and the results to its
 *   txSetResultHash. What no hash of the header covers (metas, events, fee changes) is not checked
 *   by it.
 */
export type VerifyLevel = "off" | "chain" | "full";

/** A ledger's hashes contradict each other or the ledger before it. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";

  constructor(
    readonly code: "header_hash" | "chain" | "transaction_set" | "results",
    readonly sequence: number,
    message: string,
  ) {
    super(message);
  }
}

/** Checks the ledgers of one stream, in their order. */
export class LedgerVerifier {
  readonly #level: VerifyLevel;
  readonly #sha = new Sha256();
  readonly #computed = new Uint8Array(SHA256_BYTES);
  readonly #previousHash = new Uint8Array(SHA256_BYTES);
  #previousSequence = -1;

  constructor(level: VerifyLevel) {
    this.#level = level;
  }

  /**
   * Checks the ledger that `index` has read. The ledger after a gap has nothing to link to, so
   * that only its own hashes are checked.
   * Throws VerificationError that names the ledger; that ledger then counts as not seen.
   */
  check(index: LedgerIndex): void {
    if (this.#level === "off") return;
    const { bytes, sequence } = index;
    this.#sha.hash(bytes, index.headerStart, index.headerEnd, this.#computed, 0);
    this.#expect(index, index.hashAt, "header_hash", "the hash of its header");
    if (
      this.#previousSequence === sequence - 1 &&
      !equalAt(bytes, index.previousHashAt, this.#previousHash)
    ) {
      throw new VerificationError(
        "chain",
        sequence,
        `Ledger ${sequence} does not follow ledger ${sequence - 1}: it names ` +
          `${hexAt(bytes, index.previousHashAt)} as the hash before it, ` +
          `which is ${hexAt(this.#previousHash, 0)}.`,
      );
    }
    if (this.#level === "full") this.#checkContent(index);
    this.#previousHash.set(bytes.subarray(index.hashAt, index.hashAt + SHA256_BYTES));
    this.#previousSequence = sequence;
  }

  #checkContent(index: LedgerIndex): void {
    const { bytes, transactionSetStart: start, transactionSetEnd: end } = index;
    if (index.version === 0) {
      // TransactionSet is hashed without the count between previousLedgerHash and the envelopes.
      const list = start + SHA256_BYTES;
      this.#sha.reset().update(bytes, start, list).update(bytes, list + 4, end)
        .digestInto(this.#computed);
    } else {
      this.#sha.hash(bytes, start, end, this.#computed, 0);
    }
    // StellarValue begins with the set's hash.
    this.#expect(index, index.header.scpValue, "transaction_set", "of its transaction set");

    const { results, reader } = index;
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, results.length);
    this.#sha.reset().update(count);
    for (let t = 0; t < results.length; t++) {
      const pair = results.hash.data[t]!;
      this.#sha.update(bytes, pair, skipTransactionResultPair(reader, pair));
    }
    this.#sha.digestInto(this.#computed);
    this.#expect(index, index.header.txSetResultHash, "results", "of its results");
  }

  #expect(
    index: LedgerIndex,
    statedAt: number,
    code: VerificationError["code"],
    what: string,
  ): void {
    if (equalAt(index.bytes, statedAt, this.#computed)) return;
    const stated = code === "header_hash" ? what : `the hash ${what}`;
    throw new VerificationError(
      code,
      index.sequence,
      `Ledger ${index.sequence} states ${hexAt(index.bytes, statedAt)} as ${stated}, ` +
        `which is ${hexAt(this.#computed, 0)}: it has been changed or damaged.`,
    );
  }
}

function equalAt(bytes: Uint8Array, at: number, hash: Uint8Array): boolean {
  for (let i = 0; i < SHA256_BYTES; i++) {
    if (bytes[at + i] !== hash[i]) return false;
  }
  return true;
}

function hexAt(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + SHA256_BYTES).toHex();
}
