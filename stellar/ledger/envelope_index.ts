import {
  count,
  CryptoKeyType,
  EnvelopeType,
  present,
  skipDecoratedSignatureArrayMax20,
  skipFeeBumpTransactionExt,
  skipMemo,
  skipMuxedAccount,
  skipOperationBody,
  skipOptionalTimeBounds,
  skipPreconditions,
  skipTransactionExt,
  skipTransactionV0Ext,
  step,
  unknownValue,
  within,
  word,
  type XdrReader,
} from "../xdr/mod.ts";
import { IntList } from "./_int_list.ts";

/** Operations that the XDR allows in one transaction. */
const MAX_OPERATIONS = 100;

/**
 * Where the parts of each transaction envelope of a ledger's transaction set are.
 *
 * One entry per envelope `e`, in the order of the set. Positions are byte offsets into the ledger's
 * bytes. What belongs to a transaction (source, memo, operations) is that of the inner transaction for a
 * fee bump.
 *
 * | list | holds |
 * | --- | --- |
 * | `type` | EnvelopeType: txV0, tx or txFeeBump |
 * | `start`, `end` | the transaction struct without signatures: what its hash covers |
 * | `feeSourceKey` | 32-byte key of the account that pays the fee |
 * | `sourceKey` | 32-byte key of the source account |
 * | `sourceMuxedId` | 64-bit id of the source account, -1 when it is not muxed |
 * | `sequenceNumber` | int64 |
 * | `memo` | Memo |
 * | `soroban` | 1 when the transaction carries Soroban data, else 0 |
 * | `firstOperation`, `operationCount` | range in the lists below |
 *
 * One entry per operation: `operationBody` (OperationBody), `operationSourceKey` (32-byte key of its own
 * source account, -1 when it has none), `operationSourceMuxedId` (64-bit id of that account, -1 when it
 * is not muxed).
 */
export class EnvelopeIndex {
  readonly type = new IntList();
  readonly start = new IntList();
  readonly end = new IntList();
  readonly feeSourceKey = new IntList();
  readonly sourceKey = new IntList();
  readonly sourceMuxedId = new IntList();
  readonly sequenceNumber = new IntList();
  readonly memo = new IntList();
  readonly soroban = new IntList();
  readonly firstOperation = new IntList();
  readonly operationCount = new IntList();
  readonly operationBody = new IntList();
  readonly operationSourceKey = new IntList();
  readonly operationSourceMuxedId = new IntList();

  /** Number of envelopes. */
  get length(): number {
    return this.type.length;
  }

  clear(): void {
    for (const list of this.#lists) list.length = 0;
  }

  readonly #lists: readonly IntList[] = [
    this.type,
    this.start,
    this.end,
    this.feeSourceKey,
    this.sourceKey,
    this.sourceMuxedId,
    this.sequenceNumber,
    this.memo,
    this.soroban,
    this.firstOperation,
    this.operationCount,
    this.operationBody,
    this.operationSourceKey,
    this.operationSourceMuxedId,
  ];

  /** Strictly reads the TransactionEnvelope at `p`, notes its parts, returns the position after it. */
  add(r: XdrReader, p: number): number {
    try {
      const type = word(r, p);
      p += 4;
      this.type.push(type);
      switch (type) {
        case EnvelopeType.txV0:
          p = this.#addV0(r, p);
          break;
        case EnvelopeType.tx:
          p = this.#addV1(r, p);
          break;
        case EnvelopeType.txFeeBump:
          p = this.#addFeeBump(r, p);
          break;
        default:
          throw unknownValue(type, p - 4);
      }
      return skipDecoratedSignatureArrayMax20(r, p);
    } catch (error) {
      throw within(error, "TransactionEnvelope");
    }
  }

  /** TransactionV0: sourceAccountEd25519[32] fee seqNum timeBounds? memo operations ext. */
  #addV0(r: XdrReader, p: number): number {
    try {
      this.start.push(p);
      this.feeSourceKey.push(p);
      this.sourceKey.push(p);
      this.sourceMuxedId.push(-1);
      this.sequenceNumber.push(p + 36);
      p = skipOptionalTimeBounds(r, step(r, p, 44));
      this.memo.push(p);
      p = this.#addOperations(r, skipMemo(r, p));
      this.soroban.push(0);
      p = skipTransactionV0Ext(r, p);
      this.end.push(p);
      return p;
    } catch (error) {
      throw within(error, "TransactionV0");
    }
  }

  #addV1(r: XdrReader, p: number): number {
    this.start.push(p);
    this.feeSourceKey.push(accountKey(r, p));
    p = this.#addTransaction(r, p);
    this.end.push(p);
    return p;
  }

  /** FeeBumpTransaction: feeSource fee innerTx(TransactionV1Envelope) ext. */
  #addFeeBump(r: XdrReader, p: number): number {
    try {
      this.start.push(p);
      this.feeSourceKey.push(accountKey(r, p));
      p = step(r, skipMuxedAccount(r, p), 8);
      const inner = word(r, p);
      if (inner !== EnvelopeType.tx) throw unknownValue(inner, p);
      p = skipDecoratedSignatureArrayMax20(r, this.#addTransaction(r, p + 4));
      p = skipFeeBumpTransactionExt(r, p);
      this.end.push(p);
      return p;
    } catch (error) {
      throw within(error, "FeeBumpTransaction");
    }
  }

  /** Transaction: sourceAccount fee seqNum cond memo operations ext. */
  #addTransaction(r: XdrReader, p: number): number {
    try {
      this.sourceKey.push(accountKey(r, p));
      this.sourceMuxedId.push(muxedId(r, p));
      p = skipMuxedAccount(r, p);
      this.sequenceNumber.push(p + 4);
      p = skipPreconditions(r, step(r, p, 12));
      this.memo.push(p);
      p = this.#addOperations(r, skipMemo(r, p));
      const end = skipTransactionExt(r, p);
      this.soroban.push(word(r, p));
      return end;
    } catch (error) {
      throw within(error, "Transaction");
    }
  }

  #addOperations(r: XdrReader, p: number): number {
    const n = count(r, p, MAX_OPERATIONS, 8);
    this.firstOperation.push(this.operationBody.length);
    this.operationCount.push(n);
    p += 4;
    try {
      for (let i = 0; i < n; i++) {
        const hasSource = present(r, p);
        p += 4;
        this.operationSourceKey.push(hasSource ? accountKey(r, p) : -1);
        this.operationSourceMuxedId.push(hasSource ? muxedId(r, p) : -1);
        if (hasSource) p = skipMuxedAccount(r, p);
        this.operationBody.push(p);
        p = skipOperationBody(r, p);
      }
    } catch (error) {
      throw within(error, "Operation");
    }
    return p;
  }
}

/** Position of the 64-bit id in the MuxedAccount at `p`, -1 when it is not muxed. */
function muxedId(r: XdrReader, p: number): number {
  return word(r, p) === CryptoKeyType.muxedEd25519 ? p + 4 : -1;
}

/** Position of the 32-byte key in the MuxedAccount at `p`, which need not be checked yet. */
function accountKey(r: XdrReader, p: number): number {
  return word(r, p) === CryptoKeyType.muxedEd25519 ? p + 12 : p + 4;
}
