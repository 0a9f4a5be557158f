import { AccountEntryView, LedgerEntryType } from "../../../stellar/xdr/mod.ts";
import { Amount } from "./amount.ts";
import { NATIVE_ASSET } from "./asset_table.ts";
import { EntryChanges } from "./entry_changes.ts";
import { EventType, NO_ADDRESS } from "./event_rows.ts";
import { operationChanges } from "./operation_result.ts";
import type { TransferContext } from "./transfer_context.ts";

/** From this protocol on the network's own books balance. */
export const FIRST_RECONCILED_PROTOCOL = 8;

/**
 * Before protocol 8 the network had faults that made or lost lumens. After each operation that can move
 * them, the change of the source account's balance is held against its events; a mint before the events
 * or a burn after them makes up for the difference (CAP-67, "Retroactively emitting events").
 */
export class ReconciliationRules {
  readonly #changes = new EntryChanges();
  readonly #account = new AccountEntryView();
  readonly #difference = new Amount();
  readonly #change = new Amount();
  readonly #one = new Amount();

  /** Reconciles the operation at hand, whose events are the rows from `firstRow` on. */
  apply(context: TransferContext, firstRow: number): void {
    const source = context.account(context.sourceKey);
    this.#difference.setZero();
    this.#addChanges(context);
    this.#subtractEvents(context, firstRow, source);
    const difference = this.#difference;
    if (difference.isZero) return;
    if (difference.isNegative) {
      context.addEvent(EventType.burn, NATIVE_ASSET, source, NO_ADDRESS, difference.negate());
    } else {
      context.addEvent(EventType.mint, NATIVE_ASSET, NO_ADDRESS, source, difference);
      context.rows.moveLastTo(firstRow);
    }
  }

  /** Adds what the changes say: balances after less balances before. */
  #addChanges(context: TransferContext): void {
    const changes = this.#changes.open(context.index.reader, operationChanges(context));
    while (changes.next()) {
      if (changes.isOrphan) throw context.fail("a change lacks the STATE before it");
      this.#change.setZero();
      this.#addBalance(context, changes.after);
      this.#change.negate();
      this.#addBalance(context, changes.before);
      // One change is an int64, as the reference has it; only their sum needs more.
      this.#difference.subtract(this.#change.wrapInt64());
    }
  }

  #addBalance(context: TransferContext, data: number): void {
    if (data < 0 || context.view.getInt32(data) !== LedgerEntryType.account) return;
    this.#account.locate(context.index.reader, data + 4);
    if (!context.sameKey(this.#account.accountId + 4, context.sourceKey)) return;
    this.#change.add(this.#one.setInt64(context.view, this.#account.balance));
  }

  #subtractEvents(context: TransferContext, firstRow: number, source: number): void {
    const { rows } = context;
    for (let row = firstRow; row < rows.length; row++) {
      if (rows.asset(row) !== NATIVE_ASSET) continue;
      rows.readAmount(row, this.#one);
      if (rows.from(row) === source) this.#difference.add(this.#one);
      if (rows.to(row) === source) this.#difference.subtract(this.#one);
    }
  }
}
