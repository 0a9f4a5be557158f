import { capacity, credit, debit, spendable } from "./balances.ts";
import { writeAccountId } from "./entry_writer.ts";
import type { AccountEntry, Asset } from "./ledger_entry.ts";
import { amountWorth } from "./market.ts";
import {
  drawMuxedId,
  type OperationContext,
  otherUser,
  receiverId,
  writeMuxedAccount,
} from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import {
  type Exchange,
  quoteForReceived,
  quoteForSent,
  settle,
  writeClaims,
} from "./order_book.ts";

/** Worth of a path payment in lumens, at most. */
const PATH_LUMENS = 400;

/** Routes that are tried before another operation takes the place of a path payment. */
const MAX_ROUTES_TRIED = 6;

/** Delivers an exact amount and pays whatever that costs. */
export function makePathPaymentStrictReceive(op: OperationContext): boolean {
  return tryRoutes(op, deliverExactly);
}

/** Pays an exact amount and delivers whatever that buys. */
export function makePathPaymentStrictSend(op: OperationContext): boolean {
  return tryRoutes(op, payExactly);
}

function tryRoutes(op: OperationContext, attempt: (op: OperationContext) => boolean): boolean {
  for (let tries = 0; tries < MAX_ROUTES_TRIED; tries++) if (attempt(op)) return true;
  return false;
}

function deliverExactly(op: OperationContext): boolean {
  const { path, destination } = drawRoute(op);
  const destinationAsset = path[path.length - 1]!;
  const amount = amountWorth(destinationAsset, op.prng.between(1, PATH_LUMENS));
  const exchanges: Exchange[] = [];
  let needed = amount;
  for (let i = path.length - 1; i > 0; i--) {
    const exchange = quoteForReceived(op.world, op.source, path[i - 1]!, path[i]!, needed);
    if (exchange === undefined || exchange.paid === 0n) return false;
    exchanges.unshift(exchange);
    needed = exchange.paid;
  }
  return send(op, "receive", destination, path, exchanges, needed, amount);
}

function payExactly(op: OperationContext): boolean {
  const { path, destination } = drawRoute(op);
  const paid = amountWorth(path[0]!, op.prng.between(1, PATH_LUMENS));
  const exchanges: Exchange[] = [];
  let amount = paid;
  for (let i = 1; i < path.length; i++) {
    const exchange = quoteForSent(op.world, op.source, path[i - 1]!, path[i]!, amount);
    if (exchange === undefined || exchange.got === 0n) return false;
    exchanges.push(exchange);
    amount = exchange.got;
  }
  return send(op, "send", destination, path, exchanges, paid, amount);
}

function send(
  op: OperationContext,
  strict: "send" | "receive",
  destination: AccountEntry,
  path: readonly Asset[],
  exchanges: readonly Exchange[],
  paid: bigint,
  amount: bigint,
): boolean {
  const sendAsset = path[0]!, destinationAsset = path[path.length - 1]!;
  if (paid > spendable(op.source, sendAsset)) return false;
  if (amount > capacity(destination, destinationAsset)) return false;
  const muxedId = drawMuxedId(op);
  const type = strict === "send"
    ? OperationType.pathPaymentStrictSend
    : OperationType.pathPaymentStrictReceive;
  // The limit of the side that is not exact: a tenth worse than what it came to.
  op.body.word(type).raw(sendAsset.xdr).hyper(strict === "send" ? paid : paid + paid / 10n);
  writeMuxedAccount(op.body, destination, muxedId);
  op.body.raw(destinationAsset.xdr).hyper(strict === "send" ? amount - amount / 10n : amount);
  op.body.word(path.length - 2);
  for (let i = 1; i < path.length - 1; i++) op.body.raw(path[i]!.xdr);
  op.result.word(type).word(0);
  writeClaims(op.result, exchanges, op.protocol);
  writeAccountId(op.result, destination);
  op.result.raw(destinationAsset.xdr).hyper(amount);
  for (const exchange of exchanges) settle(op.world, op.changes, op.events, op.source, exchange);
  debit(op.changes, op.source, sendAsset, paid);
  credit(op.changes, destination, destinationAsset, amount);
  const id = receiverId(op, muxedId);
  op.events.classic(destinationAsset, op.source, destination, amount, id);
  return true;
}

/** Two to four assets, none twice but perhaps the last: a trade in a circle is an arbitrage. */
function drawRoute(op: OperationContext): { path: Asset[]; destination: AccountEntry } {
  const { world, prng } = op;
  const path: Asset[] = [];
  const length = prng.pick([2, 2, 2, 3, 3, 4]);
  while (path.length < length) {
    const asset = prng.pick(world.assets);
    if (!path.includes(asset)) path.push(asset);
  }
  if (length === 4 && prng.chance(50)) path[3] = path[0]!;
  const destination = prng.chance(40) ? op.source : otherUser(op, op.source);
  return { path, destination };
}
