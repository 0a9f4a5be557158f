import { CLAWBACK_PROTOCOL } from "./protocol_features.ts";
import { changeLiabilities, isAuthorized } from "./balances.ts";
import { addClaimableBalance, clawbackApplies, newClaimableBalance } from "./claimable_balances.ts";
import { writeAccountId } from "./entry_writer.ts";
import {
  type AccountEntry,
  AccountFlag,
  type Asset,
  type LiquidityPoolEntry,
  type TrustLineEntry,
  TrustLineFlag,
} from "./ledger_entry.ts";
import { closePoolShare, poolIssuer } from "./liquidity_pools.ts";
import { actAs, type OperationContext, share } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import { detachOffer } from "./order_book.ts";
import { sha256 } from "./sha256.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** EnvelopeType of the hash preimage that gives a revoked pool share's balance its id. */
const REVOKE_ID_PREIMAGE = 7;

/** Grants or withdraws a holder's authorization by ALLOW_TRUST. */
export function makeAllowTrust(op: OperationContext): boolean {
  const line = pickRevocableLine(op);
  if (line === undefined) return false;
  const asset = line.asset as Asset, grant = !isAuthorized(line);
  actAs(op, asset.issuer!);
  op.body.word(OperationType.allowTrust);
  writeAccountId(op.body, line.owner);
  writeAssetCode(op.body, asset);
  op.body.word(grant ? TrustLineFlag.authorized : 0);
  op.result.word(OperationType.allowTrust).word(0);
  setAuthorized(op, line, grant);
  return true;
}

/** Grants or withdraws a holder's authorization by SET_TRUST_LINE_FLAGS (CAP-35). */
export function makeSetTrustLineFlags(op: OperationContext): boolean {
  const line = pickRevocableLine(op);
  if (line === undefined) return false;
  const asset = line.asset as Asset, grant = !isAuthorized(line);
  actAs(op, asset.issuer!);
  op.body.word(OperationType.setTrustLineFlags);
  writeAccountId(op.body, line.owner);
  op.body.raw(asset.xdr);
  op.body.word(grant ? 0 : TrustLineFlag.authorized).word(grant ? TrustLineFlag.authorized : 0);
  op.result.word(OperationType.setTrustLineFlags).word(0);
  setAuthorized(op, line, grant);
  return true;
}

/** The issuer takes units of its asset back from a holder. */
export function makeClawback(op: OperationContext): boolean {
  if (op.protocol < CLAWBACK_PROTOCOL) return false;
  const asset = op.world.assets.find((one) => hasFlag(one, AccountFlag.clawbackEnabled));
  if (asset === undefined) return false;
  const line = op.prng.pick(op.world.users).trustLines.get(asset);
  if (line === undefined || line.balance - line.selling <= 0n) return false;
  const amount = share(op, line.balance - line.selling, 1, 20);
  actAs(op, asset.issuer!);
  op.body.word(OperationType.clawback).raw(asset.xdr);
  writeAccountId(op.body, line.owner);
  op.body.hyper(amount);
  op.result.word(OperationType.clawback).word(0);
  op.changes.touch(line);
  line.balance -= amount;
  asset.supply -= amount;
  op.events.classicOneSided("clawback", asset, line.owner, amount);
  return true;
}

/** A line whose issuer may withdraw authorization; those without it come first in half the draws. */
function pickRevocableLine(op: OperationContext): TrustLineEntry | undefined {
  const assets = op.world.assets.filter((asset) => hasFlag(asset, AccountFlag.revocable));
  if (assets.length === 0) return undefined;
  const asset = op.prng.pick(assets), wantsPool = op.prng.chance(50);
  let fallback: TrustLineEntry | undefined;
  for (let tries = 0; tries < 10; tries++) {
    const owner = wantsPool && tries === 0 ? poolIssuer(op.world) : op.prng.pick(op.world.users);
    const line = owner.trustLines.get(asset);
    if (line === undefined) continue;
    if (!isAuthorized(line) || (wantsPool && line.poolUses > 0)) return line;
    fallback = line;
  }
  return fallback;
}

function setAuthorized(op: OperationContext, line: TrustLineEntry, grant: boolean): void {
  op.changes.touch(line);
  if (grant) {
    line.flags |= TrustLineFlag.authorized;
    return;
  }
  line.flags &= ~TrustLineFlag.authorized;
  const asset = line.asset as Asset, owner = line.owner;
  for (const offer of owner.offers.filter((one) => one.selling === asset || one.buying === asset)) {
    changeLiabilities(op.changes, offer, -1n);
    detachOffer(op.world, op.changes, offer);
  }
  // Events follow the pools in order of their ids (CAP-38 leaves the order open).
  const shares = [...owner.poolShares.values()].filter((one) => {
    const pool = one.asset as LiquidityPoolEntry;
    return pool.assetA === asset || pool.assetB === asset;
  });
  shares.sort((one, other) => compareKeys(one.asset, other.asset));
  for (const one of shares) redeemShares(op, one);
}

/** Turns a revoked holder's pool shares into claimable balances (CAP-38). */
function redeemShares(op: OperationContext, line: TrustLineEntry): void {
  const pool = line.asset as LiquidityPoolEntry, owner = line.owner, shares = line.balance;
  op.changes.touch(pool);
  const a = shares === 0n ? 0n : pool.reserveA * shares / pool.shares;
  const b = shares === 0n ? 0n : pool.reserveB * shares / pool.shares;
  op.changes.touch(line);
  line.balance = 0n;
  pool.reserveA -= a;
  pool.reserveB -= b;
  pool.shares -= shares;
  for (const [asset, amount] of [[pool.assetA, a], [pool.assetB, b]] as const) {
    if (amount > 0n) payOut(op, owner, pool, asset, amount);
  }
  closePoolShare(op.world, op.changes, line);
}

function payOut(
  op: OperationContext,
  owner: AccountEntry,
  pool: LiquidityPoolEntry,
  asset: Asset,
  amount: bigint,
): void {
  if (asset.issuer === owner) {
    // An issuer needs no balance of its own asset: it ceases to be.
    asset.supply -= amount;
    op.events.classicOneSided("burn", asset, pool, amount);
    return;
  }
  const balance = newClaimableBalance({
    key: revokeId(op, pool, asset),
    claimants: [{ account: owner, predicate: "unconditional" }],
    asset,
    amount,
    clawback: clawbackApplies(owner, asset, op.protocol),
    sponsor: owner,
  });
  addClaimableBalance(op.world, op.changes, balance);
  op.events.classic(asset, pool, balance, amount);
}

function revokeId(op: OperationContext, pool: LiquidityPoolEntry, asset: Asset): Uint8Array {
  const out = new XdrWriter().word(REVOKE_ID_PREIMAGE);
  writeAccountId(out, op.transaction.source);
  out.hyper(op.transaction.sequence).word(op.index).opaque(pool.key).raw(asset.xdr);
  return sha256(out);
}

function writeAssetCode(out: XdrWriter, asset: Asset): void {
  const long = asset.code.length > 4;
  const bytes = new Uint8Array(long ? 12 : 4);
  for (let i = 0; i < asset.code.length; i++) bytes[i] = asset.code.charCodeAt(i);
  out.word(long ? 2 : 1).opaque(bytes);
}

function hasFlag(asset: Asset, flag: number): boolean {
  return asset.issuer !== undefined && (asset.issuer.flags & flag) !== 0;
}

function compareKeys(one: TrustLineEntry["asset"], other: TrustLineEntry["asset"]): number {
  const a = (one as LiquidityPoolEntry).key, b = (other as LiquidityPoolEntry).key;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
