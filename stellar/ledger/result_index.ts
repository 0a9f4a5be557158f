import {
  count,
  present,
  skipContractEventArray,
  skipDiagnosticEventArray,
  skipExtensionPoint,
  skipInnerTransactionResultExt,
  skipInnerTransactionResultResult,
  skipLedgerEntryChangeArray,
  skipOperationResult,
  skipOptionalSorobanTransactionMetaV2,
  skipScVal,
  skipSorobanTransactionMetaExt,
  skipTransactionEventArray,
  skipTransactionResultExt,
  skipTransactionResultResult,
  step,
  TransactionResultCode,
  unknownValue,
  within,
  word,
  type XdrReader,
} from "../xdr/mod.ts";
import { IntList } from "./_int_list.ts";

const ANY_COUNT = 0xffffffff;

/**
 * Where the parts of each transaction's result and meta are, in apply order (that of `txProcessing`).
 *
 * One entry per transaction `t`; positions are byte offsets into the ledger's bytes, -1 where the
 * version of the meta does not have the part.
 *
 * | list | holds |
 * | --- | --- |
 * | `hash` | transaction hash, 32 bytes |
 * | `feeCharged` | int64 |
 * | `successful` | 1 or 0 |
 * | `feeChanges` | LedgerEntryChange array of the fee |
 * | `postFeeChanges` | the same after all transactions (LedgerCloseMeta v2) |
 * | `metaVersion` | version of TransactionMeta, 0 to 4 |
 * | `changesBefore` | LedgerEntryChange array `txChangesBefore` (meta v2 and up; `txChanges` of v1) |
 * | `changesAfter` | LedgerEntryChange array `txChangesAfter` (meta v2 and up) |
 * | `sorobanEvents` | ContractEvent array of the Soroban part of meta v3 |
 * | `transactionEvents` | TransactionEvent array of meta v4 |
 * | `firstResult`, `resultCount` | range in `operationResult` |
 * | `firstMeta`, `metaCount` | range in `operationChanges` and `operationEvents` |
 *
 * One entry per operation result: `operationResult` (OperationResult; those of the inner transaction
 * for a fee bump). One entry per operation meta: `operationChanges` (LedgerEntryChange array),
 * `operationEvents` (ContractEvent array of meta v4).
 */
export class ResultIndex {
  readonly hash = new IntList();
  readonly feeCharged = new IntList();
  readonly successful = new IntList();
  readonly feeChanges = new IntList();
  readonly postFeeChanges = new IntList();
  readonly metaVersion = new IntList();
  readonly changesBefore = new IntList();
  readonly changesAfter = new IntList();
  readonly sorobanEvents = new IntList();
  readonly transactionEvents = new IntList();
  readonly firstResult = new IntList();
  readonly resultCount = new IntList();
  readonly firstMeta = new IntList();
  readonly metaCount = new IntList();
  readonly operationResult = new IntList();
  readonly operationChanges = new IntList();
  readonly operationEvents = new IntList();

  readonly #lists: readonly IntList[] = [
    this.hash,
    this.feeCharged,
    this.successful,
    this.feeChanges,
    this.postFeeChanges,
    this.metaVersion,
    this.changesBefore,
    this.changesAfter,
    this.sorobanEvents,
    this.transactionEvents,
    this.firstResult,
    this.resultCount,
    this.firstMeta,
    this.metaCount,
    this.operationResult,
    this.operationChanges,
    this.operationEvents,
  ];

  /** Number of transactions that were applied. */
  get length(): number {
    return this.hash.length;
  }

  clear(): void {
    for (const list of this.#lists) list.length = 0;
  }

  /** TransactionResultMeta (LedgerCloseMeta v0, v1): result feeProcessing txApplyProcessing. */
  add(r: XdrReader, p: number): number {
    try {
      p = this.#addResult(r, p);
      this.feeChanges.push(p);
      p = this.#addMeta(r, skipLedgerEntryChangeArray(r, p));
      this.postFeeChanges.push(-1);
      return p;
    } catch (error) {
      throw within(error, "TransactionResultMeta");
    }
  }

  /** TransactionResultMetaV1 (v2): ext result feeProcessing txApplyProcessing postTxApplyFeeProcessing. */
  addV1(r: XdrReader, p: number): number {
    try {
      p = this.#addResult(r, skipExtensionPoint(r, p));
      this.feeChanges.push(p);
      p = this.#addMeta(r, skipLedgerEntryChangeArray(r, p));
      this.postFeeChanges.push(p);
      return skipLedgerEntryChangeArray(r, p);
    } catch (error) {
      throw within(error, "TransactionResultMetaV1");
    }
  }

  /** TransactionResultPair: transactionHash[32], then TransactionResult: feeCharged result ext. */
  #addResult(r: XdrReader, p: number): number {
    try {
      this.hash.push(p);
      this.feeCharged.push(p + 32);
      p = step(r, p, 40);
      const code = word(r, p);
      const { txSuccess, txFailed, txFeeBumpInnerSuccess, txFeeBumpInnerFailed } =
        TransactionResultCode;
      const successful = code === txSuccess || code === txFeeBumpInnerSuccess;
      this.successful.push(successful ? 1 : 0);
      this.firstResult.push(this.operationResult.length);
      if (code === txSuccess || code === txFailed) p = this.#addOperationResults(r, p + 4);
      else if (code === txFeeBumpInnerSuccess || code === txFeeBumpInnerFailed) {
        p = this.#addInnerResult(r, p + 4);
      } else p = skipTransactionResultResult(r, p);
      this.resultCount.push(
        this.operationResult.length - this.firstResult.data[this.firstResult.length - 1]!,
      );
      return skipTransactionResultExt(r, p);
    } catch (error) {
      throw within(error, "TransactionResultPair");
    }
  }

  /** InnerTransactionResultPair: transactionHash[32], feeCharged, result, ext. */
  #addInnerResult(r: XdrReader, p: number): number {
    try {
      p = step(r, p, 40);
      const code = word(r, p);
      const hasResults = code === TransactionResultCode.txSuccess ||
        code === TransactionResultCode.txFailed;
      p = hasResults ? this.#addOperationResults(r, p + 4) : skipInnerTransactionResultResult(r, p);
      return skipInnerTransactionResultExt(r, p);
    } catch (error) {
      throw within(error, "InnerTransactionResultPair");
    }
  }

  #addOperationResults(r: XdrReader, p: number): number {
    const n = count(r, p, ANY_COUNT, 4);
    p += 4;
    for (let i = 0; i < n; i++) {
      this.operationResult.push(p);
      p = skipOperationResult(r, p);
    }
    return p;
  }

  #addMeta(r: XdrReader, p: number): number {
    try {
      const version = word(r, p);
      p += 4;
      this.metaVersion.push(version);
      this.firstMeta.push(this.operationChanges.length);
      let changesBefore = -1;
      let changesAfter = -1;
      let sorobanEvents = -1;
      let transactionEvents = -1;
      if (version > 4 || version < 0) throw unknownValue(version, p - 4);
      if (version >= 3) p = skipExtensionPoint(r, p);
      if (version >= 1) {
        changesBefore = p;
        p = skipLedgerEntryChangeArray(r, p);
      }
      p = version === 4 ? this.#addOperationsV2(r, p) : this.#addOperations(r, p);
      if (version >= 2) {
        changesAfter = p;
        p = skipLedgerEntryChangeArray(r, p);
      }
      if (version === 3) {
        const hasSoroban = present(r, p);
        p += 4;
        if (hasSoroban) {
          sorobanEvents = skipSorobanTransactionMetaExt(r, p);
          p = skipScVal(r, skipContractEventArray(r, sorobanEvents));
          p = skipDiagnosticEventArray(r, p);
        }
      } else if (version === 4) {
        transactionEvents = skipOptionalSorobanTransactionMetaV2(r, p);
        p = skipDiagnosticEventArray(r, skipTransactionEventArray(r, transactionEvents));
      }
      this.metaCount.push(
        this.operationChanges.length - this.firstMeta.data[this.firstMeta.length - 1]!,
      );
      this.changesBefore.push(changesBefore);
      this.changesAfter.push(changesAfter);
      this.sorobanEvents.push(sorobanEvents);
      this.transactionEvents.push(transactionEvents);
      return p;
    } catch (error) {
      throw within(error, "TransactionMeta");
    }
  }

  /** OperationMeta: changes. */
  #addOperations(r: XdrReader, p: number): number {
    const n = count(r, p, ANY_COUNT, 4);
    p += 4;
    for (let i = 0; i < n; i++) {
      this.operationChanges.push(p);
      this.operationEvents.push(-1);
      p = skipLedgerEntryChangeArray(r, p);
    }
    return p;
  }

  /** OperationMetaV2: ext changes events. */
  #addOperationsV2(r: XdrReader, p: number): number {
    const n = count(r, p, ANY_COUNT, 12);
    p += 4;
    for (let i = 0; i < n; i++) {
      p = skipExtensionPoint(r, p);
      this.operationChanges.push(p);
      p = skipLedgerEntryChangeArray(r, p);
      this.operationEvents.push(p);
      p = skipContractEventArray(r, p);
    }
    return p;
  }
}
