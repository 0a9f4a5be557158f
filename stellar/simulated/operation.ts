import { MUXED_PROTOCOL } from "./protocol_features.ts";
import type { EventList, Memo, MuxedId } from "./contract_event.ts";
import type { EntryChanges } from "./entry_changes.ts";
import { writeAccountId } from "./entry_writer.ts";
import type { AccountEntry, Asset } from "./ledger_entry.ts";
import type { Prng } from "./prng.ts";
import type { World } from "./world.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** What one operation is made with: it reads and changes the world and writes its own XDR. */
export interface OperationContext {
  readonly world: World;
  readonly prng: Prng;
  readonly protocol: number;
  /** Ledger that is being closed. */
  readonly ledger: number;
  /** Source, sequence number and memo of the (inner) transaction. */
  readonly transaction: {
    readonly source: AccountEntry;
    /** Muxed id under which the source signs, if any. */
    readonly sourceId: bigint | undefined;
    readonly sequence: bigint;
    readonly memo: Memo;
  };
  /** Position in the transaction, from 0. */
  readonly index: number;
  /** Whose operation it is; a maker that acts for somebody else calls `actAs`. */
  source: AccountEntry;
  /** Muxed id of the operation's source. */
  sourceId: bigint | undefined;
  /** True when the operation names its source itself. */
  named: boolean;
  /** Gets the OperationBody, from its discriminant on. */
  readonly body: XdrWriter;
  /** Gets the OperationResultTr, from its discriminant on. */
  readonly result: XdrWriter;
  readonly changes: EntryChanges;
  readonly events: EventList;
}

/**
 * Makes one successful operation. Answers false, having changed nothing in the world, when the
 * world does not allow it now.
 */
export type OperationMaker = (op: OperationContext) => boolean;

/** MuxedAccount: the account itself, or the id behind it. */
export function writeMuxedAccount(
  out: XdrWriter,
  account: AccountEntry,
  id?: bigint | undefined,
): void {
  if (id === undefined) writeAccountId(out, account);
  else out.word(0x100).hyper(id).opaque(account.key);
}

/** Makes an account the source of the operation. */
export function actAs(op: OperationContext, account: AccountEntry): void {
  op.source = account;
  op.sourceId = drawSourceId(op.prng, op.protocol);
  op.named = true;
}

/** A muxed id for a source, now and then where the protocol has them. */
export function drawSourceId(prng: Prng, protocol: number): bigint | undefined {
  return protocol >= MUXED_PROTOCOL && prng.chance(10) ? BigInt(prng.next()) : undefined;
}

/** A muxed id for a receiver, in a quarter of the cases where the protocol has them. */
export function drawMuxedId(op: OperationContext): bigint | undefined {
  if (op.protocol < MUXED_PROTOCOL || !op.prng.chance(25)) return undefined;
  return op.prng.chance(80) ? BigInt(op.prng.next()) : op.prng.hyper();
}

/** What the event of a receiving account says of the receiver: its muxed id, else the memo. */
export function receiverId(op: OperationContext, muxedId?: bigint): MuxedId | undefined {
  if (muxedId !== undefined) return { kind: "id", id: muxedId };
  const memo = op.transaction.memo;
  if (memo.kind === "none") return undefined;
  return memo.kind === "return" ? { kind: "hash", hash: memo.hash } : memo;
}

/** A user other than `account`. */
export function otherUser(op: OperationContext, account: AccountEntry): AccountEntry {
  const users = op.world.users;
  const at = op.prng.below(users.length);
  return users[at] === account ? users[(at + 1) % users.length]! : users[at]!;
}

/** A random asset that has an issuer. */
export function issuedAsset(op: OperationContext): Asset {
  const assets = op.world.assets;
  return assets[1 + op.prng.below(assets.length - 1)]!;
}

/** `low` to `high` percent of an amount, at least 1. */
export function share(op: OperationContext, amount: bigint, low: number, high: number): bigint {
  const part = amount * BigInt(op.prng.between(low * 100, high * 100)) / 10_000n;
  return part > 0n ? part : 1n;
}
