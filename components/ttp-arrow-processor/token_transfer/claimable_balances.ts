import {
  ClaimableBalanceEntryView,
  ClawbackOpView,
  CreateClaimableBalanceOpView,
  CryptoKeyType,
  LedgerEntryChangeType,
  LedgerEntryType,
  OperationType,
} from "../../../stellar/xdr/mod.ts";
import { EntryChanges } from "./entry_changes.ts";
import { EventType, NO_ADDRESS } from "./event_rows.ts";
import { move, moveToSource } from "./movement.ts";
import { operationChanges, successArm } from "./operation_result.ts";
import type { TransferContext } from "./transfer_context.ts";

/** Claimable balances (create, claim, clawback) and the clawback from an account. */
export class ClaimableBalanceRules {
  readonly #create = new CreateClaimableBalanceOpView();
  readonly #clawback = new ClawbackOpView();
  readonly #entry = new ClaimableBalanceEntryView();
  readonly #changes = new EntryChanges();

  /** The id of the new balance (type, hash) stands in the result. */
  create(context: TransferContext): void {
    const op = this.#create;
    op.locate(context.index.reader, context.body);
    const id = successArm(context, OperationType.createClaimableBalance);
    const source = context.account(context.sourceKey);
    const amount = context.amount.setInt64(context.view, op.amount);
    move(context, context.asset(op.asset), source, context.claimableBalance(id + 4), amount);
  }

  /** The body is the balance's id; asset and amount stand in the entry that the claim removes. */
  claim(context: TransferContext): void {
    this.#locateRemoved(context);
    const amount = context.amount.setInt64(context.view, this.#entry.amount);
    const balance = context.claimableBalance(context.body + 4);
    moveToSource(context, context.asset(this.#entry.asset), balance, amount);
  }

  clawbackBalance(context: TransferContext): void {
    this.#locateRemoved(context);
    const amount = context.amount.setInt64(context.view, this.#entry.amount);
    const balance = context.claimableBalance(context.body + 4);
    const asset = context.asset(this.#entry.asset);
    context.addEvent(EventType.clawback, asset, balance, NO_ADDRESS, amount);
  }

  /** Always a clawback, from an account shown as G…, whoever is involved. */
  clawback(context: TransferContext): void {
    const op = this.#clawback;
    op.locate(context.index.reader, context.body);
    const muxed = context.view.getInt32(op.from) === CryptoKeyType.muxedEd25519;
    const from = context.account(op.from + (muxed ? 12 : 4));
    const amount = context.amount.setInt64(context.view, op.amount);
    context.addEvent(EventType.clawback, context.asset(op.asset), from, NO_ADDRESS, amount);
  }

  /** Finds the one balance that the operation removes. */
  #locateRemoved(context: TransferContext): void {
    const { reader } = context.index;
    const changes = this.#changes.open(reader, operationChanges(context));
    let removed = -1;
    let count = 0;
    while (changes.next()) {
      if (changes.isOrphan) throw context.fail("a change lacks the STATE before it");
      if (changes.type !== LedgerEntryChangeType.removed) continue;
      if (context.view.getInt32(changes.before) !== LedgerEntryType.claimableBalance) continue;
      removed = changes.before;
      count++;
    }
    if (count !== 1) {
      throw context.fail(`its changes remove ${count} claimable balances, one is due`);
    }
    this.#entry.locate(reader, removed + 4);
  }
}
