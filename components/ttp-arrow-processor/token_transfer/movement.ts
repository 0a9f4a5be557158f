import { CryptoKeyType, MemoType } from "../../../stellar/xdr/mod.ts";
import { AddressKind } from "./address_table.ts";
import type { Amount } from "./amount.ts";
import { EventType, MuxedKind, NO_ADDRESS } from "./event_rows.ts";
import type { TransferContext } from "./transfer_context.ts";

/**
 * Adds the event of an asset that moves from one address to another.
 *
 * The asset's issuer as sender makes it a mint, as receiver a burn, both at once a transfer (CAP-67:
 * issuers do not hold their own asset). Addresses must not be muxed. Returns the row.
 */
export function move(
  context: TransferContext,
  asset: number,
  from: number,
  to: number,
  amount: Amount,
): number {
  const { issuer } = context.assets.facts[asset]!;
  const type = movementType(issuer, from, to);
  return context.addEvent(
    type,
    asset,
    type === EventType.mint ? NO_ADDRESS : from,
    type === EventType.burn ? NO_ADDRESS : to,
    amount,
  );
}

/** Mint, burn or transfer, by the side on which the asset's issuer stands. */
export function movementType(issuer: number, from: number, to: number): number {
  if (issuer < 0 || (from === issuer) === (to === issuer)) return EventType.transfer;
  return from === issuer ? EventType.mint : EventType.burn;
}

/**
 * Adds the event of a movement to the MuxedAccount at `destination`, with what tells the receiver's
 * customer: the muxed id, else the transaction's memo. A burn has no receiver and so neither.
 */
export function moveToAccount(
  context: TransferContext,
  asset: number,
  from: number,
  destination: number,
  amount: Amount,
): void {
  const muxed = context.view.getInt32(destination) === CryptoKeyType.muxedEd25519;
  const row = move(context, asset, from, context.account(destination + (muxed ? 12 : 4)), amount);
  if (context.rows.type(row) === EventType.burn) return;
  if (muxed) context.rows.setMuxed(row, MuxedKind.id, destination + 4, 8);
  else setMemo(context, row);
}

/** {@linkcode moveToAccount} with the operation's source account as receiver. */
export function moveToSource(
  context: TransferContext,
  asset: number,
  from: number,
  amount: Amount,
): void {
  const row = move(context, asset, from, context.account(context.sourceKey), amount);
  if (context.rows.type(row) === EventType.burn) return;
  if (context.sourceMuxedId >= 0) {
    context.rows.setMuxed(row, MuxedKind.id, context.sourceMuxedId, 8);
  } else setMemo(context, row);
}

/** The memo of the (inner) transaction: id, text (an empty one too), hash and return. */
function setMemo(context: TransferContext, row: number): void {
  const { view, rows } = context;
  const p = context.index.envelopes.memo.data[context.envelope]!;
  switch (view.getInt32(p)) {
    case MemoType.id:
      rows.setMuxed(row, MuxedKind.id, p + 4, 8);
      break;
    case MemoType.text:
      rows.setMuxed(row, MuxedKind.text, p + 8, view.getUint32(p + 4));
      break;
    case MemoType.hash:
    case MemoType.return:
      rows.setMuxed(row, MuxedKind.hash, p + 4, 32);
      break;
  }
}

/** Whether an address is shown as an account, which alone can be an asset's issuer. */
export function isAccount(context: TransferContext, address: number): boolean {
  const kind = context.addresses.kind(address);
  return kind === AddressKind.account || kind === AddressKind.muxedAccount;
}
