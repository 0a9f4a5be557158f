import { credit, debit, spendable } from "./balances.ts";
import type { EntryChanges } from "./entry_changes.ts";
import { isAccount, writeLedgerKey } from "./entry_writer.ts";
import { AUTOMATIC_RESTORE_PROTOCOL } from "./protocol_features.ts";
import {
  AccountFlag,
  type Asset,
  type ContractDataEntry,
  EntryType,
  type Party,
  type TtlEntry,
} from "./ledger_entry.ts";
import { sha256 } from "./sha256.ts";
import type { TokenContract, World } from "./world.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** Ledgers that an entry of an asset's contract lives: about four months. */
export const LIFETIME_LEDGERS = 2_073_600;

/** Ledgers from an entry's death to its eviction, which takes a scan of the state to find it. */
const EVICTION_DELAY_LEDGERS = 10;

/** What a token contract keeps the balances of. */
export type Token = Asset | TokenContract;

/** The contract that keeps a token's balances. */
export function contractOf(token: Token): Party {
  return "contract" in token ? token.contract : token;
}

/** How much of a token a party can send. */
export function tokenBalance(world: World, token: Token, holder: Party): bigint {
  if ("contract" in token && isAccount(holder)) return spendable(holder, token);
  return world.contractBalances.get(contractOf(token))?.get(holder)?.amount ?? 0n;
}

/** True when a holder's entry is alive, or comes back by itself when it is used (CAP-66). */
export function canReach(world: World, token: Token, holder: Party, ledger: number): boolean {
  if (world.protocol >= AUTOMATIC_RESTORE_PROTOCOL) return true;
  const data = world.contractBalances.get(contractOf(token))?.get(holder);
  return data === undefined || !isArchived(world, data, ledger);
}

/** True when an entry's lifetime is over. */
export function isArchived(world: World, data: ContractDataEntry, ledger: number): boolean {
  return world.lifetimes.get(data)!.liveUntil < ledger;
}

/** Brings an archived entry back for another lifetime. */
export function restore(
  world: World,
  changes: EntryChanges,
  data: ContractDataEntry,
  lifetimeLedgers: number,
  ledger: number,
): void {
  const lifetime = world.lifetimes.get(data)!;
  if (world.protocol < AUTOMATIC_RESTORE_PROTOCOL) {
    // The entry never left the state: only its lifetime changes.
    changes.touch(lifetime);
    lifetime.liveUntil = ledger + lifetimeLedgers;
    return;
  }
  lifetime.liveUntil = ledger + lifetimeLedgers;
  changes.restore(lifetime, ledger);
  changes.restore(data, ledger);
}

/** Writes the keys of the entries (and lifetimes) that leave the live state with a ledger. */
export function writeEvictedKeys(world: World, ledger: number, out: XdrWriter): void {
  const at = out.length;
  let count = 0;
  out.word(0);
  for (const token of world.protocol >= AUTOMATIC_RESTORE_PROTOCOL ? world.tokens : []) {
    if (token.lifetimeLedgers === LIFETIME_LEDGERS) continue;
    for (const data of world.contractBalances.get(token)!.values()) {
      const lifetime = world.lifetimes.get(data)!;
      if (lifetime.liveUntil + EVICTION_DELAY_LEDGERS !== ledger) continue;
      writeLedgerKey(out, data);
      writeLedgerKey(out, lifetime);
      count += 2;
    }
  }
  out.patchWord(at, count);
}

/** Takes from a holder that has enough. */
export function takeToken(
  world: World,
  changes: EntryChanges,
  token: Token,
  holder: Party,
  amount: bigint,
  ledger: number,
): void {
  if ("contract" in token && isAccount(holder)) debit(changes, holder, token, amount);
  else {
    const data = world.contractBalances.get(contractOf(token))!.get(holder)!;
    use(world, changes, token, data, ledger);
    data.amount -= amount;
  }
}

/** Gives to a holder; a first balance in a contract makes an entry and its lifetime. */
export function giveToken(
  world: World,
  changes: EntryChanges,
  token: Token,
  holder: Party,
  amount: bigint,
  ledger: number,
): void {
  if ("contract" in token && isAccount(holder)) {
    credit(changes, holder, token, amount);
    return;
  }
  const contract = contractOf(token);
  let balances = world.contractBalances.get(contract);
  if (balances === undefined) world.contractBalances.set(contract, balances = new Map());
  let data = balances.get(holder);
  if (data === undefined) {
    data = newContractBalance(token, holder);
    balances.set(holder, data);
    changes.create(data);
    const lifetime = newLifetime(data, ledger + lifetimeOf(token));
    world.lifetimes.set(data, lifetime);
    changes.create(lifetime);
  } else use(world, changes, token, data, ledger);
  data.amount += amount;
}

function use(
  world: World,
  changes: EntryChanges,
  token: Token,
  data: ContractDataEntry,
  ledger: number,
): void {
  if (isArchived(world, data, ledger)) restore(world, changes, data, lifetimeOf(token), ledger);
  changes.touch(data);
}

function lifetimeOf(token: Token): number {
  return "contract" in token ? LIFETIME_LEDGERS : token.lifetimeLedgers;
}

function newContractBalance(token: Token, holder: Party): ContractDataEntry {
  const asset = "contract" in token ? token : undefined;
  return {
    type: EntryType.contractData,
    modified: 0,
    sponsor: undefined,
    contract: contractOf(token),
    holder,
    form: asset === undefined ? "plain" : "sac",
    clawback: ((asset?.issuer?.flags ?? 0) & AccountFlag.clawbackEnabled) !== 0,
    amount: 0n,
  };
}

function newLifetime(data: ContractDataEntry, liveUntil: number): TtlEntry {
  const key = new XdrWriter();
  writeLedgerKey(key, data);
  const hash = sha256(key);
  return { type: EntryType.ttl, modified: 0, sponsor: undefined, key: hash, liveUntil };
}
