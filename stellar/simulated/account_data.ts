import { writeAccountId, writeLedgerKey } from "./entry_writer.ts";
import { type AccountEntry, type DataEntry, EntryType } from "./ledger_entry.ts";
import { actAs, type OperationContext, otherUser } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";

/** Data entries an account keeps at most. */
const MAX_DATA_EACH = 4;

/** Sets, changes or deletes a data entry of the source. */
export function makeManageData(op: OperationContext): boolean {
  const { source, prng } = op;
  const known = [...source.data.values()];
  if (known.length > 0 && (known.length >= MAX_DATA_EACH || prng.chance(40))) {
    const data = prng.pick(known);
    if (prng.chance(50)) deleteData(op, data);
    else {
      op.changes.touch(data);
      data.value = prng.bytes(prng.between(4, 48));
      writeManageData(op, data.name, data.value);
    }
    return true;
  }
  createData(op, undefined);
  return true;
}

/** Begins a sponsorship by the transaction's source; the next two operations belong to it. */
export function makeBeginSponsoring(op: OperationContext): boolean {
  op.body.word(OperationType.beginSponsoringFutureReserves);
  writeAccountId(op.body, sponsoredAccount(op));
  op.result.word(OperationType.beginSponsoringFutureReserves).word(0);
  return true;
}

/** A data entry of the sponsored account, whose reserve the transaction's source pays. */
export function makeSponsoredData(op: OperationContext): boolean {
  const sponsor = op.source;
  actAs(op, sponsoredAccount(op));
  createData(op, sponsor);
  return true;
}

/** The sponsored account ends the sponsorship. */
export function makeEndSponsoring(op: OperationContext): boolean {
  actAs(op, sponsoredAccount(op));
  op.body.word(OperationType.endSponsoringFutureReserves);
  op.result.word(OperationType.endSponsoringFutureReserves).word(0);
  return true;
}

/** A sponsor hands the reserve of a data entry back to the entry's owner. */
export function makeRevokeSponsorship(op: OperationContext): boolean {
  for (let tries = 0; tries < 10; tries++) {
    const owner = op.prng.pick(op.world.users);
    for (const data of owner.data.values()) {
      if (data.sponsor === undefined) continue;
      const sponsor = data.sponsor;
      actAs(op, sponsor);
      op.body.word(OperationType.revokeSponsorship).word(0);
      writeLedgerKey(op.body, data);
      op.result.word(OperationType.revokeSponsorship).word(0);
      op.changes.touch(data);
      data.sponsor = undefined;
      countSponsorship(op, owner, sponsor, -1);
      return true;
    }
  }
  return false;
}

/**
 * The account of a sponsorship follows from transaction and ledger alone, so that all three
 * operations of it name the same one: the user after the transaction's source.
 */
function sponsoredAccount(op: OperationContext): AccountEntry {
  const users = op.world.users, at = users.indexOf(op.transaction.source);
  return at < 0 ? otherUser(op, op.transaction.source) : users[(at + 1) % users.length]!;
}

function createData(op: OperationContext, sponsor: AccountEntry | undefined): void {
  const owner = op.source;
  const name = `data-${op.ledger}-${op.prng.below(1_000_000)}`;
  const value = op.prng.bytes(op.prng.between(4, 48));
  const data: DataEntry = { type: EntryType.data, modified: 0, sponsor, owner, name, value };
  writeManageData(op, name, value);
  op.changes.create(data);
  op.changes.touch(owner);
  owner.subEntries++;
  owner.data.set(name, data);
  if (sponsor !== undefined) countSponsorship(op, owner, sponsor, 1);
}

function deleteData(op: OperationContext, data: DataEntry): void {
  const { owner, sponsor } = data;
  writeManageData(op, data.name, undefined);
  op.changes.remove(data);
  op.changes.touch(owner);
  owner.subEntries--;
  owner.data.delete(data.name);
  if (sponsor !== undefined) countSponsorship(op, owner, sponsor, -1);
}

function countSponsorship(
  op: OperationContext,
  owner: AccountEntry,
  sponsor: AccountEntry,
  by: number,
): void {
  op.changes.touch(owner);
  op.changes.touch(sponsor);
  owner.sponsored += by;
  sponsor.sponsoring += by;
}

function writeManageData(op: OperationContext, name: string, value: Uint8Array | undefined): void {
  op.body.word(OperationType.manageData).ascii(name).flag(value !== undefined);
  if (value !== undefined) op.body.variableOpaque(value);
  op.result.word(OperationType.manageData).word(0);
}
