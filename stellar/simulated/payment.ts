import { capacity, credit, debit, spendable } from "./balances.ts";
import { writeAccountId } from "./entry_writer.ts";
import { type AccountEntry, type Asset, newAccount } from "./ledger_entry.ts";
import {
  actAs,
  drawMuxedId,
  issuedAsset,
  type OperationContext,
  otherUser,
  receiverId,
  writeMuxedAccount,
} from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";

/** Units of an asset that a payment moves at most. */
const PAYMENT_UNITS = 2_000;
/** Below this an account's payment becomes one to it, of so much, by the network's bank. */
const POOR = 10_000_000_000n, HELP = 100_000_000_000n;
/** Balances of new accounts, in lumens. */
const STARTING_LUMENS = 50;

/** A payment of lumens, which always works: accounts keep far more than a payment takes. */
export function makeNativePayment(op: OperationContext): boolean {
  const { world, prng } = op;
  const native = world.assets[0]!;
  const toGuest = world.guests.length > 0 && prng.chance(15);
  const destination = toGuest ? prng.pick(world.guests) : otherUser(op, op.source);
  if (spendable(op.source, native) < POOR) {
    // Whoever runs out is helped, or the network would come to rest after some years.
    const poor = op.source;
    actAs(op, world.bank);
    return pay(op, poor, native, HELP);
  }
  return pay(
    op,
    destination,
    native,
    bounded(prng.amount(PAYMENT_UNITS), spendable(op.source, native)),
  );
}

/** A payment of an issued asset from one holder to another. */
export function makeIssuedPayment(op: OperationContext): boolean {
  const asset = issuedAsset(op), destination = otherUser(op, op.source);
  const available = spendable(op.source, asset);
  if (available <= 0n || capacity(destination, asset) <= 0n) return false;
  return pay(op, destination, asset, bounded(op.prng.amount(PAYMENT_UNITS), available));
}

/** A payment by the asset's issuer: a mint. */
export function makeIssuerPayment(op: OperationContext): boolean {
  const asset = issuedAsset(op), destination = op.prng.pick(op.world.users);
  if (capacity(destination, asset) <= 0n) return false;
  actAs(op, asset.issuer!);
  return pay(op, destination, asset, op.prng.amount(PAYMENT_UNITS));
}

/** A payment to the asset's issuer: a burn; rarely from the issuer to itself. */
export function makePaymentToIssuer(op: OperationContext): boolean {
  const asset = issuedAsset(op);
  if (op.prng.chance(5)) actAs(op, asset.issuer!);
  const available = spendable(op.source, asset);
  if (available <= 0n) return false;
  return pay(op, asset.issuer!, asset, bounded(op.prng.amount(PAYMENT_UNITS), available));
}

function pay(op: OperationContext, to: AccountEntry, asset: Asset, amount: bigint): boolean {
  const muxedId = drawMuxedId(op);
  op.body.word(OperationType.payment);
  writeMuxedAccount(op.body, to, muxedId);
  op.body.raw(asset.xdr).hyper(amount);
  op.result.word(OperationType.payment).word(0);
  debit(op.changes, op.source, asset, amount);
  credit(op.changes, to, asset, amount);
  op.events.classic(asset, op.source, to, amount, receiverId(op, muxedId));
  return true;
}

/** Accounts that wait to be merged at most, so that the world does not grow for ever. */
const MAX_GUESTS = 500;

/** Makes a new account with a few lumens. */
export function makeCreateAccount(op: OperationContext): boolean {
  const { world, prng } = op, native = world.assets[0]!;
  const amount = prng.amount(STARTING_LUMENS) + 10_000_000n;
  if (spendable(op.source, native) < amount || world.guests.length >= MAX_GUESTS) return false;
  // Its sequence numbers start where no earlier account with the same key can have used them.
  const account = newAccount(prng.bytes(32), 0n, BigInt(op.ledger) << 32n);
  op.body.word(OperationType.createAccount);
  writeAccountId(op.body, account);
  op.body.hyper(amount);
  op.result.word(OperationType.createAccount).word(0);
  debit(op.changes, op.source, native, amount);
  account.balance = amount;
  op.changes.create(account);
  world.guests.push(account);
  op.events.classic(native, op.source, account, amount, receiverId(op));
  return true;
}

/** Merges the operation's source, which owns nothing but lumens, into a user's account. */
export function makeAccountMerge(op: OperationContext): boolean {
  const { world, prng } = op, native = world.assets[0]!;
  const at = world.guests.indexOf(op.source);
  if (at < 0) return false;
  const destination = prng.pick(world.users), muxedId = drawMuxedId(op), amount = op.source.balance;
  op.body.word(OperationType.accountMerge);
  writeMuxedAccount(op.body, destination, muxedId);
  op.result.word(OperationType.accountMerge).word(0).hyper(amount);
  credit(op.changes, destination, native, amount);
  op.changes.remove(op.source);
  world.guests.splice(at, 1);
  op.events.classic(native, op.source, destination, amount, receiverId(op, muxedId));
  return true;
}

function bounded(amount: bigint, available: bigint): bigint {
  return amount <= available ? amount : available;
}
