import {
  canReach,
  giveToken,
  isArchived,
  restore,
  takeToken,
  tokenBalance,
} from "./contract_balances.ts";
import type { MuxedId } from "./contract_event.ts";
import type { Party } from "./ledger_entry.ts";
import { actAs, otherUser, share } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import {
  address,
  finishInvocation,
  i128,
  type SorobanContext,
  writeInvocation,
} from "./soroban_call.ts";
import type { TokenContract } from "./world.ts";
import { ScType } from "./sc_value.ts";

/** Ledgers by which a lifetime is extended. */
const EXTEND_TO_LEDGERS = 3_000_000;

/** `transfer` of a SEP-41 token that is no asset's contract. */
export function makeTokenTransfer(op: SorobanContext): boolean {
  const { world, prng } = op, token = prng.pick(world.tokens);
  const to = prng.chance(25) ? prng.pick(world.vaults) : otherUser(op, op.source);
  const balance = tokenBalance(world, token, op.source);
  if (balance <= 0n) return makeTokenMint(op);
  if (!canReach(world, token, op.source, op.ledger) || !canReach(world, token, to, op.ledger)) {
    return false;
  }
  const amount = share(op, balance, 1, 70);
  writeInvocation(op, token, "transfer", [address(op.source), address(to), i128(amount)]);
  takeToken(world, op.changes, token, op.source, amount, op.ledger);
  giveToken(world, op.changes, token, to, amount, op.ledger);
  emit(op, token, "transfer", [op.source, to], amount, drawReceiverId(op));
  finishInvocation(op);
  return true;
}

/** `mint` by the token's admin. */
export function makeTokenMint(op: SorobanContext): boolean {
  const { world, prng } = op, to = prng.pick(world.users);
  let token = prng.pick(world.tokens);
  // This one must always succeed, and entries of the first token live long.
  if (!canReach(world, token, to, op.ledger)) token = world.tokens[0]!;
  const amount = token.unit * BigInt(prng.between(1, 1_000_000)) + BigInt(prng.below(1_000_000));
  actAs(op, token.admin);
  writeInvocation(op, token, "mint", [address(to), i128(amount)]);
  giveToken(world, op.changes, token, to, amount, op.ledger);
  token.supply += amount;
  emit(op, token, "mint", namesAdmin(op, token) ? [token.admin, to] : [to], amount);
  finishInvocation(op);
  return true;
}

/** `burn` of the source's own units, or the admin's `clawback`. */
export function makeTokenBurn(op: SorobanContext): boolean {
  const { world, prng } = op, token = prng.pick(world.tokens);
  const balances = [...world.contractBalances.get(token)?.values() ?? []];
  const held = balances.filter((data) =>
    data.amount > 0n && canReach(world, token, data.holder, op.ledger)
  );
  if (held.length === 0) return false;
  const holder = prng.pick(held).holder, clawback = prng.chance(40);
  const amount = share(op, tokenBalance(world, token, holder), 1, 50);
  if (clawback) actAs(op, token.admin);
  writeInvocation(op, token, clawback ? "clawback" : "burn", [address(holder), i128(amount)]);
  takeToken(world, op.changes, token, holder, amount, op.ledger);
  token.supply -= amount;
  if (clawback) {
    const parties = namesAdmin(op, token) ? [token.admin, holder] : [holder];
    emit(op, token, "clawback", parties, amount);
  } else emit(op, token, "burn", [holder], amount);
  finishInvocation(op);
  return true;
}

/** `approve`, whose event is none of a transfer. */
export function makeTokenApproval(op: SorobanContext): boolean {
  const token = op.prng.pick(op.world.tokens), spender = op.prng.pick(op.world.vaults);
  const amount = token.unit * 5n, expiry = op.ledger + 10_000;
  writeInvocation(op, token, "approve", [
    address(op.source),
    address(spender),
    i128(amount),
    (out) => out.word(ScType.u32).word(expiry),
  ]);
  emit(op, token, "approve", [op.source, spender], amount);
  finishInvocation(op);
  return true;
}

/** Extends the lifetime of a contract's balance entry. */
export function makeExtendLifetime(op: SorobanContext): boolean {
  const { world, prng } = op;
  const balances = [...world.contractBalances.get(prng.pick(world.tokens))!.values()];
  const data = prng.pick(balances);
  if (isArchived(world, data, op.ledger)) return false;
  const lifetime = world.lifetimes.get(data)!;
  const liveUntil = op.ledger + EXTEND_TO_LEDGERS;
  op.changes.touch(lifetime);
  lifetime.liveUntil = liveUntil;
  op.body.word(OperationType.extendFootprintTtl).word(0).word(EXTEND_TO_LEDGERS);
  op.result.word(OperationType.extendFootprintTtl).word(0);
  return true;
}

/** Restores an archived balance entry; where all are alive it changes nothing. */
export function makeRestoreFootprint(op: SorobanContext): boolean {
  const { world, ledger } = op;
  for (const token of world.tokens) {
    const balances = [...world.contractBalances.get(token)!.values()];
    const archived = balances.filter((data) => isArchived(world, data, ledger));
    if (archived.length === 0) continue;
    restore(world, op.changes, op.prng.pick(archived), token.lifetimeLedgers, ledger);
    break;
  }
  op.body.word(OperationType.restoreFootprint).word(0);
  op.result.word(OperationType.restoreFootprint).word(0);
  return true;
}

function emit(
  op: SorobanContext,
  token: TokenContract,
  name: string,
  parties: readonly Party[],
  amount: bigint,
  muxedId?: MuxedId,
): void {
  const assetText = token.pretends;
  op.events.add({ contract: token, name, parties, assetText, amount, muxedId });
}

/** Before CAP-67 every token told its admin; some that were written then still do. */
function namesAdmin(op: SorobanContext, token: TokenContract): boolean {
  return token.namesAdmin || !op.events.unified;
}

/** Any of the kinds of receiver that data of the CAP-67 form may name. */
function drawReceiverId(op: SorobanContext): MuxedId | undefined {
  if (!op.events.unified || !op.prng.chance(30)) return undefined;
  switch (op.prng.below(3)) {
    case 0:
      return { kind: "id", id: op.prng.hyper() };
    case 1:
      return { kind: "text", text: `order ${op.prng.below(100_000)}` };
    default:
      return { kind: "hash", hash: op.prng.bytes(32) };
  }
}
