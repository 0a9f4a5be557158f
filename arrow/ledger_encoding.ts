/**
 * How `ledger_xdr` holds a ledger: as the LedgerCloseMeta itself, or as the lake's object of this
 * one ledger (zstd of a LedgerCloseMetaBatch, SEP-54).
 */
export type LedgerEncoding = "xdr" | "sep54";

/** The values of `ledger_xdr_encoding`, in the order of its dictionary. */
export const LEDGER_ENCODINGS: readonly LedgerEncoding[] = ["xdr", "sep54"];
