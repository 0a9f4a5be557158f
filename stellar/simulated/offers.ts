import { capacity, changeLiabilities, credit, debit, spendable } from "./balances.ts";
import { writeOffer } from "./entry_writer.ts";
import { type AccountEntry, type Asset, EntryType, type OfferEntry } from "./ledger_entry.ts";
import { amountWorth, priceOf } from "./market.ts";
import { type OperationContext } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import {
  detachOffer,
  type Exchange,
  insertIntoBook,
  quoteForReceived,
  quoteForSent,
  settle,
  writeClaims,
} from "./order_book.ts";
import { offersOf } from "./world.ts";

/** Offers an account keeps at most: beyond that it changes or deletes one. */
const MAX_OFFERS_EACH = 6;
/** Offers a book keeps at most. */
const MAX_OFFERS_IN_BOOK = 40;
/** A maker asks so many permille above the fair price; a taker accepts up to twice that. */
const MAKER_SPREAD_PERMILLE = 30;

/** Pairs of assets that are tried for one that the source can trade. */
const MAX_PAIRS_TRIED = 6;

/** ManageOfferEffect of the protocol. */
const OFFER_CREATED = 0, OFFER_UPDATED = 1, OFFER_DELETED = 2;

/** Sells: puts an offer into the book, changes or deletes an old one, or takes what others offer. */
export function makeSellOffer(op: OperationContext): boolean {
  const old = op.source.offers.filter((offer) => !offer.passive);
  if (old.length > 0 && (old.length >= MAX_OFFERS_EACH || op.prng.chance(20))) {
    return changeOffer(op, op.prng.pick(old));
  }
  return op.prng.chance(55) ? takeBySelling(op) : postOffer(op, false);
}

/** An offer that never takes another of the same price. */
export function makePassiveOffer(op: OperationContext): boolean {
  return op.source.offers.length < MAX_OFFERS_EACH && postOffer(op, true);
}

/** Buys an exact amount by taking what others offer. */
export function makeBuyOffer(op: OperationContext): boolean {
  const pair = tradablePair(op);
  if (pair === undefined) return false;
  const [selling, buying] = pair;
  const amount = op.prng.amount(1000) * amountWorth(buying, 1) / 10_000_000n + 1n;
  // Offers are matched with offers only; pools serve path payments (CAP-38).
  const exchange = quoteForReceived(op.world, op.source, selling, buying, amount, "book");
  if (exchange === undefined || !affordable(op, exchange)) return false;
  const price = priceOf(buying, selling, 2 * MAKER_SPREAD_PERMILLE);
  op.body.word(OperationType.manageBuyOffer).raw(selling.xdr).raw(buying.xdr).hyper(amount);
  op.body.word(price.n).word(price.d).hyper(0n);
  op.result.word(OperationType.manageBuyOffer).word(0);
  take(op, exchange);
  op.result.word(OFFER_DELETED);
  return true;
}

function takeBySelling(op: OperationContext): boolean {
  const pair = tradablePair(op);
  if (pair === undefined) return false;
  const [selling, buying] = pair;
  const amount = op.prng.amount(1000) * amountWorth(selling, 1) / 10_000_000n + 1n;
  // Offers are matched with offers only; pools serve path payments (CAP-38).
  const exchange = quoteForSent(op.world, op.source, selling, buying, amount, "book");
  if (exchange === undefined || !affordable(op, exchange)) return false;
  const price = priceOf(selling, buying, -2 * MAKER_SPREAD_PERMILLE);
  op.body.word(OperationType.manageSellOffer).raw(selling.xdr).raw(buying.xdr).hyper(amount);
  op.body.word(price.n).word(price.d).hyper(0n);
  op.result.word(OperationType.manageSellOffer).word(0);
  take(op, exchange);
  op.result.word(OFFER_DELETED);
  return true;
}

function take(op: OperationContext, exchange: Exchange): void {
  writeClaims(op.result, [exchange], op.protocol);
  settle(op.world, op.changes, op.events, op.source, exchange);
  debit(op.changes, op.source, exchange.pays, exchange.paid);
  credit(op.changes, op.source, exchange.gets, exchange.got);
}

function postOffer(op: OperationContext, passive: boolean): boolean {
  const { world, prng } = op;
  const selling = prng.pick(world.assets), buying = prng.pick(world.assets);
  if (selling === buying || offersOf(world, selling, buying).length >= MAX_OFFERS_IN_BOOK) {
    return false;
  }
  const amount = amountWorth(selling, prng.between(100, 5_000));
  if (spendable(op.source, selling) < amount + 50_000_000n || capacity(op.source, buying) <= 0n) {
    return false;
  }
  const price = priceOf(selling, buying, prng.between(1, MAKER_SPREAD_PERMILLE));
  op.body.word(passive ? OperationType.createPassiveSellOffer : OperationType.manageSellOffer);
  op.body.raw(selling.xdr).raw(buying.xdr).hyper(amount).word(price.n).word(price.d);
  if (!passive) op.body.hyper(0n);
  const offer = newOffer(op.source, ++world.idPool, { selling, buying, amount, price, passive });
  op.changes.create(offer);
  op.changes.touch(op.source);
  op.source.subEntries++;
  op.source.offers.push(offer);
  insertIntoBook(world, offer);
  changeLiabilities(op.changes, offer, 1n);
  // Stellar-core answers a passive offer in the arm of MANAGE_SELL_OFFER, too.
  op.result.word(OperationType.manageSellOffer).word(0).word(0).word(OFFER_CREATED);
  writeOffer(op.result, offer);
  return true;
}

function changeOffer(op: OperationContext, offer: OfferEntry): boolean {
  const remove = op.prng.chance(60), grown = offer.amount + offer.amount / 10n;
  changeLiabilities(op.changes, offer, -1n);
  const keeps = !remove && spendable(op.source, offer.selling) > grown * 2n;
  op.body.word(OperationType.manageSellOffer).raw(offer.selling.xdr).raw(offer.buying.xdr);
  op.body.hyper(keeps ? grown : 0n).word(offer.priceN).word(offer.priceD).hyper(offer.id);
  op.result.word(OperationType.manageSellOffer).word(0).word(0);
  if (keeps) {
    op.changes.touch(offer);
    offer.amount = grown;
    changeLiabilities(op.changes, offer, 1n);
    op.result.word(OFFER_UPDATED);
    writeOffer(op.result, offer);
  } else {
    detachOffer(op.world, op.changes, offer);
    op.result.word(OFFER_DELETED);
  }
  return true;
}

function newOffer(
  seller: AccountEntry,
  id: bigint,
  terms: {
    selling: Asset;
    buying: Asset;
    amount: bigint;
    price: { n: number; d: number };
    passive: boolean;
  },
): OfferEntry {
  return {
    type: EntryType.offer,
    modified: 0,
    sponsor: undefined,
    seller,
    id,
    selling: terms.selling,
    buying: terms.buying,
    amount: terms.amount,
    priceN: terms.price.n,
    priceD: terms.price.d,
    passive: terms.passive,
  };
}

/** Two assets of which the source has the first and may get the second. */
function tradablePair(op: OperationContext): [Asset, Asset] | undefined {
  for (let tries = 0; tries < MAX_PAIRS_TRIED; tries++) {
    const selling = op.prng.pick(op.world.assets), buying = op.prng.pick(op.world.assets);
    if (selling === buying || offersOf(op.world, buying, selling).length === 0) continue;
    if (spendable(op.source, selling) > 0n && capacity(op.source, buying) > 0n) {
      return [selling, buying];
    }
  }
  return undefined;
}

function affordable(op: OperationContext, exchange: Exchange): boolean {
  return exchange.paid > 0n && exchange.paid <= spendable(op.source, exchange.pays) &&
    exchange.got <= capacity(op.source, exchange.gets);
}

/** An offer of the genesis: in the book, on the account and in the liabilities. */
export function seedOffer(
  op: Pick<OperationContext, "world" | "changes">,
  seller: AccountEntry,
  selling: Asset,
  buying: Asset,
  amount: bigint,
  permille: number,
): void {
  const price = priceOf(selling, buying, permille);
  const terms = { selling, buying, amount, price, passive: false };
  const offer = newOffer(seller, ++op.world.idPool, terms);
  seller.subEntries++;
  seller.offers.push(offer);
  insertIntoBook(op.world, offer);
  changeLiabilities(op.changes, offer, 1n);
  op.changes.create(offer);
}
