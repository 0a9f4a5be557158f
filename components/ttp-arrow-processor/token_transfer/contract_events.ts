import { ScValType, skipScVal } from "../../../stellar/xdr/mod.ts";
import { AddressKind } from "./address_table.ts";
import { NO_ASSET } from "./asset_table.ts";
import { ContractEventParts } from "./contract_event.ts";
import { addressOf, isSymbol } from "./contract_value.ts";
import { EventType, MuxedKind, NO_ADDRESS } from "./event_rows.ts";
import { movementType } from "./movement.ts";
import type { TransferContext } from "./transfer_context.ts";

/**
 * Events of contracts: SEP-41 tokens and the Stellar Asset Contract (golden README, "Contract events").
 *
 * The form follows the version of TransactionMeta. In v3 mint and clawback name the admin first; in v4
 * (CAP-67) they do not, and data may be a map with the receiver's muxed id. Whatever is not of the form is
 * no token transfer, and passed over without error.
 */
export class ContractEventRules {
  readonly #event = new ContractEventParts();

  // What the data of the event at hand says.
  #amountAt = -1;
  #muxedKind: number = MuxedKind.none;
  #muxedStart = 0;
  #muxedLength = 0;

  /** Adds the transfers among the events of the operation at hand, as its meta has them. */
  applyOperation(context: TransferContext): void {
    const list = this.#eventList(context);
    if (list < 0) return;
    const n = context.view.getUint32(list);
    let p = list + 4;
    for (let i = 0; i < n; i++) {
      this.#event.locate(context.index.reader, p);
      p = this.#event.end;
      this.#apply(context);
    }
  }

  /** The ContractEvent array of the operation at hand, -1 when its meta has none. */
  #eventList(context: TransferContext): number {
    const { results } = context.index;
    const { transaction, operation, metaVersion } = context;
    if (metaVersion === 0) throw context.fail("TransactionMeta v0 cannot tell events");
    if (metaVersion < 3) return -1;
    if (metaVersion === 3) return results.sorobanEvents.data[transaction]!;
    const count = results.metaCount.data[transaction]!;
    if (count === 0) return -1;
    if (operation >= count) throw context.fail("the meta of the operation is missing");
    return results.operationEvents.data[results.firstMeta.data[transaction]! + operation]!;
  }

  #apply(context: TransferContext): void {
    const event = this.#event;
    if (!event.isFromContract || event.topicCount < 2) return;
    const type = eventType(context, event.topic0);
    if (type < 0) return;
    const isV4 = context.metaVersion === 4;
    if (!this.#readData(context, isV4)) return;

    const namesAdmin = !isV4 && (type === EventType.mint || type === EventType.clawback);
    const sides = type === EventType.transfer || namesAdmin ? 2 : 1;
    if (event.topicCount < 1 + sides) return;
    const first = addressOf(context, event.topic1);
    if (first < 0) return;
    const second = sides === 2 ? addressOf(context, event.topic2) : first;
    if (second < 0) return;
    const from = type === EventType.mint
      ? NO_ADDRESS
      : type === EventType.transfer
      ? first
      : second;
    const to = type === EventType.mint || type === EventType.transfer ? second : NO_ADDRESS;
    this.#add(context, type, from, to, isV4, 2 + sides);
  }

  #add(
    context: TransferContext,
    type: number,
    from: number,
    to: number,
    isV4: boolean,
    fullTopicCount: number,
  ): void {
    const { view, rows, addresses } = context;
    const event = this.#event;
    const contract = addresses.intern(AddressKind.contract, view, event.contractId);
    const asset = event.topicCount === fullTopicCount
      ? this.#provenAsset(context, contract)
      : NO_ASSET;
    const amount = context.amount.setInt128(view, this.#amountAt);
    const { transaction, operation } = context;
    const row = rows.add(type, transaction, operation, asset, contract, from, to, amount);
    if (this.#muxedKind !== MuxedKind.none) {
      rows.setMuxed(row, this.#muxedKind, this.#muxedStart, this.#muxedLength);
    }
    // Before CAP-67 the asset contract told mints and burns by the issuer as transfers.
    if (isV4 || asset < 0 || type !== EventType.transfer) return;
    const { issuer } = context.assets.facts[asset]!;
    const sender = addresses.accountOf(from);
    const receiver = addresses.accountOf(to);
    const moved = movementType(issuer, sender, receiver);
    rows.setTypeAndSides(
      row,
      moved,
      moved === EventType.mint ? NO_ADDRESS : sender,
      moved === EventType.burn ? NO_ADDRESS : receiver,
    );
  }

  /** The asset that the last topic names, when the emitting contract is that asset's own. */
  #provenAsset(context: TransferContext, contract: number): number {
    const { view, bytes, assets } = context;
    const p = this.#event.lastTopic;
    if (view.getInt32(p) !== ScValType.string) return NO_ASSET;
    const length = view.getUint32(p + 4);
    return length === 0 ? NO_ASSET : assets.proven(bytes, p + 8, p + 8 + length, contract);
  }

  /** Finds amount and muxed id in the event's data; false when it is not of a token's form. */
  #readData(context: TransferContext, isV4: boolean): boolean {
    const { data } = this.#event;
    this.#muxedKind = MuxedKind.none;
    const type = context.view.getInt32(data);
    if (type === ScValType.i128) {
      this.#amountAt = data + 4;
      return true;
    }
    return isV4 && type === ScValType.map && this.#readMap(context, data + 4);
  }

  /**
   * Map data: `amount` (i128) is due, `to_muxed_id` may be there, other keys are none of our business. Of a
   * repeated key the last one counts, but void does not take a muxed id away.
   *
   * ```
   * optional map(4) count(4) then key(ScVal) value(ScVal) …
   * ```
   */
  #readMap(context: TransferContext, p: number): boolean {
    const { view } = context;
    const { reader } = context.index;
    this.#amountAt = -1;
    if (view.getInt32(p) === 0) return false;
    const n = view.getUint32(p + 4);
    p += 8;
    for (let i = 0; i < n; i++) {
      const value = skipScVal(reader, p);
      if (view.getInt32(p) !== ScValType.symbol) return false;
      if (isSymbol(context, p, "amount")) {
        if (view.getInt32(value) !== ScValType.i128) return false;
        this.#amountAt = value + 4;
      } else if (isSymbol(context, p, "to_muxed_id")) {
        if (!this.#readMuxedId(view, value)) return false;
      }
      p = skipScVal(reader, value);
    }
    return this.#amountAt >= 0;
  }

  #readMuxedId(view: DataView, p: number): boolean {
    switch (view.getInt32(p)) {
      case ScValType.u64:
        return this.#setMuxed(MuxedKind.id, p + 4, 8);
      case ScValType.string:
        return this.#setMuxed(MuxedKind.text, p + 8, view.getUint32(p + 4));
      case ScValType.bytes:
        return this.#setMuxed(MuxedKind.hash, p + 8, view.getUint32(p + 4));
      case ScValType.void:
        return true; // contracts made before CAP-86 say so that there is none
      default:
        return false;
    }
  }

  #setMuxed(kind: number, start: number, length: number): true {
    this.#muxedKind = kind;
    this.#muxedStart = start;
    this.#muxedLength = length;
    return true;
  }
}

/** The kind of event that the first topic names, -1 for any other. */
function eventType(context: TransferContext, topic: number): number {
  if (isSymbol(context, topic, "transfer")) return EventType.transfer;
  if (isSymbol(context, topic, "mint")) return EventType.mint;
  if (isSymbol(context, topic, "burn")) return EventType.burn;
  if (isSymbol(context, topic, "clawback")) return EventType.clawback;
  return -1;
}
