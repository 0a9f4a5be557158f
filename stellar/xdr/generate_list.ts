/** Structs whose fields' positions the ledger index and the token-transfer rules read. */
export const VIEWS = [
  "LedgerHeader",
  "StellarValue",
  "Transaction",
  "TransactionV0",
  "FeeBumpTransaction",
  "CreateAccountOp",
  "PaymentOp",
  "PathPaymentStrictReceiveOp",
  "PathPaymentStrictSendOp",
  "CreateClaimableBalanceOp",
  "ClawbackOp",
  "ClaimOfferAtomV0",
  "ClaimOfferAtom",
  "ClaimLiquidityAtom",
  "AccountEntry",
  "ClaimableBalanceEntry",
  "LiquidityPoolEntryConstantProduct",
  "ContractEvent",
] as const;

/** Enums whose values the ledger index and the rules name. */
export const ENUMS = [
  "EnvelopeType",
  "OperationType",
  "TransactionResultCode",
  "LedgerEntryType",
  "LedgerEntryChangeType",
  "AssetType",
  "MemoType",
  "CryptoKeyType",
  "ClaimAtomType",
  "ContractEventType",
  "ScValType",
  "ScAddressType",
] as const;
