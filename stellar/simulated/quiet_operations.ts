import {
  CLAWBACK_PROTOCOL,
  LAST_INFLATION_PROTOCOL,
  SEQUENCE_TIME_PROTOCOL,
} from "./protocol_features.ts";
import { MAX_INT64 } from "./balances.ts";
import { writeAccountId } from "./entry_writer.ts";
import {
  type AccountEntry,
  AccountFlag,
  type Asset,
  newTrustLine,
  TrustLineFlag,
} from "./ledger_entry.ts";
import { issuedAsset, type OperationContext, otherUser } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import { closeTimeOf } from "./close_time.ts";

/** Sets the home domain, or (while there is inflation) the account's vote for its payouts. */
export function makeSetOptions(op: OperationContext): boolean {
  const { source, prng } = op;
  const votes = op.protocol <= LAST_INFLATION_PROTOCOL && prng.chance(50);
  op.body.word(OperationType.setOptions).flag(votes);
  op.changes.touch(source);
  if (votes) {
    source.inflationDestination = otherUser(op, source);
    writeAccountId(op.body, source.inflationDestination);
  }
  for (let i = 0; i < 6; i++) op.body.flag(false); // flags, weight and thresholds stay
  op.body.flag(!votes);
  if (!votes) {
    source.homeDomain = `home-${prng.below(1000)}.example.com`;
    op.body.ascii(source.homeDomain);
  }
  op.body.flag(false);
  op.result.word(OperationType.setOptions).word(0);
  return true;
}

/** Opens a trust line, or changes the limit of one. */
export function makeChangeTrust(op: OperationContext): boolean {
  const asset = issuedAsset(op), { source } = op;
  if (asset.issuer === source) return false;
  let line = source.trustLines.get(asset);
  const limit = MAX_INT64 - BigInt(op.prng.below(1000));
  if (line === undefined) {
    line = newTrustLine(source, asset, limit, initialFlags(asset, op.protocol));
    source.trustLines.set(asset, line);
    op.changes.create(line);
    op.changes.touch(source);
    source.subEntries++;
  } else {
    op.changes.touch(line);
    line.limit = limit;
  }
  op.body.word(OperationType.changeTrust).raw(asset.xdr).hyper(limit);
  op.result.word(OperationType.changeTrust).word(0);
  return true;
}

/** Flags of a new trust line: unauthorized where the issuer wants to be asked first. */
export function initialFlags(asset: Asset, protocol: number): number {
  const issuer = asset.issuer!;
  const authorized = (issuer.flags & AccountFlag.required) === 0 ? TrustLineFlag.authorized : 0;
  const clawback =
    protocol >= CLAWBACK_PROTOCOL && (issuer.flags & AccountFlag.clawbackEnabled) !== 0
      ? TrustLineFlag.clawbackEnabled
      : 0;
  return authorized | clawback;
}

/** Moves the source's sequence number ahead. */
export function makeBumpSequence(op: OperationContext): boolean {
  const to = op.source.sequence + BigInt(op.prng.between(1, 5));
  op.changes.touch(op.source);
  op.source.sequence = to;
  stampSequence(op.source, op.protocol, op.ledger);
  op.body.word(OperationType.bumpSequence).hyper(to);
  op.result.word(OperationType.bumpSequence).word(0);
  return true;
}

/** Notes when an account's sequence number changed, where the protocol does (CAP-21). */
export function stampSequence(account: AccountEntry, protocol: number, ledger: number): void {
  if (protocol < SEQUENCE_TIME_PROTOCOL) return;
  account.sequenceLedger = ledger;
  account.sequenceTime = closeTimeOf(ledger);
}

/** Pays new lumens and the fee pool out by votes, weighed by the voters' balances. */
export function makeInflation(op: OperationContext): boolean {
  const { world } = op;
  const votes = new Map<AccountEntry, bigint>();
  for (const account of [world.bank, ...world.users]) {
    const to = account.inflationDestination;
    if (to !== undefined) votes.set(to, (votes.get(to) ?? 0n) + account.balance);
  }
  // An account needs the votes of a two-thousandth of all lumens.
  const winners = [...votes].filter(([, weight]) => weight * 2000n >= world.totalCoins);
  winners.sort(([, one], [, other]) => (one < other ? 1 : one > other ? -1 : 0));
  const total = world.totalCoins;
  const added = total * INFLATION_RATE_TRILLIONTHS / 1_000_000_000_000n;
  const toPay = added + world.feePool;
  let left = toPay;
  op.body.word(OperationType.inflation);
  op.result.word(OperationType.inflation).word(0).word(winners.length);
  for (const [winner, weight] of winners) {
    const payout = toPay * weight / total;
    op.changes.touch(winner);
    winner.balance += payout;
    left -= payout;
    writeAccountId(op.result, winner);
    op.result.hyper(payout);
    op.events.classicOneSided("mint", world.assets[0]!, winner, payout);
  }
  world.totalCoins += added;
  world.feePool = left;
  world.inflationSequence++;
  return true;
}

/** Weekly inflation of one per cent a year, as the protocol rounds it. */
const INFLATION_RATE_TRILLIONTHS = 190_721_000n;
