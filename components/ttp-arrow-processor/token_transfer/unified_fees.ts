import { ScValType } from "../../../stellar/xdr/mod.ts";
import { AddressKind } from "./address_table.ts";
import { NATIVE_ASSET } from "./asset_table.ts";
import { ContractEventParts } from "./contract_event.ts";
import { addressOf, isSymbol } from "./contract_value.ts";
import { addFee, addRefund } from "./fees.ts";
import type { TransferContext } from "./transfer_context.ts";

/**
 * Fee events of one transaction in unified mode: they stand among the transaction-level events of
 * TransactionMeta v4, one for the fee and perhaps one for the refund.
 */
export class UnifiedFeeRules {
  readonly #event = new ContractEventParts();

  apply(context: TransferContext): void {
    if (context.metaVersion !== 4) {
      throw context.fail(
        `unified events need TransactionMeta v4, this has v${context.metaVersion}; use the ` +
          "reconstructed mode for such ledgers",
      );
    }
    const list = context.index.results.transactionEvents.data[context.transaction]!;
    const n = context.view.getUint32(list);
    let p = list + 4;
    let fees = 0;
    for (let i = 0; i < n; i++) {
      this.#event.locate(context.index.reader, p + 4); // after the stage
      p = this.#event.end;
      if (this.#applyEvent(context, fees)) fees++;
    }
    if (fees === 0) throw context.fail("there is no fee among its events");
  }

  /** Adds a fee event; false when the event is of another kind. */
  #applyEvent(context: TransferContext, earlier: number): boolean {
    const event = this.#event;
    if (!event.isFromContract) throw context.fail("an event of it is not from a contract");
    if (event.topicCount === 0) throw context.fail("an event of it has no topics");
    if (!isSymbol(context, event.topic0, "fee")) return false;
    if (event.topicCount !== 2) {
      throw context.fail(`its fee event has ${event.topicCount} topics, two are due`);
    }
    if (context.view.getInt32(event.data) !== ScValType.i128) {
      throw context.fail("the amount of its fee event is not an i128");
    }
    const payer = addressOf(context, event.topic1);
    if (payer < 0) throw context.fail("the payer of its fee event is not an address");
    const contract = context.addresses.intern(AddressKind.contract, context.view, event.contractId);
    if (contract !== context.assets.facts[NATIVE_ASSET]!.contract) {
      throw context.fail("its fee event is not from the native asset's contract");
    }
    const amount = context.amount.setInt128(context.view, event.data + 4);
    if (earlier === 0) addFee(context, payer, amount);
    else if (earlier === 1) addRefund(context, payer, amount);
    else throw context.fail("it has more than two fee events");
    return true;
  }
}
