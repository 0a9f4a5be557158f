import { credit, debit, isAuthorized, MAX_INT64, spendable } from "./balances.ts";
import type { EntryChanges } from "./entry_changes.ts";
import { writePoolParameters } from "./entry_writer.ts";
import {
  type AccountEntry,
  type Asset,
  EntryType,
  type LiquidityPoolEntry,
  newTrustLine,
  PartyType,
  type TrustLineEntry,
} from "./ledger_entry.ts";
import { amountWorth } from "./market.ts";
import { actAs, type OperationContext, receiverId, share } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import { sha256 } from "./sha256.ts";
import type { World } from "./world.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** The pool (by positions of its assets) that the issuer of its second asset takes part in. */
export const ISSUER_POOL = [4, 5] as const;
/** Pools an account takes part in at most. */
const MAX_POOLS_EACH = 2;
/** Users that are looked at for one who takes part in a pool. */
const MAX_PARTNERS_TRIED = 12;
/** Lumens' worth of one side of a deposit, at most. */
const DEPOSIT_LUMENS = 3_000;

/** Puts both assets of a pool in, at the pool's price. */
export function makePoolDeposit(op: OperationContext): boolean {
  actAsPartner(op);
  const pools = [...op.source.poolShares.keys()];
  if (pools.length === 0) return false;
  const pool = op.prng.pick(pools);
  const wanted = amountWorth(pool.assetA, op.prng.between(10, DEPOSIT_LUMENS));
  const plan = planDeposit(pool, wanted);
  if (plan === undefined) return false;
  if (!canGive(op.source, pool.assetA, plan.a) || !canGive(op.source, pool.assetB, plan.b)) {
    return false;
  }
  op.body.word(OperationType.liquidityPoolDeposit).opaque(pool.key);
  op.body.hyper(plan.a).hyper(plan.b).word(1).word(10_000_000).word(10_000_000).word(1);
  op.result.word(OperationType.liquidityPoolDeposit).word(0);
  deposit(op.changes, op.source, pool, plan);
  op.events.classic(pool.assetA, op.source, pool, plan.a);
  op.events.classic(pool.assetB, op.source, pool, plan.b);
  return true;
}

/** Takes both assets out against shares. */
export function makePoolWithdraw(op: OperationContext): boolean {
  actAsPartner(op);
  const lines = [...op.source.poolShares.values()].filter((line) => line.balance > 0n);
  if (lines.length === 0) return false;
  const line = op.prng.pick(lines), pool = line.asset as LiquidityPoolEntry;
  const shares = op.prng.chance(25) ? line.balance : share(op, line.balance, 10, 90);
  const a = pool.reserveA * shares / pool.shares, b = pool.reserveB * shares / pool.shares;
  if (a === 0n || b === 0n) return false;
  if (!canReceive(op.source, pool.assetA) || !canReceive(op.source, pool.assetB)) return false;
  op.body.word(OperationType.liquidityPoolWithdraw).opaque(pool.key);
  op.body.hyper(shares).hyper(a - a / 100n).hyper(b - b / 100n);
  op.result.word(OperationType.liquidityPoolWithdraw).word(0);
  op.changes.touch(pool);
  op.changes.touch(line);
  pool.reserveA -= a;
  pool.reserveB -= b;
  pool.shares -= shares;
  line.balance -= shares;
  credit(op.changes, op.source, pool.assetA, a);
  credit(op.changes, op.source, pool.assetB, b);
  op.events.classic(pool.assetA, pool, op.source, a, receiverId(op, op.sourceId));
  op.events.classic(pool.assetB, pool, op.source, b, receiverId(op, op.sourceId));
  return true;
}

/** Opens a line for shares of a pool (which may have to be made), or closes one without shares. */
export function makePoolTrust(op: OperationContext): boolean {
  actAsIssuerSometimes(op);
  const { world, prng, source } = op;
  const empty = [...source.poolShares.values()].find((line) => line.balance === 0n);
  if (empty !== undefined && prng.chance(50)) {
    const pool = empty.asset as LiquidityPoolEntry;
    writePoolTrust(op, pool, 0n);
    closePoolShare(world, op.changes, empty);
    return true;
  }
  if (source.poolShares.size >= MAX_POOLS_EACH) return false;
  const issuer = source === poolIssuer(world);
  const one = issuer ? world.assets[ISSUER_POOL[0]]! : prng.pick(world.assets);
  const other = issuer ? world.assets[ISSUER_POOL[1]]! : prng.pick(world.assets);
  if (one === other || !canReceive(source, one) || !canReceive(source, other)) return false;
  const pool = findOrMakePool(world, one, other);
  if (source.poolShares.has(pool)) return false;
  writePoolTrust(op, pool, MAX_INT64);
  openPoolShare(world, op.changes, source, pool);
  return true;
}

/** The account that takes part in a pool of an asset which it issues. */
export function poolIssuer(world: World): AccountEntry {
  return world.assets[ISSUER_POOL[1]]!.issuer!;
}

/** Makes an account that takes part in a pool the source, where one is soon found. */
function actAsPartner(op: OperationContext): void {
  actAsIssuerSometimes(op);
  for (let tries = 0; tries < MAX_PARTNERS_TRIED && op.source.poolShares.size === 0; tries++) {
    const user = op.prng.pick(op.world.users);
    if (user.poolShares.size > 0) actAs(op, user);
  }
}

/** One in ten operations with pools is that issuer's. */
function actAsIssuerSometimes(op: OperationContext): void {
  if (op.prng.chance(10)) actAs(op, poolIssuer(op.world));
}

function writePoolTrust(op: OperationContext, pool: LiquidityPoolEntry, limit: bigint): void {
  op.body.word(OperationType.changeTrust).word(3).word(0);
  writePoolParameters(op.body, pool);
  op.body.hyper(limit);
  op.result.word(OperationType.changeTrust).word(0);
}

/** What goes in and the shares for it, at the pool's price. */
export interface Deposit {
  readonly a: bigint;
  readonly b: bigint;
  readonly shares: bigint;
}

/** The deposit of about `wanted` of asset A; an empty pool gets the fair price. */
export function planDeposit(pool: LiquidityPoolEntry, wanted: bigint): Deposit | undefined {
  if (pool.shares === 0n) {
    const lumens = wanted / amountWorth(pool.assetA, 1);
    const b = amountWorth(pool.assetB, Number(lumens > 0n ? lumens : 1n));
    return { a: wanted, b, shares: squareRoot(wanted * b) };
  }
  const shares = pool.shares * wanted / pool.reserveA;
  const a = ceilDivide(shares * pool.reserveA, pool.shares);
  const b = ceilDivide(shares * pool.reserveB, pool.shares);
  return shares === 0n || a === 0n || b === 0n ? undefined : { a, b, shares };
}

/** Moves a planned deposit of an account that has a share line. */
export function deposit(
  changes: EntryChanges,
  account: AccountEntry,
  pool: LiquidityPoolEntry,
  plan: Deposit,
): void {
  const line = account.poolShares.get(pool)!;
  debit(changes, account, pool.assetA, plan.a);
  debit(changes, account, pool.assetB, plan.b);
  changes.touch(line);
  changes.touch(pool);
  line.balance += plan.shares;
  pool.reserveA += plan.a;
  pool.reserveB += plan.b;
  pool.shares += plan.shares;
}

/** The pool of two assets; a new one is in no list yet and has no share line. */
export function findOrMakePool(world: World, one: Asset, other: Asset): LiquidityPoolEntry {
  const [assetA, assetB] = inAssetOrder(one, other) ? [one, other] : [other, one];
  const known = world.pools.find((pool) => pool.assetA === assetA && pool.assetB === assetB);
  if (known !== undefined) return known;
  const parameters = new XdrWriter().word(0);
  writePoolParameters(parameters, { assetA, assetB });
  return {
    type: EntryType.liquidityPool,
    party: PartyType.liquidityPool,
    modified: 0,
    sponsor: undefined,
    key: sha256(parameters),
    assetA,
    assetB,
    reserveA: 0n,
    reserveB: 0n,
    shares: 0n,
    trustLines: 0,
  };
}

/** Opens a share line; the first one brings the pool's entry into being. */
export function openPoolShare(
  world: World,
  changes: EntryChanges,
  account: AccountEntry,
  pool: LiquidityPoolEntry,
): void {
  const line = newTrustLine(account, pool, MAX_INT64, 1);
  changes.create(line);
  if (pool.trustLines === 0) {
    world.pools.push(pool);
    changes.create(pool);
  } else changes.touch(pool);
  pool.trustLines++;
  changes.touch(account);
  account.subEntries += 2;
  account.poolShares.set(pool, line);
  for (const asset of [pool.assetA, pool.assetB]) changeUses(changes, account, asset, 1);
}

/** Closes a share line without shares; the last one takes the pool's entry with it. */
export function closePoolShare(world: World, changes: EntryChanges, line: TrustLineEntry): void {
  const pool = line.asset as LiquidityPoolEntry, account = line.owner;
  changes.remove(line);
  account.poolShares.delete(pool);
  changes.touch(account);
  account.subEntries -= 2;
  changes.touch(pool);
  pool.trustLines--;
  if (pool.trustLines === 0) {
    changes.remove(pool);
    world.pools.splice(world.pools.indexOf(pool), 1);
  }
  for (const asset of [pool.assetA, pool.assetB]) changeUses(changes, account, asset, -1);
}

function changeUses(
  changes: EntryChanges,
  account: AccountEntry,
  asset: Asset,
  by: number,
): void {
  const line = account.trustLines.get(asset);
  if (line === undefined) return;
  changes.touch(line);
  line.poolUses += by;
}

function canGive(account: AccountEntry, asset: Asset, amount: bigint): boolean {
  return amount > 0n && amount <= spendable(account, asset);
}

function canReceive(account: AccountEntry, asset: Asset): boolean {
  if (asset.issuer === undefined || asset.issuer === account) return true;
  const line = account.trustLines.get(asset);
  return line !== undefined && isAuthorized(line);
}

/** Pools name their assets in order of type, code, issuer, which is the order of their XDR. */
function inAssetOrder(one: Asset, other: Asset): boolean {
  for (let i = 0; i < one.xdr.length && i < other.xdr.length; i++) {
    if (one.xdr[i] !== other.xdr[i]) return one.xdr[i]! < other.xdr[i]!;
  }
  return one.xdr.length < other.xdr.length;
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
