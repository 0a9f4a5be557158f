import type {
  AccountEntry,
  Asset,
  ClaimableBalanceEntry,
  ContractDataEntry,
  LiquidityPoolEntry,
  OfferEntry,
  Party,
  TtlEntry,
} from "./ledger_entry.ts";

/** A SEP-41 token that is not the contract of an asset. */
export interface TokenContract extends Party {
  readonly party: 1;
  readonly symbol: string;
  readonly admin: AccountEntry;
  /** Old contracts name the admin in mints and clawbacks, as SACs did before CAP-67. */
  readonly namesAdmin: boolean;
  /** Text of an asset that its events claim to be of, which its contract id belies. */
  readonly pretends: string | undefined;
  /** Greatest amount of one transfer, in the token's smallest unit; may exceed 64 bits. */
  readonly unit: bigint;
  /** Ledgers that a balance entry lives without being touched. */
  readonly lifetimeLedgers: number;
  supply: bigint;
}

/**
 * All that the next ledger follows from, besides the numbers still to be drawn. Plain data without
 * methods: a snapshot is its structured clone.
 */
export interface World {
  readonly protocol: number;
  /** Last closed ledger. */
  ledger: number;
  /** Hash of the last ledger's header. */
  headerHash: Uint8Array;
  bucketListHash: Uint8Array;
  readonly skipList: Uint8Array[];
  totalCoins: bigint;
  feePool: bigint;
  idPool: bigint;
  inflationSequence: number;
  /** Transactions (operations, from protocol 11 on) that a ledger may have. */
  maxTransactionSetSize: number;
  /** Holds what nobody else has of the native asset, and creates accounts. */
  readonly bank: AccountEntry;
  /** Accounts that live for ever; transactions come from them. */
  readonly users: AccountEntry[];
  /** Accounts made by transactions, without sub-entries, that will be merged. */
  readonly guests: AccountEntry[];
  /** The native asset first. */
  readonly assets: Asset[];
  readonly pools: LiquidityPoolEntry[];
  readonly claimableBalances: ClaimableBalanceEntry[];
  /** By asset sold, then bought: the offers, best price first. */
  readonly books: Map<Asset, Map<Asset, OfferEntry[]>>;
  readonly tokens: TokenContract[];
  /** Contracts that hold tokens and can pay them out. */
  readonly vaults: Party[];
  /** By token contract, then holder. */
  readonly contractBalances: Map<Party, Map<Party, ContractDataEntry>>;
  readonly lifetimes: Map<ContractDataEntry, TtlEntry>;
}

/** Total of the native asset over all accounts, claimable balances, pools and contracts. */
export function nativeInCirculation(world: World): bigint {
  return amountHeld(world, world.assets[0]!);
}

/** Total of an asset in all places that can hold it (of an issued one, its supply). */
export function amountHeld(world: World, asset: Asset): bigint {
  let total = 0n;
  for (const account of everyAccount(world)) {
    total += asset.issuer === undefined
      ? account.balance
      : account.trustLines.get(asset)?.balance ?? 0n;
  }
  for (const balance of world.claimableBalances) {
    if (balance.asset === asset) total += balance.amount;
  }
  for (const pool of world.pools) {
    if (pool.assetA === asset) total += pool.reserveA;
    if (pool.assetB === asset) total += pool.reserveB;
  }
  for (const data of world.contractBalances.get(asset.contract)?.values() ?? []) {
    total += data.amount;
  }
  return total;
}

/** Every account: the bank, issuers, users, guests. */
export function* everyAccount(world: World): Generator<AccountEntry> {
  yield world.bank;
  const issuers = new Set<AccountEntry>();
  for (const asset of world.assets) if (asset.issuer) issuers.add(asset.issuer);
  yield* issuers;
  yield* world.users;
  yield* world.guests;
}

/** The offers that sell one asset for another, best price first; the list itself. */
export function offersOf(world: World, selling: Asset, buying: Asset): OfferEntry[] {
  let byBought = world.books.get(selling);
  if (byBought === undefined) world.books.set(selling, byBought = new Map());
  let offers = byBought.get(buying);
  if (offers === undefined) byBought.set(buying, offers = []);
  return offers;
}

/** The pool of two assets in either order. */
export function poolOf(world: World, one: Asset, other: Asset): LiquidityPoolEntry | undefined {
  return world.pools.find((pool) =>
    (pool.assetA === one && pool.assetB === other) || (pool.assetA === other && pool.assetB === one)
  );
}
