import { CLAWBACK_PROTOCOL } from "./protocol_features.ts";
import { capacity, credit, debit, spendable } from "./balances.ts";
import type { EntryChanges } from "./entry_changes.ts";
import { writeAccountId, writeClaimants } from "./entry_writer.ts";
import {
  type AccountEntry,
  AccountFlag,
  type Asset,
  type ClaimableBalanceEntry,
  EntryType,
  PartyType,
  type Predicate,
} from "./ledger_entry.ts";
import { actAs, type OperationContext, receiverId, share } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import { sha256 } from "./sha256.ts";
import type { World } from "./world.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** Balances waiting to be claimed at most, so that the world does not grow for ever. */
const MAX_CLAIMABLE = 200;
/** EnvelopeType of the hash preimage that gives a balance its id. */
const OPERATION_ID_PREIMAGE = 6;

const LATER_PREDICATES: readonly Predicate[] = ["and", "or", "not", "absolute", "relative"];

/** Sets aside part of the source's asset for one to three claimants. */
export function makeCreateClaimableBalance(op: OperationContext): boolean {
  const { world, prng } = op;
  if (world.claimableBalances.length >= MAX_CLAIMABLE) return false;
  const asset = prng.pick(world.assets), available = spendable(op.source, asset);
  const amount = share(op, available < 10_000_000_000n ? available : 10_000_000_000n, 1, 20);
  if (available < 1_000n) return false;
  const claimants: { account: AccountEntry; predicate: Predicate }[] = [];
  const wanted = prng.pick([1, 1, 2, 3]);
  for (let i = 0; i < wanted; i++) {
    const account = prng.pick(world.users);
    if (claimants.some((claimant) => claimant.account === account)) continue;
    // The first claimant may claim at any time, so that balances do get claimed.
    claimants.push({
      account,
      predicate: claimants.length === 0 ? "unconditional" : prng.pick(LATER_PREDICATES),
    });
  }
  const balance = newClaimableBalance({
    key: balanceId(op),
    claimants,
    asset,
    amount,
    clawback: clawbackApplies(op.source, asset, op.protocol),
    sponsor: op.source,
  });
  op.body.word(OperationType.createClaimableBalance).raw(asset.xdr).hyper(amount);
  writeClaimants(op.body, claimants);
  op.result.word(OperationType.createClaimableBalance).word(0).word(0).opaque(balance.key);
  debit(op.changes, op.source, asset, amount);
  addClaimableBalance(world, op.changes, balance);
  op.events.classic(asset, op.source, balance, amount);
  return true;
}

/** Pays a waiting balance out to its first claimant, who signs the operation. */
export function makeClaimClaimableBalance(op: OperationContext): boolean {
  const balance = pickBalance(op, () => true);
  if (balance === undefined) return false;
  const claimant = balance.claimants[0]!.account;
  if (capacity(claimant, balance.asset) < balance.amount) return false;
  actAs(op, claimant);
  op.body.word(OperationType.claimClaimableBalance).word(0).opaque(balance.key);
  op.result.word(OperationType.claimClaimableBalance).word(0);
  credit(op.changes, claimant, balance.asset, balance.amount);
  removeClaimableBalance(op.world, op.changes, balance);
  op.events.classic(balance.asset, balance, claimant, balance.amount, receiverId(op, op.sourceId));
  return true;
}

/** The issuer takes a waiting balance of its asset back. */
export function makeClawbackClaimableBalance(op: OperationContext): boolean {
  const balance = pickBalance(op, (candidate) => candidate.clawback);
  if (balance === undefined) return false;
  const { asset, amount } = balance;
  actAs(op, asset.issuer!);
  op.body.word(OperationType.clawbackClaimableBalance).word(0).opaque(balance.key);
  op.result.word(OperationType.clawbackClaimableBalance).word(0);
  asset.supply -= amount;
  removeClaimableBalance(op.world, op.changes, balance);
  op.events.classicOneSided("clawback", asset, balance, amount);
  return true;
}

/** A balance entry that is in no list yet. */
export function newClaimableBalance(
  fields: Pick<ClaimableBalanceEntry, "key" | "claimants" | "asset" | "amount" | "clawback"> & {
    sponsor: AccountEntry;
  },
): ClaimableBalanceEntry {
  return {
    type: EntryType.claimableBalance,
    party: PartyType.claimableBalance,
    modified: 0,
    ...fields,
  };
}

/** Adds a balance to the world; its sponsor pays a reserve for each claimant (CAP-23). */
export function addClaimableBalance(
  world: World,
  changes: EntryChanges,
  balance: ClaimableBalanceEntry,
): void {
  const sponsor = balance.sponsor!;
  changes.create(balance);
  changes.touch(sponsor);
  sponsor.sponsoring += balance.claimants.length;
  world.claimableBalances.push(balance);
}

/** True when units that this account sets aside stay within the issuer's reach. */
export function clawbackApplies(holder: AccountEntry, asset: Asset, protocol: number): boolean {
  if (protocol < CLAWBACK_PROTOCOL || asset.issuer === undefined) return false;
  if (asset.issuer === holder) return (holder.flags & AccountFlag.clawbackEnabled) !== 0;
  return ((holder.trustLines.get(asset)?.flags ?? 0) & 4) !== 0;
}

function removeClaimableBalance(
  world: World,
  changes: EntryChanges,
  balance: ClaimableBalanceEntry,
): void {
  const sponsor = balance.sponsor!;
  changes.touch(sponsor);
  sponsor.sponsoring -= balance.claimants.length;
  changes.remove(balance);
  world.claimableBalances.splice(world.claimableBalances.indexOf(balance), 1);
}

/** A waiting balance of an earlier operation that fits, looking at a few. */
function pickBalance(
  op: OperationContext,
  fits: (balance: ClaimableBalanceEntry) => boolean,
): ClaimableBalanceEntry | undefined {
  const balances = op.world.claimableBalances;
  for (let tries = 0; tries < 8 && balances.length > 0; tries++) {
    const balance = op.prng.pick(balances);
    if (fits(balance)) return balance;
  }
  return undefined;
}

/** SHA-256 of the operation's id preimage: source and sequence of the transaction, and position. */
function balanceId(op: OperationContext): Uint8Array {
  const out = new XdrWriter().word(OPERATION_ID_PREIMAGE);
  writeAccountId(out, op.transaction.source);
  out.hyper(op.transaction.sequence).word(op.index);
  return sha256(out);
}
