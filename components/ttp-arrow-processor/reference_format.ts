import { isoSeconds } from "../../stellar/mod.ts";
import { decodeUtf8 } from "./_text.ts";
import {
  Amount,
  EVENT_TYPE_NAMES,
  type LedgerTransfers,
  MuxedKind,
  NATIVE_ASSET,
  NO_ADDRESS,
  NO_ASSET,
  NO_OPERATION,
} from "./token_transfer/mod.ts";

/** What tells a receiver's customer; one of the three forms, or null. */
export type ReferenceMuxedInfo =
  | { id: string }
  | { text?: string; text_hex: string }
  | { hash: string }
  | null;

/** One event in the form of the conformance corpus (its README, "Events"). */
export interface ReferenceEvent {
  event_type: string;
  ledger_sequence: number;
  closed_at: string;
  tx_hash: string;
  transaction_index: number;
  operation_index: number | null;
  contract_address: string;
  asset_type: "native" | "issued" | "none";
  asset_code: string | null;
  asset_issuer: string | null;
  from: string | null;
  to: string | null;
  amount: string;
  to_muxed_info: ReferenceMuxedInfo;
}

/**
 * The events that `transfers` has just read, in the form of the corpus. It makes an object per event: for
 * looking at and for comparing, not for the pipeline.
 */
export function referenceEvents(transfers: LedgerTransfers): ReferenceEvent[] {
  const { rows } = transfers.context;
  const events: ReferenceEvent[] = [];
  for (let row = 0; row < rows.length; row++) events.push(referenceEvent(transfers, row));
  return events;
}

function referenceEvent(transfers: LedgerTransfers, row: number): ReferenceEvent {
  const { context, index } = transfers;
  const { rows, assets } = context;
  const asset = rows.asset(row);
  const facts = asset === NO_ASSET ? undefined : assets.facts[asset]!;
  const issued = facts !== undefined && asset !== NATIVE_ASSET;
  const transaction = rows.transaction(row);
  const operation = rows.operation(row);
  return {
    event_type: EVENT_TYPE_NAMES[rows.type(row)]!,
    ledger_sequence: index.sequence,
    closed_at: isoSeconds(index.closeTime),
    tx_hash: index.bytes.subarray(
      index.results.hash.data[transaction]!,
      index.results.hash.data[transaction]! + 32,
    ).toHex(),
    transaction_index: transaction + 1,
    operation_index: operation === NO_OPERATION ? null : operation + 1,
    contract_address: addressText(transfers, rows.contract(row))!,
    asset_type: asset === NO_ASSET ? "none" : asset === NATIVE_ASSET ? "native" : "issued",
    asset_code: issued
      ? new TextDecoder().decode(assets.text.subarray(facts.textStart, facts.codeEnd))
      : null,
    asset_issuer: issued ? addressText(transfers, facts.issuer) : null,
    from: addressText(transfers, rows.from(row)),
    to: addressText(transfers, rows.to(row)),
    amount: String(rows.readAmount(row, new Amount()).toBigInt()),
    to_muxed_info: muxedInfo(transfers, row),
  };
}

function addressText(transfers: LedgerTransfers, address: number): string | null {
  if (address === NO_ADDRESS) return null;
  const { addresses } = transfers.context;
  const start = addresses.textStart(address);
  return new TextDecoder().decode(addresses.text.subarray(start, addresses.textEnd(address)));
}

function muxedInfo(transfers: LedgerTransfers, row: number): ReferenceMuxedInfo {
  const { rows } = transfers.context;
  const { bytes, view } = transfers.index;
  const start = rows.muxedStart(row);
  const length = rows.muxedLength(row);
  switch (rows.muxedKind(row)) {
    case MuxedKind.id:
      return { id: String(view.getBigUint64(start)) };
    case MuxedKind.text: {
      const text_hex = bytes.subarray(start, start + length).toHex();
      const text = decodeUtf8(bytes.subarray(start, start + length));
      return text === undefined ? { text_hex } : { text, text_hex };
    }
    case MuxedKind.hash:
      return { hash: bytes.subarray(start, start + length).toHex() };
    default:
      return null;
  }
}
