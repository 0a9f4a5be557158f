/** Where ledgers come from: one file for each kind of source. */
export type { LedgerBackend, OpenBackend } from "./ledger_backend.ts";
export { openBackend } from "./open_backend.ts";
