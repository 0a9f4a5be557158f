import {
  AccountEntryView,
  LedgerEntryChangeType,
  LedgerEntryType,
} from "../../../stellar/xdr/mod.ts";
import { Amount } from "./amount.ts";
import { NATIVE_ASSET } from "./asset_table.ts";
import { EntryChanges } from "./entry_changes.ts";
import { EventType, NO_ADDRESS } from "./event_rows.ts";
import type { TransferContext } from "./transfer_context.ts";

/**
 * Fee events of one transaction (golden README, "Fees"): the fee at once into the rows, a refund into
 * `context.refunds`, because its place in the order depends on the protocol.
 *
 * A transaction is "Soroban" when it carries Soroban data, whatever its operations are.
 */
export class FeeRules {
  readonly #changes = new EntryChanges();
  readonly #account = new AccountEntryView();
  readonly #start = new Amount();
  readonly #end = new Amount();

  /** Adds the fee of the transaction at hand, and notes its refund. */
  apply(context: TransferContext): void {
    const { index, transaction, envelope } = context;
    const payerKey = index.envelopes.feeSourceKey.data[envelope]!;
    const payer = context.account(payerKey);
    if (index.envelopes.soroban.data[envelope] === 0) {
      const charged = index.results.feeCharged.data[transaction]!;
      addFee(context, payer, context.amount.setInt64(context.view, charged));
      return;
    }
    addFee(context, payer, this.#sorobanFee(context, payerKey));
    const refund = this.#sorobanRefund(context, payerKey);
    if (!refund.isZero) addRefund(context, payer, refund.negate());
  }

  /** What left the payer's balance in the fee changes; not `feeCharged`, which has the refund off. */
  #sorobanFee(context: TransferContext, payerKey: number): Amount {
    const { results } = context.index;
    this.#start.setZero();
    this.#end.setZero();
    this.#readBalances(context, results.feeChanges.data[context.transaction]!, payerKey);
    const fee = context.amount.set(this.#start).subtract(this.#end);
    if (fee.isNegative) {
      throw context.fail("the payer's balance rises in the changes of the fee, it must fall");
    }
    return fee;
  }

  /**
   * What came back to the payer after the transaction: in `txChangesAfter` before protocol 23, in the
   * changes after all transactions from then on. Taken as one list, as only one of them has it.
   */
  #sorobanRefund(context: TransferContext, payerKey: number): Amount {
    const { results } = context.index;
    if (context.metaVersion < 3) {
      throw context.fail(
        `a Soroban transaction needs TransactionMeta v3 or later, this has v${context.metaVersion}`,
      );
    }
    this.#start.setZero();
    this.#end.setZero();
    this.#readBalances(context, results.changesAfter.data[context.transaction]!, payerKey);
    this.#readBalances(context, results.postFeeChanges.data[context.transaction]!, payerKey);
    const refund = context.amount.set(this.#end).subtract(this.#start);
    if (refund.isNegative) {
      throw context.fail("the payer's balance falls in the changes of the refund, it must rise");
    }
    return refund;
  }

  /** The payer's balance in the last STATE and in the last UPDATED of a list. */
  #readBalances(context: TransferContext, list: number, payerKey: number): void {
    const changes = this.#changes.open(context.index.reader, list);
    while (changes.next()) {
      if (changes.type === LedgerEntryChangeType.restored) {
        throw context.fail("an entry is RESTORED among the changes of fee or refund");
      }
      const balance = changes.type === LedgerEntryChangeType.updated
        ? this.#end
        : changes.type === LedgerEntryChangeType.state
        ? this.#start
        : undefined;
      if (balance === undefined || changes.entryType !== LedgerEntryType.account) continue;
      this.#account.locate(context.index.reader, changes.data + 4);
      if (!context.sameKey(this.#account.accountId + 4, payerKey)) continue;
      balance.setInt64(context.view, this.#account.balance);
    }
  }
}

/** Adds a fee event of the transaction at hand. Fees are always in the native asset. */
export function addFee(context: TransferContext, payer: number, amount: Amount): void {
  context.addEvent(EventType.fee, NATIVE_ASSET, payer, NO_ADDRESS, amount);
}

/** Notes a refund, a fee event with a negative amount: the second event of its transaction. */
export function addRefund(context: TransferContext, payer: number, amount: Amount): void {
  const { contract } = context.assets.facts[NATIVE_ASSET]!;
  const row = context.refunds.add(
    EventType.fee,
    context.transaction,
    context.operation,
    NATIVE_ASSET,
    contract,
    payer,
    NO_ADDRESS,
    amount,
  );
  context.refunds.setPosition(row, 1);
}
