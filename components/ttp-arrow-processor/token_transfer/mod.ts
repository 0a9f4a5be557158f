/** The rules by which ledgers become token transfers. */
export { AddressKind, AddressTable } from "./address_table.ts";
export { Amount, DecimalText } from "./amount.ts";
export { type AssetFacts, AssetTable, NATIVE_ASSET, NO_ASSET } from "./asset_table.ts";
export { type BalanceMismatch, BalanceVerification } from "./balance_verification.ts";
export {
  EVENT_TYPE_NAMES,
  EventRows,
  EventType,
  MuxedKind,
  NO_ADDRESS,
  NO_OPERATION,
} from "./event_rows.ts";
export { type EventsMode, LedgerTransfers } from "./ledger_transfers.ts";
export { TokenTransferError } from "./token_transfer_error.ts";
export { TransferContext } from "./transfer_context.ts";
