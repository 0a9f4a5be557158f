import {
  CreateAccountOpView,
  OperationType,
  PathPaymentStrictReceiveOpView,
  PathPaymentStrictSendOpView,
  PaymentOpView,
  skipAsset,
} from "../../../stellar/xdr/mod.ts";
import { NATIVE_ASSET } from "./asset_table.ts";
import { EventType, NO_ADDRESS } from "./event_rows.ts";
import { moveToAccount } from "./movement.ts";
import { operationResult, successArm } from "./operation_result.ts";
import type { TradeRules } from "./trades.ts";
import type { TransferContext } from "./transfer_context.ts";

/** Operations that pay an account: create account, payment, path payments, account merge, inflation. */
export class PaymentRules {
  readonly #createAccount = new CreateAccountOpView();
  readonly #payment = new PaymentOpView();
  readonly #strictReceive = new PathPaymentStrictReceiveOpView();
  readonly #strictSend = new PathPaymentStrictSendOpView();

  constructor(readonly trades: TradeRules) {}

  createAccount(context: TransferContext): void {
    const op = this.#createAccount;
    op.locate(context.index.reader, context.body);
    const amount = context.amount.setInt64(context.view, op.startingBalance);
    moveToAccount(
      context,
      NATIVE_ASSET,
      context.account(context.sourceKey),
      op.destination,
      amount,
    );
  }

  payment(context: TransferContext): void {
    const op = this.#payment;
    op.locate(context.index.reader, context.body);
    const amount = context.amount.setInt64(context.view, op.amount);
    const source = context.account(context.sourceKey);
    moveToAccount(context, context.asset(op.asset), source, op.destination, amount);
  }

  /** The body is the destination; the amount stands in the result. Without one nothing has moved. */
  accountMerge(context: TransferContext): void {
    const result = operationResult(context, OperationType.accountMerge);
    if (context.view.getInt32(result) !== 0) return;
    const amount = context.amount.setInt64(context.view, result + 4);
    moveToAccount(
      context,
      NATIVE_ASSET,
      context.account(context.sourceKey),
      context.body,
      amount,
    );
  }

  /** The atoms, then what the destination receives: the amount of the operation. */
  pathPaymentStrictReceive(context: TransferContext): void {
    const op = this.#strictReceive;
    op.locate(context.index.reader, context.body);
    this.trades.atoms(context, successArm(context, OperationType.pathPaymentStrictReceive));
    const amount = context.amount.setInt64(context.view, op.destAmount);
    const source = context.account(context.sourceKey);
    moveToAccount(context, context.asset(op.destAsset), source, op.destination, amount);
  }

  /** The atoms, then what the destination receives: the last amount of the result. */
  pathPaymentStrictSend(context: TransferContext): void {
    const op = this.#strictSend;
    op.locate(context.index.reader, context.body);
    const { reader } = context.index;
    const last = this.trades.atoms(
      context,
      successArm(context, OperationType.pathPaymentStrictSend),
    );
    // SimplePaymentResult: destination (key type, key), asset, amount.
    const received = skipAsset(reader, last + 36);
    const amount = context.amount.setInt64(context.view, received);
    const source = context.account(context.sourceKey);
    moveToAccount(context, context.asset(op.destAsset), source, op.destination, amount);
  }

  /** One mint for each payout; the same address may have several. */
  inflation(context: TransferContext): void {
    const payouts = successArm(context, OperationType.inflation);
    const { view } = context;
    const n = view.getUint32(payouts);
    // InflationPayout: destination (key type 4, key 32), amount 8.
    for (let i = 0, p = payouts + 4; i < n; i++, p += 44) {
      const amount = context.amount.setInt64(view, p + 36);
      context.addEvent(EventType.mint, NATIVE_ASSET, NO_ADDRESS, context.account(p + 4), amount);
    }
  }
}
