import {
  CLAWBACK_PROTOCOL,
  LAST_INFLATION_PROTOCOL,
  POOL_PROTOCOL,
  SOROBAN_PROTOCOL,
} from "./protocol_features.ts";
import { encodeStrkey, StrkeyVersion } from "../strkey.ts";
import { sacContractId } from "../sac.ts";
import { credit, debit, MAX_INT64 } from "./balances.ts";
import { giveToken, LIFETIME_LEDGERS } from "./contract_balances.ts";
import { EntryChanges } from "./entry_changes.ts";
import {
  type AccountEntry,
  AccountFlag,
  type Asset,
  type LedgerEntry,
  newAccount,
  newTrustLine,
  type Party,
  PartyType,
  TrustLineFlag,
} from "./ledger_entry.ts";
import {
  deposit,
  findOrMakePool,
  ISSUER_POOL,
  openPoolShare,
  planDeposit,
} from "./liquidity_pools.ts";
import { amountWorth } from "./market.ts";
import { seedOffer } from "./offers.ts";
import type { Prng } from "./prng.ts";
import { initialFlags } from "./quiet_operations.ts";
import { sha256 } from "./sha256.ts";
import type { TokenContract, World } from "./world.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** Ledger in which the network's first entries were written; ledgers of the network follow it. */
export const GENESIS_LEDGER = 1;
/** A hundred thousand million lumens, as the real network began with. */
const TOTAL_COINS = 1_000_000_000_000_000_000n;
/** Transactions that a ledger may have at first, far more than are simulated. */
const MAX_TRANSACTION_SET_SIZE = 5_000;
/** Lumens of a user at the beginning, at least and at most. */
const USER_LUMENS = [20_000, 400_000] as const;
/** Worth in lumens of a user's holding of each asset. */
const HOLDING_LUMENS = [2_000, 80_000] as const;
/** Offers in each book at the beginning. */
const OFFERS_PER_BOOK = 4;
/** Worth in lumens of each first deposit in a pool, and one in how many users makes one. */
const POOL_LUMENS = 15_000, USERS_PER_PARTNER = 12;
/** Worth in lumens of what each vault holds of each asset. */
const VAULT_LUMENS = 400_000;
const VAULTS = 3;

/** Codes and issuer's flags of the assets after the native one; prices are in market.ts. */
const ASSETS: readonly { code: string; flags: number }[] = [
  { code: "USDC", flags: 0 },
  { code: "EURT", flags: 0 },
  { code: "YIELDTOKEN", flags: 0 },
  { code: "REG", flags: AccountFlag.required | AccountFlag.revocable },
  { code: "CLAWCOIN", flags: AccountFlag.revocable | AccountFlag.clawbackEnabled },
  { code: "BTC", flags: 0 },
];

/** Pairs of assets (by position) that have pools from the beginning. */
const POOLS: readonly (readonly [number, number])[] = [[0, 1], [1, 2], [0, 4], [4, 5], [1, 5]];

const TOKENS: readonly {
  readonly symbol: string;
  readonly unit: bigint;
  readonly namesAdmin?: true;
  readonly pretends?: true;
  readonly lifetimeLedgers?: number;
}[] = [
  { symbol: "GRAIN", unit: 10n ** 7n },
  // Eighteen decimals and millions of units: far more than 64 bits hold.
  { symbol: "WIDE", unit: 10n ** 18n },
  // Entries that nobody uses for ten minutes are archived.
  { symbol: "OLD", unit: 10n ** 9n, namesAdmin: true, lifetimeLedgers: 120 },
  { symbol: "SHAM", unit: 10n ** 7n, pretends: true },
];

/** The genesis' changes are in no ledger: all there is to do is to stamp the entries. */
class GenesisChanges extends EntryChanges {
  override touch(): void {}

  override create(entry: LedgerEntry): void {
    entry.modified = GENESIS_LEDGER;
  }
}

/** Makes the world as it stands after ledger 1, before any transaction. */
export function makeGenesis(
  prng: Prng,
  options: { protocol: number; users: number; networkId: Uint8Array },
): World {
  const { protocol, users, networkId } = options;
  const bank = newAccount(prng.bytes(32), TOTAL_COINS, 0n);
  const assets = makeAssets(prng, protocol, networkId);
  const world: World = {
    protocol,
    ledger: GENESIS_LEDGER,
    headerHash: sha256(prng.bytes(32)),
    bucketListHash: sha256(prng.bytes(32)),
    skipList: Array.from({ length: 4 }, () => new Uint8Array(32)),
    totalCoins: TOTAL_COINS,
    feePool: 0n,
    idPool: 0n,
    inflationSequence: 0,
    maxTransactionSetSize: MAX_TRANSACTION_SET_SIZE,
    bank,
    users: [],
    guests: [],
    assets,
    pools: [],
    claimableBalances: [],
    books: new Map(),
    tokens: [],
    vaults: [],
    contractBalances: new Map(),
    lifetimes: new Map(),
  };
  const changes = new GenesisChanges(protocol);
  changes.create(bank);
  for (const asset of assets) {
    if (asset.issuer) fund(world, changes, asset.issuer, 10_000);
  }
  for (let i = 0; i < users; i++) world.users.push(makeUser(world, changes, prng));
  if (protocol <= LAST_INFLATION_PROTOCOL) bank.inflationDestination = world.users[0]!;
  seedBooks(world, changes, prng);
  if (protocol >= POOL_PROTOCOL) {
    openIssuerLine(world, changes);
    seedPools(world, changes);
  }
  if (protocol >= SOROBAN_PROTOCOL) seedContracts(world, changes, prng);
  return world;
}

function makeAssets(prng: Prng, protocol: number, networkId: Uint8Array): Asset[] {
  const native = new Uint8Array(4);
  const assets: Asset[] = [
    makeAsset(0, "", undefined, native, "native", networkId),
  ];
  for (const { code, flags } of ASSETS) {
    const issuer = newAccount(prng.bytes(32), 0n, 0n);
    issuer.flags = protocol >= CLAWBACK_PROTOCOL ? flags : flags & ~AccountFlag.clawbackEnabled;
    issuer.homeDomain = `${code.toLowerCase()}.example.com`;
    const bytes = new Uint8Array(code.length > 4 ? 12 : 4);
    for (let i = 0; i < code.length; i++) bytes[i] = code.charCodeAt(i);
    const xdr = new XdrWriter().word(code.length > 4 ? 2 : 1).opaque(bytes).word(0)
      .opaque(issuer.key).slice();
    const text = `${code}:${encodeStrkey(StrkeyVersion.account, issuer.key)}`;
    assets.push(makeAsset(assets.length, code, issuer, xdr, text, networkId));
  }
  return assets;
}

function makeAsset(
  index: number,
  code: string,
  issuer: AccountEntry | undefined,
  xdr: Uint8Array,
  text: string,
  networkId: Uint8Array,
): Asset {
  const contract: Party = { party: PartyType.contract, key: sacContractId(networkId, xdr) };
  return { index, code, issuer, xdr, text, contract, supply: 0n };
}

function makeUser(world: World, changes: EntryChanges, prng: Prng): AccountEntry {
  const user = newAccount(prng.bytes(32), 0n, BigInt(GENESIS_LEDGER) << 32n);
  fund(world, changes, user, prng.between(...USER_LUMENS));
  for (let i = 1; i < world.assets.length; i++) {
    if (!prng.chance(70)) continue;
    const asset = world.assets[i]!;
    const flags = initialFlags(asset, world.protocol) | TrustLineFlag.authorized;
    const line = newTrustLine(user, asset, MAX_INT64, flags);
    user.trustLines.set(asset, line);
    user.subEntries++;
    changes.create(line);
    const amount = amountWorth(asset, prng.between(...HOLDING_LUMENS));
    line.balance += amount;
    asset.supply += amount;
  }
  return user;
}

function fund(world: World, changes: EntryChanges, account: AccountEntry, lumens: number): void {
  const amount = amountWorth(world.assets[0]!, lumens);
  world.bank.balance -= amount;
  account.balance = amount;
  changes.create(account);
}

function seedBooks(world: World, changes: EntryChanges, prng: Prng): void {
  for (const selling of world.assets) {
    for (const buying of world.assets) {
      if (selling === buying) continue;
      for (let i = 0; i < OFFERS_PER_BOOK; i++) {
        const seller = prng.pick(world.users);
        const line = seller.trustLines.get(selling);
        if (selling.issuer !== undefined && line === undefined) continue;
        if (buying.issuer !== undefined && !seller.trustLines.has(buying)) continue;
        const held = selling.issuer === undefined
          ? seller.balance - seller.selling
          : line!.balance - line!.selling;
        const amount = held / 10n;
        if (amount > 0n) {
          seedOffer({ world, changes }, seller, selling, buying, amount, prng.between(5, 30));
        }
      }
    }
  }
}

/**
 * Lets the issuer of the pair's second asset hold the first, so that an issuer can take part in a
 * pool of its own asset: when it is revoked there, its own asset is burned.
 */
function openIssuerLine(world: World, changes: EntryChanges): void {
  const held = world.assets[ISSUER_POOL[0]]!, issuer = world.assets[ISSUER_POOL[1]]!.issuer!;
  const line = newTrustLine(issuer, held, MAX_INT64, TrustLineFlag.authorized);
  issuer.trustLines.set(held, line);
  issuer.subEntries++;
  changes.create(line);
  line.balance = amountWorth(held, VAULT_LUMENS);
  held.supply += line.balance;
}

/** Makes the pools and lets the first users that can take part in them. */
function seedPools(world: World, changes: EntryChanges): void {
  for (const [one, other] of POOLS) {
    const assetOne = world.assets[one]!, assetOther = world.assets[other]!;
    const partners = world.users.filter((user) =>
      user.poolShares.size < 2 && canHold(user, assetOne) && canHold(user, assetOther)
    ).slice(0, Math.ceil(world.users.length / USERS_PER_PARTNER));
    for (const partner of partners) {
      const pool = findOrMakePool(world, assetOne, assetOther);
      openPoolShare(world, changes, partner, pool);
      const plan = planDeposit(pool, amountWorth(pool.assetA, POOL_LUMENS))!;
      mintFor(world, changes, partner, pool.assetA, plan.a);
      mintFor(world, changes, partner, pool.assetB, plan.b);
      deposit(changes, partner, pool, plan);
    }
  }
}

function seedContracts(world: World, changes: EntryChanges, prng: Prng): void {
  for (let i = 0; i < VAULTS; i++) {
    world.vaults.push({ party: PartyType.contract, key: prng.bytes(32) });
  }
  for (const vault of world.vaults) {
    for (const asset of world.assets) {
      const amount = amountWorth(asset, VAULT_LUMENS);
      if (asset.issuer === undefined) world.bank.balance -= amount;
      else asset.supply += amount;
      giveToken(world, changes, asset, vault, amount, GENESIS_LEDGER);
    }
  }
  for (const { symbol, unit, namesAdmin = false, pretends, lifetimeLedgers } of TOKENS) {
    const token: TokenContract = {
      party: PartyType.contract,
      key: prng.bytes(32),
      symbol,
      unit,
      namesAdmin,
      pretends: pretends ? world.assets[1]!.text : undefined,
      admin: prng.pick(world.users),
      lifetimeLedgers: lifetimeLedgers ?? LIFETIME_LEDGERS,
      supply: 0n,
    };
    world.tokens.push(token);
    for (let i = 0; i < 10; i++) {
      const amount = unit * BigInt(prng.between(100, 100_000));
      giveToken(world, changes, token, prng.pick(world.users), amount, GENESIS_LEDGER);
      token.supply += amount;
    }
  }
}

/** Gives a user what a seeded deposit takes, out of the bank or the issuer's hand. */
function mintFor(
  world: World,
  changes: EntryChanges,
  user: AccountEntry,
  asset: Asset,
  amount: bigint,
): void {
  debit(changes, asset.issuer ?? world.bank, asset, amount);
  credit(changes, user, asset, amount);
}

function canHold(user: AccountEntry, asset: Asset): boolean {
  return asset.issuer === undefined || user.trustLines.has(asset);
}
