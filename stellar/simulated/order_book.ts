import { POOL_PROTOCOL } from "./protocol_features.ts";
import { changeLiabilities, costOf, credit, debit } from "./balances.ts";
import type { EventList } from "./contract_event.ts";
import type { EntryChanges } from "./entry_changes.ts";
import { POOL_FEE_BASIS_POINTS, writeAccountId } from "./entry_writer.ts";
import type { AccountEntry, Asset, LiquidityPoolEntry, OfferEntry } from "./ledger_entry.ts";
import { offersOf, poolOf, type World } from "./world.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** Offers that one exchange crosses at most, to keep operations of the usual size. */
const MAX_OFFERS_CROSSED = 4;
/** Share of a pool's reserve that one exchange takes at most, so that prices stay sane: one in … */
const POOL_SHARE_LIMIT = 50n;
const BASIS_POINTS = 10_000n;
const AFTER_FEE = BASIS_POINTS - BigInt(POOL_FEE_BASIS_POINTS);

/** One piece of an exchange: `sold` goes to the taker, `bought` to the offer's seller or pool. */
export interface Claim {
  readonly from: OfferEntry | LiquidityPoolEntry;
  readonly sold: bigint;
  readonly bought: bigint;
}

/** An exchange that can be made now: the taker pays `paid` of `pays` and gets `gets` of `got`. */
export interface Exchange {
  readonly pays: Asset;
  readonly gets: Asset;
  readonly paid: bigint;
  readonly got: bigint;
  readonly claims: readonly Claim[];
}

/** The cheapest way to get exactly `amount`, from the book or the pool; undefined when none has it. */
export function quoteForReceived(
  world: World,
  taker: AccountEntry,
  pays: Asset,
  gets: Asset,
  amount: bigint,
  venues: "all" | "book" = "all",
): Exchange | undefined {
  const claims: Claim[] = [];
  let missing = amount, paid = 0n;
  for (const offer of offersOf(world, gets, pays)) {
    if (missing === 0n || offer.seller === taker || claims.length === MAX_OFFERS_CROSSED) break;
    const sold = missing < offer.amount ? missing : offer.amount;
    const bought = costOf(offer, sold);
    claims.push({ from: offer, sold, bought });
    missing -= sold;
    paid += bought;
  }
  const book = missing === 0n ? { pays, gets, paid, got: amount, claims } : undefined;
  const pool = venues === "all" ? poolFor(world, pays, gets) : undefined;
  if (pool === undefined) return book;
  const [reserveIn, reserveOut] = reserves(pool, pays);
  if (amount * POOL_SHARE_LIMIT > reserveOut) return book;
  const cost = ceilDivide(reserveIn * amount * BASIS_POINTS, (reserveOut - amount) * AFTER_FEE);
  if (book !== undefined && book.paid <= cost) return book;
  const claim = { from: pool, sold: amount, bought: cost };
  return { pays, gets, paid: cost, got: amount, claims: [claim] };
}

/** The most that exactly `amount` gets, from the book or the pool; undefined when none takes it. */
export function quoteForSent(
  world: World,
  taker: AccountEntry,
  pays: Asset,
  gets: Asset,
  amount: bigint,
  venues: "all" | "book" = "all",
): Exchange | undefined {
  const claims: Claim[] = [];
  let left = amount, got = 0n;
  for (const offer of offersOf(world, gets, pays)) {
    if (left === 0n || offer.seller === taker || claims.length === MAX_OFFERS_CROSSED) break;
    const cost = costOf(offer, offer.amount);
    if (cost <= left) {
      claims.push({ from: offer, sold: offer.amount, bought: cost });
      left -= cost;
      got += offer.amount;
    } else {
      const sold = left * BigInt(offer.priceD) / BigInt(offer.priceN);
      if (sold === 0n) break;
      claims.push({ from: offer, sold, bought: left });
      left = 0n;
      got += sold;
    }
  }
  const book = left === 0n && got > 0n ? { pays, gets, paid: amount, got, claims } : undefined;
  const pool = venues === "all" ? poolFor(world, pays, gets) : undefined;
  if (pool === undefined) return book;
  const [reserveIn, reserveOut] = reserves(pool, pays);
  if (amount * POOL_SHARE_LIMIT > reserveIn) return book;
  const taken = amount * AFTER_FEE;
  const sold = reserveOut * taken / (reserveIn * BASIS_POINTS + taken);
  if (sold === 0n || (book !== undefined && book.got >= sold)) return book;
  const claim = { from: pool, sold, bought: amount };
  return { pays, gets, paid: amount, got: sold, claims: [claim] };
}

/**
 * Moves what the offers and pools of an exchange give and take; what the taker pays and gets is
 * the caller's to move, since of a path only the two ends reach an account.
 */
export function settle(
  world: World,
  changes: EntryChanges,
  events: EventList,
  taker: AccountEntry,
  exchange: Exchange,
): void {
  const { pays, gets } = exchange;
  for (const { from, sold, bought } of exchange.claims) {
    const owner = "seller" in from ? from.seller : from;
    // Stellar-core tells of what the taker gives first.
    events.classic(pays, taker, owner, bought);
    events.classic(gets, owner, taker, sold);
    if ("seller" in from) takeFromOffer(world, changes, from, sold, bought);
    else {
      changes.touch(from);
      if (from.assetA === pays) {
        from.reserveA += bought;
        from.reserveB -= sold;
      } else {
        from.reserveB += bought;
        from.reserveA -= sold;
      }
    }
  }
}

function takeFromOffer(
  world: World,
  changes: EntryChanges,
  offer: OfferEntry,
  sold: bigint,
  bought: bigint,
): void {
  changeLiabilities(changes, offer, -1n);
  debit(changes, offer.seller, offer.selling, sold);
  credit(changes, offer.seller, offer.buying, bought);
  if (sold < offer.amount) {
    changes.touch(offer);
    offer.amount -= sold;
    changeLiabilities(changes, offer, 1n);
  } else detachOffer(world, changes, offer);
}

/** Takes an offer out of book and account; its liabilities must have been released. */
export function detachOffer(world: World, changes: EntryChanges, offer: OfferEntry): void {
  changes.touch(offer.seller);
  offer.seller.subEntries--;
  changes.remove(offer);
  removeFrom(offer.seller.offers, offer);
  removeFrom(offersOf(world, offer.selling, offer.buying), offer);
}

/** Puts an offer into its book behind those of the same or a better price. */
export function insertIntoBook(world: World, offer: OfferEntry): void {
  const offers = offersOf(world, offer.selling, offer.buying);
  let at = offers.length;
  while (at > 0 && priceBelow(offer, offers[at - 1]!)) at--;
  offers.splice(at, 0, offer);
}

function priceBelow(one: OfferEntry, other: OfferEntry): boolean {
  return one.priceN * other.priceD < other.priceN * one.priceD;
}

/** ClaimAtom list of one or several exchanges; which arm it is depends on the protocol. */
export function writeClaims(
  out: XdrWriter,
  exchanges: readonly Exchange[],
  protocol: number,
): void {
  out.word(exchanges.reduce((sum, exchange) => sum + exchange.claims.length, 0));
  for (const { pays, gets, claims } of exchanges) {
    for (const { from, sold, bought } of claims) {
      if (!("seller" in from)) out.word(2).opaque(from.key);
      else if (protocol >= POOL_PROTOCOL) {
        out.word(1);
        writeAccountId(out, from.seller);
        out.hyper(from.id);
      } else out.word(0).opaque(from.seller.key).hyper(from.id);
      out.raw(gets.xdr).hyper(sold).raw(pays.xdr).hyper(bought);
    }
  }
}

function poolFor(world: World, one: Asset, other: Asset): LiquidityPoolEntry | undefined {
  const pool = poolOf(world, one, other);
  return pool === undefined || pool.shares === 0n ? undefined : pool;
}

function reserves(pool: LiquidityPoolEntry, pays: Asset): [bigint, bigint] {
  return pool.assetA === pays ? [pool.reserveA, pool.reserveB] : [pool.reserveB, pool.reserveA];
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

function removeFrom<T>(list: T[], element: T): void {
  list.splice(list.indexOf(element), 1);
}
