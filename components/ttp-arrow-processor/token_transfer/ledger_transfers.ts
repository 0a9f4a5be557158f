import { LedgerIndex, networkId, unpairedTransaction } from "../../../stellar/mod.ts";
import { OperationType } from "../../../stellar/xdr/mod.ts";
import { ClaimableBalanceRules } from "./claimable_balances.ts";
import { ContractEventRules } from "./contract_events.ts";
import { FeeRules } from "./fees.ts";
import { LiquidityPoolRules } from "./liquidity_pools.ts";
import { PaymentRules } from "./payments.ts";
import { FIRST_RECONCILED_PROTOCOL, ReconciliationRules } from "./reconciliation.ts";
import { RevocationRules } from "./revocation.ts";
import { TokenTransferError } from "./token_transfer_error.ts";
import { TradeRules } from "./trades.ts";
import { TransferContext } from "./transfer_context.ts";
import { UnifiedFeeRules } from "./unified_fees.ts";

/**
 * Where events come from: `reconstructed` from operations, results and changes (any ledger), or `unified`
 * from the events that the ledger itself holds (TransactionMeta v4 with CAP-67 events).
 */
export type EventsMode = "reconstructed" | "unified";

/** From this protocol on refunds stand at the end of the ledger, as they happen there. */
const FIRST_PROTOCOL_WITH_LATE_REFUNDS = 23;
/** Below this protocol the meta must be of a version whose changes are right. */
const FIRST_PROTOCOL_WITH_TRUSTED_META = 10;

/**
 * The token transfers of ledgers: for each ledger the same events, in the same order, as SDF's Go
 * token-transfer processor (go-stellar-sdk v0.7.3, processors/token_transfer).
 *
 * Order: the fee of every transaction, failed ones too; then the operations of each successful
 * transaction; refunds right after their transaction below protocol 23, at the very end from then on.
 *
 * One instance per thread; what `read` finds is valid until the next `read`.
 */
export class LedgerTransfers {
  readonly index = new LedgerIndex();
  readonly context: TransferContext;

  readonly #fees = new FeeRules();
  readonly #unifiedFees = new UnifiedFeeRules();
  readonly #trades = new TradeRules();
  readonly #payments = new PaymentRules(this.#trades);
  readonly #balances = new ClaimableBalanceRules();
  readonly #pools = new LiquidityPoolRules();
  readonly #revocation = new RevocationRules();
  readonly #contracts = new ContractEventRules();
  readonly #reconciliation = new ReconciliationRules();

  constructor(readonly networkPassphrase: string, readonly mode: EventsMode = "reconstructed") {
    this.context = new TransferContext(networkId(networkPassphrase));
  }

  /**
   * Reads `bytes[start, end)` as one LedgerCloseMeta and finds its events (`context.rows`).
   *
   * @throws {XdrError} when the bytes are no LedgerCloseMeta.
   * @throws {LedgerError} when a transaction has no envelope, as under another network's passphrase.
   * @throws {TokenTransferError} when the ledger breaks a rule. Then it has no events at all.
   */
  read(bytes: Uint8Array, start = 0, end: number = bytes.byteLength): void {
    const { context, index } = this;
    context.rows.clear();
    index.read(bytes, start, end);
    context.beginLedger(index);
    try {
      this.#pair();
      this.#addFees();
      const late = index.protocolVersion >= FIRST_PROTOCOL_WITH_LATE_REFUNDS;
      let refund = 0;
      for (let t = 0; t < index.transactionCount; t++) {
        this.#addOperations(t);
        if (!late) refund = this.#addRefund(refund, t);
      }
      if (late) {
        for (; refund < context.refunds.length; refund++) {
          context.rows.copy(context.refunds, refund);
        }
      }
    } catch (error) {
      context.rows.clear();
      throw error;
    }
  }

  #pair(): void {
    const { context, index } = this;
    const unpaired = context.pairing.pair(index, context.networkId);
    if (unpaired >= 0) throw unpairedTransaction(index, unpaired);
    if (index.protocolVersion >= FIRST_PROTOCOL_WITH_TRUSTED_META) return;
    // The reference asks this for as many transactions as there are envelopes.
    const { results, envelopes } = index;
    if (envelopes.length > results.length) {
      throw new TokenTransferError(
        index.sequence,
        `Ledger ${index.sequence}: ${envelopes.length} envelopes but ${results.length} results in a ` +
          `ledger of protocol ${index.protocolVersion}; there must be a result for each`,
      );
    }
    for (let t = 0; t < envelopes.length; t++) {
      const hasFeeChanges = index.view.getUint32(results.feeChanges.data[t]!) > 0;
      if (results.metaVersion.data[t]! < 2 && hasFeeChanges) {
        throw new TokenTransferError(
          index.sequence,
          `Ledger ${index.sequence}, transaction ${
            t + 1
          }: protocol ${index.protocolVersion} needs ` +
            `TransactionMeta v2 or later, this has v${
              results.metaVersion.data[t]
            }; have the ledger ` +
            "made again by a newer stellar-core",
        );
      }
    }
  }

  #addFees(): void {
    const { context } = this;
    for (let t = 0; t < this.index.transactionCount; t++) {
      context.beginTransaction(t);
      if (this.mode === "unified") this.#unifiedFees.apply(context);
      else this.#fees.apply(context);
    }
  }

  /** Appends the refund of transaction `t`, when the next noted one is its. */
  #addRefund(refund: number, t: number): number {
    const { refunds, rows } = this.context;
    if (refund >= refunds.length || refunds.transaction(refund) !== t) return refund;
    rows.copy(refunds, refund);
    return refund + 1;
  }

  #addOperations(t: number): void {
    const { results, envelopes } = this.index;
    if (results.successful.data[t] === 0) return;
    const { context } = this;
    context.beginTransaction(t);
    const unified = this.mode === "unified";
    const n = unified
      ? results.metaCount.data[t]!
      : envelopes.operationCount.data[context.envelope]!;
    for (let operation = 0; operation < n; operation++) {
      const firstRow = context.rows.length;
      if (unified) {
        context.operation = operation;
        context.operationType = -1; // the events say what happened, whatever the operation was
        this.#contracts.applyOperation(context);
      } else {
        context.beginOperation(operation);
        this.#addOperation(firstRow);
      }
      for (let row = firstRow; row < context.rows.length; row++) {
        context.rows.setPosition(row, row - firstRow);
      }
    }
  }

  #addOperation(firstRow: number): void {
    const { context } = this;
    if (!this.#applyRule()) return;
    if (this.index.protocolVersion < FIRST_RECONCILED_PROTOCOL) {
      this.#reconciliation.apply(context, firstRow);
    }
  }

  /** Applies the rule of the operation's type; false for types that never move tokens. */
  #applyRule(): boolean {
    const { context } = this;
    switch (context.operationType) {
      case OperationType.createAccount:
        this.#payments.createAccount(context);
        return true;
      case OperationType.payment:
        this.#payments.payment(context);
        return true;
      case OperationType.pathPaymentStrictReceive:
        this.#payments.pathPaymentStrictReceive(context);
        return true;
      case OperationType.pathPaymentStrictSend:
        this.#payments.pathPaymentStrictSend(context);
        return true;
      case OperationType.accountMerge:
        this.#payments.accountMerge(context);
        return true;
      case OperationType.inflation:
        this.#payments.inflation(context);
        return true;
      case OperationType.manageSellOffer:
        this.#trades.manageSellOffer(context);
        return true;
      case OperationType.manageBuyOffer:
        this.#trades.manageBuyOffer(context);
        return true;
      case OperationType.createPassiveSellOffer:
        this.#trades.createPassiveSellOffer(context);
        return true;
      case OperationType.createClaimableBalance:
        this.#balances.create(context);
        return true;
      case OperationType.claimClaimableBalance:
        this.#balances.claim(context);
        return true;
      case OperationType.clawback:
        this.#balances.clawback(context);
        return true;
      case OperationType.clawbackClaimableBalance:
        this.#balances.clawbackBalance(context);
        return true;
      case OperationType.liquidityPoolDeposit:
        this.#pools.deposit(context);
        return true;
      case OperationType.liquidityPoolWithdraw:
        this.#pools.withdraw(context);
        return true;
      case OperationType.allowTrust:
      case OperationType.setTrustLineFlags:
        this.#revocation.apply(context);
        return true;
      case OperationType.invokeHostFunction:
        this.#contracts.applyOperation(context);
        return true;
      default:
        return false;
    }
  }
}
