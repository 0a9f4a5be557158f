import type { Sha256 } from "./sha256.ts";

/** EnvelopeType values of a TransactionEnvelope: v0, v1 and fee bump (Stellar-ledger-entries.x). */
export type TransactionEnvelopeType = 0 | 2 | 5;

/** What stands between network id and transaction in TransactionSignaturePayload. */
const TAG_TX = new Uint8Array([0, 0, 0, 2]);
/** A v0 source is a bare key: it is hashed as v1, where the key's type (ed25519, 0) precedes it. */
const TAG_TX_OF_V0 = new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0]);
const TAG_TX_FEE_BUMP = new Uint8Array([0, 0, 0, 5]);

/**
 * Writes the hash of a transaction into `out` at `outAt` (32 bytes): SHA-256 of
 * TransactionSignaturePayload, that is network id, envelope type and the transaction.
 *
 * `bytes[txStart, txEnd)` is the transaction struct of the envelope without its signatures:
 * TransactionV0 (envelope type 0), Transaction (2) or FeeBumpTransaction (5). Whether it is one
 * is the reader's concern. Allocates nothing of its own; `sha` loses what it has gathered.
 */
export function transactionHashInto(
  sha: Sha256,
  networkId: Uint8Array,
  envelopeType: TransactionEnvelopeType,
  bytes: Uint8Array,
  txStart: number,
  txEnd: number,
  out: Uint8Array,
  outAt: number,
): void {
  const tag = envelopeType === 2 ? TAG_TX : envelopeType === 0 ? TAG_TX_OF_V0 : TAG_TX_FEE_BUMP;
  sha.reset().update(networkId).update(tag).update(bytes, txStart, txEnd).digestInto(out, outAt);
}
