import {
  count,
  LedgerHeaderView,
  skipLedgerCloseMetaExt,
  skipLedgerEntryArray,
  skipLedgerHeaderHistoryEntryExt,
  skipLedgerKeyArray,
  skipOptionalInt64,
  skipScpHistoryEntryArray,
  skipUpgradeEntryMetaArray,
  step,
  unknownValue,
  within,
  word,
  XdrError,
  XdrReader,
} from "../xdr/mod.ts";
import { EnvelopeIndex } from "./envelope_index.ts";
import { ResultIndex } from "./result_index.ts";

const ANY_COUNT = 0xffffffff;
/** The smallest TransactionEnvelope: type, V0 with key, fee, sequence, empty lists. */
const MIN_ENVELOPE_BYTES = 64;
/** The smallest TransactionResultMeta: hash, fee, code, ext, empty changes, meta version, operations. */
const MIN_RESULT_BYTES = 60;

/**
 * One strict pass over a LedgerCloseMeta that notes where everything is that the token-transfer rules,
 * the ledger row and the verification read. Everything is checked on the way: afterwards the whole
 * ledger is known to be valid XDR, and positions can be read without further checks.
 *
 * All lists are reused by the next {@linkcode read}: one index per thread, nothing allocated per ledger.
 */
export class LedgerIndex {
  /** The reader over the ledger's bytes, for reads at the positions noted here. */
  readonly reader = new XdrReader();
  readonly header = new LedgerHeaderView();
  readonly envelopes = new EnvelopeIndex();
  readonly results = new ResultIndex();

  /** Version of LedgerCloseMeta: 0, 1 or 2. */
  version = 0;
  sequence = 0;
  /** Close time, Unix seconds. */
  closeTime = 0;
  protocolVersion = 0;
  /** Position of the ledger hash (32 bytes), as the ledger states it. */
  hashAt = 0;
  /** The LedgerHeader struct: SHA-256 over `bytes[headerStart, headerEnd)` is the ledger hash. */
  headerStart = 0;
  headerEnd = 0;
  /** The transaction set (TransactionSet or GeneralizedTransactionSet). */
  transactionSetStart = 0;
  transactionSetEnd = 0;
  /** Position of the first result and after the last one. */
  resultsStart = 0;
  resultsEnd = 0;

  get bytes(): Uint8Array {
    return this.reader.bytes;
  }
  get view(): DataView {
    return this.reader.view;
  }
  get previousHashAt(): number {
    return this.header.previousLedgerHash;
  }
  get transactionCount(): number {
    return this.results.length;
  }

  /**
   * Reads `bytes[start, end)` as exactly one LedgerCloseMeta.
   *
   * @throws {XdrError} when the bytes are anything else; offsets count from the start of `bytes`.
   */
  read(bytes: Uint8Array, start = 0, end: number = bytes.byteLength): void {
    const r = this.reader.open(bytes, end);
    this.envelopes.clear();
    this.results.clear();
    let p: number;
    try {
      p = this.#readLedger(r, start);
    } catch (error) {
      throw within(error, "LedgerCloseMeta");
    }
    if (p !== end) {
      throw new XdrError(`the ledger ends here, but ${end - p} bytes follow`, p, [
        "LedgerCloseMeta",
      ]);
    }
  }

  /**
   * | version | parts in order |
   * | --- | --- |
   * | v0 | ledgerHeader txSet txProcessing upgradesProcessing scpInfo |
   * | v1 | ext ledgerHeader txSet txProcessing upgradesProcessing scpInfo totalByteSize evictedKeys unused |
   * | v2 | as v1 without unused, with TransactionResultMetaV1 |
   */
  #readLedger(r: XdrReader, p: number): number {
    this.version = word(r, p);
    if (this.version < 0 || this.version > 2) throw unknownValue(this.version, p);
    p += 4;
    if (this.version > 0) p = skipLedgerCloseMetaExt(r, p);
    p = this.#readHeader(r, p);
    this.transactionSetStart = p;
    p = this.version === 0 ? this.#readSet(r, p) : this.#readGeneralizedSet(r, p);
    this.transactionSetEnd = p;
    p = this.#readResults(r, p);
    p = skipScpHistoryEntryArray(r, skipUpgradeEntryMetaArray(r, p));
    if (this.version > 0) p = skipLedgerKeyArray(r, step(r, p, 8));
    if (this.version === 1) p = skipLedgerEntryArray(r, p);
    return p;
  }

  /** LedgerHeaderHistoryEntry: hash[32] header ext. */
  #readHeader(r: XdrReader, p: number): number {
    try {
      this.hashAt = p;
      this.headerStart = step(r, p, 32);
      this.headerEnd = this.header.locate(r, this.headerStart);
      const view = r.view;
      this.sequence = view.getUint32(this.header.ledgerSeq);
      this.protocolVersion = view.getUint32(this.header.ledgerVersion);
      const closeTimeAt = this.header.scpValue + 32; // StellarValue: txSetHash[32] closeTime …
      this.closeTime = view.getUint32(closeTimeAt) * 2 ** 32 + view.getUint32(closeTimeAt + 4);
      return skipLedgerHeaderHistoryEntryExt(r, this.headerEnd);
    } catch (error) {
      throw within(error, "LedgerHeaderHistoryEntry");
    }
  }

  /** TransactionSet: previousLedgerHash[32] txs. */
  #readSet(r: XdrReader, p: number): number {
    try {
      return this.#readEnvelopes(r, step(r, p, 32));
    } catch (error) {
      throw within(error, "TransactionSet");
    }
  }

  /** GeneralizedTransactionSet: 1, previousLedgerHash[32], phases. */
  #readGeneralizedSet(r: XdrReader, p: number): number {
    try {
      const version = word(r, p);
      if (version !== 1) throw unknownValue(version, p);
      p = step(r, p + 4, 32);
      const phases = count(r, p, ANY_COUNT, 8);
      p += 4;
      for (let i = 0; i < phases; i++) p = this.#readPhase(r, p);
      return p;
    } catch (error) {
      throw within(error, "GeneralizedTransactionSet");
    }
  }

  /** TransactionPhase: 0 components | 1 baseFee? stages of clusters of envelopes. */
  #readPhase(r: XdrReader, p: number): number {
    try {
      const kind = word(r, p);
      p += 4;
      if (kind === 0) {
        const components = count(r, p, ANY_COUNT, 12);
        p += 4;
        for (let i = 0; i < components; i++) {
          const type = word(r, p);
          if (type !== 0) throw unknownValue(type, p);
          p = this.#readEnvelopes(r, skipOptionalInt64(r, p + 4));
        }
        return p;
      }
      if (kind !== 1) throw unknownValue(kind, p - 4);
      p = skipOptionalInt64(r, p);
      const stages = count(r, p, ANY_COUNT, 4);
      p += 4;
      for (let i = 0; i < stages; i++) {
        const clusters = count(r, p, ANY_COUNT, 4);
        p += 4;
        for (let k = 0; k < clusters; k++) p = this.#readEnvelopes(r, p);
      }
      return p;
    } catch (error) {
      throw within(error, "TransactionPhase");
    }
  }

  #readEnvelopes(r: XdrReader, p: number): number {
    const n = count(r, p, ANY_COUNT, MIN_ENVELOPE_BYTES);
    p += 4;
    for (let i = 0; i < n; i++) p = this.envelopes.add(r, p);
    return p;
  }

  #readResults(r: XdrReader, p: number): number {
    const n = count(r, p, ANY_COUNT, MIN_RESULT_BYTES);
    p += 4;
    this.resultsStart = p;
    if (this.version === 2) { for (let i = 0; i < n; i++) p = this.results.addV1(r, p); }
    else for (let i = 0; i < n; i++) p = this.results.add(r, p);
    this.resultsEnd = p;
    return p;
  }
}
