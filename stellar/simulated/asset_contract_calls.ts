import { MUXED_TRANSFER_PROTOCOL } from "./protocol_features.ts";
import { capacity, UNLIMITED } from "./balances.ts";
import { contractOf, giveToken, takeToken, tokenBalance } from "./contract_balances.ts";
import { assetEvent, type MuxedId } from "./contract_event.ts";
import { isAccount } from "./entry_writer.ts";
import { AccountFlag, type Asset, type Party } from "./ledger_entry.ts";
import { amountWorth } from "./market.ts";
import { actAs, issuedAsset, otherUser, share } from "./operation.ts";
import { writeScMuxedAddressValue } from "./sc_value.ts";
import {
  address,
  finishInvocation,
  i128,
  type SorobanContext,
  writeInvocation,
} from "./soroban_call.ts";

/** Lumens' worth of one call, at most. */
const CALL_LUMENS = 500;

/** `transfer` of an asset's contract: between accounts, or into a contract. */
export function makeAssetTransfer(op: SorobanContext): boolean {
  const asset = op.prng.pick(op.world.assets);
  const to = op.prng.chance(30) ? op.prng.pick(op.world.vaults) : otherUser(op, op.source);
  if (asset.issuer !== undefined && op.prng.chance(10)) actAs(op, asset.issuer);
  const amount = drawAmount(op, asset, op.source);
  if (amount === undefined || !canHold(asset, to)) return false;
  const muxedId = muxedReceiver(op, to);
  writeInvocation(op, asset.contract, "transfer", [
    address(op.source),
    muxedId === undefined ? address(to) : (out) => writeScMuxedAddressValue(out, to, muxedId.id),
    i128(amount),
  ]);
  move(op, asset, op.source, to, amount, muxedId);
  finishInvocation(op);
  return true;
}

/** `mint` by the asset's issuer. */
export function makeAssetMint(op: SorobanContext): boolean {
  const asset = issuedAsset(op), issuer = asset.issuer!;
  const to = op.prng.chance(30) ? op.prng.pick(op.world.vaults) : op.prng.pick(op.world.users);
  if (!canHold(asset, to)) return false;
  const amount = amountWorth(asset, op.prng.between(1, CALL_LUMENS));
  actAs(op, issuer);
  writeInvocation(op, asset.contract, "mint", [address(to), i128(amount)]);
  takeToken(op.world, op.changes, asset, issuer, amount, op.ledger);
  giveToken(op.world, op.changes, asset, to, amount, op.ledger);
  const parties = op.events.unified ? [to] : [issuer, to];
  const { contract, text } = asset;
  op.events.add({ contract, name: "mint", parties, assetText: text, amount });
  finishInvocation(op);
  return true;
}

/** `burn` of the source's own units. */
export function makeAssetBurn(op: SorobanContext): boolean {
  const asset = issuedAsset(op);
  const amount = drawAmount(op, asset, op.source);
  if (amount === undefined) return false;
  writeInvocation(op, asset.contract, "burn", [address(op.source), i128(amount)]);
  takeToken(op.world, op.changes, asset, op.source, amount, op.ledger);
  asset.supply -= amount;
  const { contract, text } = asset;
  op.events.add({ contract, name: "burn", parties: [op.source], assetText: text, amount });
  finishInvocation(op);
  return true;
}

/** `clawback` by the asset's issuer, from an account or a contract. */
export function makeAssetClawback(op: SorobanContext): boolean {
  const { world, prng } = op;
  const asset = world.assets.find((one) =>
    ((one.issuer?.flags ?? 0) & AccountFlag.clawbackEnabled) !== 0
  );
  if (asset === undefined) return false;
  const from = prng.chance(30) ? prng.pick(world.vaults) : prng.pick(world.users);
  const amount = drawAmount(op, asset, from);
  if (amount === undefined) return false;
  const issuer = asset.issuer!;
  actAs(op, issuer);
  writeInvocation(op, asset.contract, "clawback", [address(from), i128(amount)]);
  takeToken(world, op.changes, asset, from, amount, op.ledger);
  asset.supply -= amount;
  const parties = op.events.unified ? [from] : [issuer, from];
  const { contract, text } = asset;
  op.events.add({ contract, name: "clawback", parties, assetText: text, amount });
  finishInvocation(op);
  return true;
}

/** A call of a contract that pays an asset out of its balance to the source. */
export function makeVaultWithdrawal(op: SorobanContext): boolean {
  const asset = op.prng.pick(op.world.assets), vault = op.prng.pick(op.world.vaults);
  const amount = drawAmount(op, asset, vault);
  if (amount === undefined || !canHold(asset, op.source)) return false;
  writeInvocation(op, vault, "withdraw", [
    address(op.source),
    address(asset.contract),
    i128(amount),
  ]);
  op.contracts.push(asset.contract);
  move(op, asset, vault, op.source, amount);
  finishInvocation(op, amount);
  return true;
}

/** A call of a contract that swaps one asset for another at the fair price: two transfers. */
export function makeVaultSwap(op: SorobanContext): boolean {
  const { world, prng } = op;
  const pays = prng.pick(world.assets), gets = prng.pick(world.assets);
  const vault = prng.pick(world.vaults), lumens = prng.between(1, CALL_LUMENS);
  const paid = amountWorth(pays, lumens), got = amountWorth(gets, lumens);
  if (pays === gets || !canHold(gets, op.source) || !canHold(pays, vault)) return false;
  if (tokenBalance(world, pays, op.source) < paid || tokenBalance(world, gets, vault) < got) {
    return false;
  }
  writeInvocation(op, vault, "swap", [
    address(op.source),
    address(pays.contract),
    address(gets.contract),
    i128(paid),
  ]);
  op.contracts.push(pays.contract, gets.contract);
  move(op, pays, op.source, vault, paid);
  move(op, gets, vault, op.source, got);
  finishInvocation(op, got);
  return true;
}

function move(
  op: SorobanContext,
  asset: Asset,
  from: Party,
  to: Party,
  amount: bigint,
  muxedId?: MuxedId,
): void {
  takeToken(op.world, op.changes, asset, from, amount, op.ledger);
  giveToken(op.world, op.changes, asset, to, amount, op.ledger);
  if (op.events.unified) op.events.add(assetEvent(asset, from, to, amount, muxedId));
  else {
    // Before CAP-67 a transfer stayed a transfer, with the issuer on a side too.
    const contract = contractOf(asset);
    op.events.add({
      contract,
      name: "transfer",
      parties: [from, to],
      assetText: asset.text,
      amount,
    });
  }
}

function drawAmount(op: SorobanContext, asset: Asset, from: Party): bigint | undefined {
  const available = tokenBalance(op.world, asset, from);
  if (available <= 0n) return undefined;
  if (available === UNLIMITED) return amountWorth(asset, op.prng.between(1, CALL_LUMENS));
  const cap = amountWorth(asset, CALL_LUMENS);
  return share(op, available < cap ? available : cap, 1, 60);
}

function canHold(asset: Asset, party: Party): boolean {
  return !isAccount(party) || capacity(party, asset) > 0n;
}

function muxedReceiver(
  op: SorobanContext,
  to: Party,
): Extract<MuxedId, { kind: "id" }> | undefined {
  if (op.protocol < MUXED_TRANSFER_PROTOCOL || !op.events.unified) return undefined;
  if (!isAccount(to) || !op.prng.chance(25)) return undefined;
  return { kind: "id", id: op.prng.hyper() };
}
