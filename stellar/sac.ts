import { Sha256, SHA256_BYTES } from "./sha256.ts";

/** XDR discriminants of the hashed preimage (Stellar-transaction.x, Stellar-ledger-entries.x). */
const ENVELOPE_TYPE_CONTRACT_ID = 8;
const CONTRACT_ID_PREIMAGE_FROM_ASSET = 1;

/** Preimage before the asset: envelope type, network id, preimage type. */
const ASSET_AT = 4 + SHA256_BYTES + 4;

/**
 * The 32-byte contract id of an asset's Stellar Asset Contract on a network: SHA-256 of
 * HashIDPreimage{ENVELOPE_TYPE_CONTRACT_ID, networkId, CONTRACT_ID_PREIMAGE_FROM_ASSET, asset}
 * (CAP-46-6). `assetXdr[start, end)` is the XDR of the Asset.
 *
 * Callers with many look-ups keep the answers by the asset's bytes.
 */
export function sacContractId(
  networkId: Uint8Array,
  assetXdr: Uint8Array,
  start = 0,
  end: number = assetXdr.length,
): Uint8Array {
  const preimage = new Uint8Array(ASSET_AT + end - start);
  preimage[3] = ENVELOPE_TYPE_CONTRACT_ID;
  preimage.set(networkId, 4);
  preimage[ASSET_AT - 1] = CONTRACT_ID_PREIMAGE_FROM_ASSET;
  preimage.set(assetXdr.subarray(start, end), ASSET_AT);
  const id = new Uint8Array(SHA256_BYTES);
  new Sha256().hash(preimage, 0, preimage.length, id, 0);
  return id;
}
