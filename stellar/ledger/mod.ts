/** The index over one LedgerCloseMeta, and what is read from it. */
export { LedgerIndex } from "./ledger_index.ts";
export {
  isoSeconds,
  LedgerError,
  type LedgerRow,
  ledgerRow,
  pairedLedgerRow,
  unpairedTransaction,
} from "./ledger_row.ts";
export { TransactionPairing } from "./transaction_pairing.ts";
