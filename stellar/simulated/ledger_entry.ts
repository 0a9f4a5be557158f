/**
 * The entries of the simulated world: plain objects (a snapshot stores them as they are, by
 * structured clone), named as in the protocol's LedgerEntry. Amounts are stroops, or the smallest
 * unit of a token.
 */

/** LedgerEntryType of the protocol. */
export const EntryType = {
  account: 0,
  trustLine: 1,
  offer: 2,
  data: 3,
  claimableBalance: 4,
  liquidityPool: 5,
  contractData: 6,
  ttl: 9,
} as const;

/** SCAddressType of the protocol: what can be on a side of a transfer. */
export const PartyType = {
  account: 0,
  contract: 1,
  claimableBalance: 3,
  liquidityPool: 4,
} as const;

/** Whoever can hold tokens and be named by an event. */
export interface Party {
  readonly party: (typeof PartyType)[keyof typeof PartyType];
  /** Public key, contract id, balance id or pool id: 32 bytes. */
  readonly key: Uint8Array;
}

/** AccountEntry flags. */
export const AccountFlag = { required: 1, revocable: 2, clawbackEnabled: 8 } as const;

/** TrustLineEntry flags. */
export const TrustLineFlag = { authorized: 1, maintainLiabilities: 2, clawbackEnabled: 4 } as const;

interface EntryBase {
  /** Ledger that wrote the entry last. */
  modified: number;
  /** Account that pays the entry's reserve for its owner. */
  sponsor: AccountEntry | undefined;
}

export interface AccountEntry extends EntryBase, Party {
  readonly type: 0;
  readonly party: 0;
  balance: bigint;
  sequence: bigint;
  subEntries: number;
  inflationDestination: AccountEntry | undefined;
  flags: number;
  homeDomain: string;
  masterWeight: number;
  /** Liabilities in the native asset. */
  buying: bigint;
  selling: bigint;
  sponsored: number;
  sponsoring: number;
  /** Ledger and time of the last sequence bump; 0 before protocol 19. */
  sequenceLedger: number;
  sequenceTime: number;
  readonly trustLines: Map<Asset, TrustLineEntry>;
  readonly poolShares: Map<LiquidityPoolEntry, TrustLineEntry>;
  readonly offers: OfferEntry[];
  readonly data: Map<string, DataEntry>;
}

/** An asset: no ledger entry, but what all entries name. */
export interface Asset {
  /** Position in the world's list. */
  readonly index: number;
  readonly code: string;
  /** Undefined for the native asset. */
  readonly issuer: AccountEntry | undefined;
  /** XDR of the Asset. */
  readonly xdr: Uint8Array;
  /** `native` or `CODE:ISSUER`, as topics of events carry it (SEP-11). */
  readonly text: string;
  /** Its Stellar Asset Contract. */
  readonly contract: Party;
  /** Units in existence outside the issuer's hands; for the native asset unused. */
  supply: bigint;
}

export interface TrustLineEntry extends EntryBase {
  readonly type: 1;
  readonly owner: AccountEntry;
  readonly asset: Asset | LiquidityPoolEntry;
  balance: bigint;
  limit: bigint;
  flags: number;
  buying: bigint;
  selling: bigint;
  /** Pool shares of the owner that stand on this line. */
  poolUses: number;
}

export interface OfferEntry extends EntryBase {
  readonly type: 2;
  readonly seller: AccountEntry;
  readonly id: bigint;
  readonly selling: Asset;
  readonly buying: Asset;
  amount: bigint;
  /** Price of one unit of `selling` in units of `buying`. */
  priceN: number;
  priceD: number;
  readonly passive: boolean;
}

export interface DataEntry extends EntryBase {
  readonly type: 3;
  readonly owner: AccountEntry;
  readonly name: string;
  value: Uint8Array;
}

/** Kinds of predicate that claimants get; all but the first may hold a claimant back. */
export type Predicate = "unconditional" | "and" | "or" | "not" | "absolute" | "relative";

export interface ClaimableBalanceEntry extends EntryBase, Party {
  readonly type: 4;
  readonly party: 3;
  readonly claimants: readonly { readonly account: AccountEntry; readonly predicate: Predicate }[];
  readonly asset: Asset;
  readonly amount: bigint;
  readonly clawback: boolean;
}

export interface LiquidityPoolEntry extends EntryBase, Party {
  readonly type: 5;
  readonly party: 4;
  readonly assetA: Asset;
  readonly assetB: Asset;
  reserveA: bigint;
  reserveB: bigint;
  shares: bigint;
  trustLines: number;
}

/** A contract's record of one holder's balance: SAC form (a map) or plain i128. */
export interface ContractDataEntry extends EntryBase {
  readonly type: 6;
  readonly contract: Party;
  readonly holder: Party;
  /** The map {amount, authorized, clawback} of a SAC, or the bare amount of another token. */
  readonly form: "sac" | "plain";
  readonly clawback: boolean;
  amount: bigint;
}

export interface TtlEntry extends EntryBase {
  readonly type: 9;
  /** SHA-256 of the key of the entry that lives. */
  readonly key: Uint8Array;
  liveUntil: number;
}

export type LedgerEntry =
  | AccountEntry
  | TrustLineEntry
  | OfferEntry
  | DataEntry
  | ClaimableBalanceEntry
  | LiquidityPoolEntry
  | ContractDataEntry
  | TtlEntry;

/** True for a pool, false for an asset. */
export function isPool(line: Asset | LiquidityPoolEntry): line is LiquidityPoolEntry {
  return "reserveA" in line;
}

/** A new account entry with no sub-entries. */
export function newAccount(key: Uint8Array, balance: bigint, sequence: bigint): AccountEntry {
  return {
    type: EntryType.account,
    party: PartyType.account,
    key,
    modified: 0,
    sponsor: undefined,
    balance,
    sequence,
    subEntries: 0,
    inflationDestination: undefined,
    flags: 0,
    homeDomain: "",
    masterWeight: 1,
    buying: 0n,
    selling: 0n,
    sponsored: 0,
    sponsoring: 0,
    sequenceLedger: 0,
    sequenceTime: 0,
    trustLines: new Map(),
    poolShares: new Map(),
    offers: [],
    data: new Map(),
  };
}

/** A new trust line of `owner`, which is not yet in the owner's maps. */
export function newTrustLine(
  owner: AccountEntry,
  asset: Asset | LiquidityPoolEntry,
  limit: bigint,
  flags: number,
): TrustLineEntry {
  return {
    type: EntryType.trustLine,
    modified: 0,
    sponsor: undefined,
    owner,
    asset,
    balance: 0n,
    limit,
    flags,
    buying: 0n,
    selling: 0n,
    poolUses: 0,
  };
}
