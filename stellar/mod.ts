/** Reading Stellar ledgers: XDR, lakes, addresses, assets, networks. */
export { XdrError } from "./xdr/mod.ts";
export {
  isoSeconds,
  LedgerError,
  LedgerIndex,
  type LedgerRow,
  ledgerRow,
  pairedLedgerRow,
  TransactionPairing,
  unpairedTransaction,
} from "./ledger/mod.ts";
export { type Asset, AssetError, assetXdr, formatAsset, parseAsset } from "./asset.ts";
export { networkId, Networks } from "./network.ts";
export { sacContractId } from "./sac.ts";
export { Sha256, SHA256_BYTES } from "./sha256.ts";
export {
  decodeStrkey,
  encodeStrkey,
  encodeStrkeyInto,
  MAX_STRKEY_LENGTH,
  StrkeyError,
  type StrkeyErrorCode,
  StrkeyVersion,
} from "./strkey.ts";
export {
  MAX_TOID_LEDGER,
  MAX_TOID_OPERATION,
  MAX_TOID_TRANSACTION,
  toid,
  toidLowWord,
} from "./toid.ts";
export { type TransactionEnvelopeType, transactionHashInto } from "./transaction_hash.ts";
export * from "./lake/mod.ts";
