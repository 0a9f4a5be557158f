import { LIABILITIES_PROTOCOL } from "./protocol_features.ts";
import type { EntryChanges } from "./entry_changes.ts";
import {
  type AccountEntry,
  type Asset,
  type OfferEntry,
  type TrustLineEntry,
  TrustLineFlag,
} from "./ledger_entry.ts";

/** Reserve of the simulated network for each entry an account owns: half a lumen. */
export const BASE_RESERVE = 5_000_000n;
/** What an issuer is taken to have of its own asset, and anybody's room for it: no limit in effect. */
export const UNLIMITED = 1n << 56n;
/** The greatest limit of a trust line. */
export const MAX_INT64 = (1n << 63n) - 1n;

/** The balance that an account must keep (CAP-33). */
export function minimumBalance(account: AccountEntry): bigint {
  return BigInt(2 + account.subEntries + account.sponsoring - account.sponsored) * BASE_RESERVE;
}

/** How much of an asset an account can send; 0 without an authorized trust line. */
export function spendable(account: AccountEntry, asset: Asset): bigint {
  if (asset.issuer === undefined) {
    const free = account.balance - minimumBalance(account) - account.selling;
    return free > 0n ? free : 0n;
  }
  if (asset.issuer === account) return UNLIMITED;
  const line = account.trustLines.get(asset);
  return line === undefined || !isAuthorized(line) ? 0n : line.balance - line.selling;
}

/** How much of an asset an account can receive; 0 without an authorized trust line. */
export function capacity(account: AccountEntry, asset: Asset): bigint {
  if (asset.issuer === undefined || asset.issuer === account) return UNLIMITED;
  const line = account.trustLines.get(asset);
  return line === undefined || !isAuthorized(line) ? 0n : line.limit - line.balance - line.buying;
}

/** True when the issuer lets the line's owner hold and move the asset. */
export function isAuthorized(line: TrustLineEntry): boolean {
  return (line.flags & TrustLineFlag.authorized) !== 0;
}

/** Takes from an account; an issuer's own asset comes into being by that. */
export function debit(
  changes: EntryChanges,
  account: AccountEntry,
  asset: Asset,
  amount: bigint,
): void {
  if (asset.issuer === undefined) {
    changes.touch(account);
    account.balance -= amount;
  } else if (asset.issuer === account) asset.supply += amount;
  else {
    const line = account.trustLines.get(asset)!;
    changes.touch(line);
    line.balance -= amount;
  }
}

/** Gives to an account; an issuer's own asset ceases to be by that. */
export function credit(
  changes: EntryChanges,
  account: AccountEntry,
  asset: Asset,
  amount: bigint,
): void {
  if (asset.issuer === undefined) {
    changes.touch(account);
    account.balance += amount;
  } else if (asset.issuer === account) asset.supply -= amount;
  else {
    const line = account.trustLines.get(asset)!;
    changes.touch(line);
    line.balance += amount;
  }
}

/** What an offer takes in when all of it is taken: the price times the amount, rounded up. */
export function costOf(offer: OfferEntry, amount: bigint): bigint {
  const d = BigInt(offer.priceD);
  return (amount * BigInt(offer.priceN) + d - 1n) / d;
}

/** Adds (sign 1) or releases (sign -1) the liabilities of an offer's present amount (CAP-3). */
export function changeLiabilities(changes: EntryChanges, offer: OfferEntry, sign: 1n | -1n): void {
  const { seller, selling, buying } = offer;
  const sold = liable(changes, seller, selling);
  if (sold) sold.selling += sign * offer.amount;
  const bought = liable(changes, seller, buying);
  if (bought) bought.buying += sign * costOf(offer, offer.amount);
}

function liable(
  changes: EntryChanges,
  account: AccountEntry,
  asset: Asset,
): AccountEntry | TrustLineEntry | undefined {
  if (asset.issuer === account) return undefined;
  const entry = asset.issuer === undefined ? account : account.trustLines.get(asset)!;
  // Before protocol 10 liabilities are in no entry; here they still keep offers honest.
  if (changes.protocol >= LIABILITIES_PROTOCOL) changes.touch(entry);
  return entry;
}
