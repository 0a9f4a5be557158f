/** Strict, allocation-free reading of Stellar's ledger XDR. */
export * from "./ledger_generated.ts";
export { XdrError } from "./xdr_error.ts";
export * from "./xdr_reader.ts";
