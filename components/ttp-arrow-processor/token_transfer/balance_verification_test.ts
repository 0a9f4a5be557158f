import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  LedgerSimulator,
  metaVersionsOf,
  SIMULATED_PASSPHRASE,
} from "../../../stellar/simulated/mod.ts";
import {
  LedgerEntryChangeType,
  LedgerEntryType,
  TransactionResultCode,
} from "../../../stellar/xdr/mod.ts";
import { corpusLedgers } from "../_corpus_ledgers.ts";
import { AddressKind } from "./address_table.ts";
import { Amount } from "./amount.ts";
import { NO_ASSET } from "./asset_table.ts";
import { type BalanceMismatch, BalanceVerification } from "./balance_verification.ts";
import { EventRows, NO_ADDRESS } from "./event_rows.ts";
import { type EventsMode, LedgerTransfers } from "./ledger_transfers.ts";
import { TokenTransferError } from "./token_transfer_error.ts";

const FIRST_PROTOCOL = 8;
const LAST_PROTOCOL = 28;
/** From here on the simulated network's metadata holds unified events. */
const FIRST_UNIFIED_PROTOCOL = 23;
const LEDGERS_A_PROTOCOL = 12;

for (let protocol = FIRST_PROTOCOL; protocol <= LAST_PROTOCOL; protocol++) {
  Deno.test(`the events of simulated ledgers of protocol ${protocol} are proven`, () => {
    const verification = new BalanceVerification();
    const modes: EventsMode[] = protocol < FIRST_UNIFIED_PROTOCOL
      ? ["reconstructed"]
      : ["reconstructed", "unified"];
    for (const metaVersion of metaVersionsOf(protocol)) {
      const simulator = new LedgerSimulator({
        seed: "proof",
        protocol,
        metaVersion,
        transactionsPerLedger: 20,
      });
      const readers = modes.map((mode) => new LedgerTransfers(simulator.passphrase, mode));
      let events = 0;
      for (let i = 0; i < LEDGERS_A_PROTOCOL; i++) {
        const ledger = simulator.next();
        for (const transfers of readers) {
          transfers.read(ledger);
          events += transfers.context.rows.length;
          assertEquals(verification.verify(transfers), [], `ledger ${simulator.sequence}`);
        }
      }
      assert(events > 100, `${events} events prove little`);
    }
  });
}

Deno.test("a planted wrong event is found: its amount, its holder, one missing, one too many", () => {
  const simulator = new LedgerSimulator({ seed: "planted", transactionsPerLedger: 12 });
  const transfers = new LedgerTransfers(simulator.passphrase);
  const verification = new BalanceVerification();
  const planted = { amount: 0, holder: 0, missing: 0, extra: 0 };
  for (let i = 0; i < 6; i++) {
    transfers.read(simulator.next());
    const right = copyOf(transfers.context.rows);
    for (let row = 0; row < right.length; row++) {
      if (!movesABalance(transfers, right, row)) continue;
      for (const fault of ["amount", "holder", "missing", "extra"] as const) {
        plant(transfers, right, row, fault);
        const mismatches = verification.verify(transfers);
        assert(mismatches.length > 0, `${fault} of event ${row} of ledger ${simulator.sequence}`);
        for (const { transactionIndex } of mismatches) {
          assertEquals(transactionIndex, right.transaction(row) + 1);
        }
        if (fault === "amount") assertEquals([...new Set(mismatches.map(distance))], [1n]);
        planted[fault]++;
      }
    }
    restore(transfers.context.rows, right);
    assertEquals(verification.verify(transfers), []);
  }
  assert(planted.missing > 100, JSON.stringify(planted));
});

Deno.test("a mismatch tells transaction, holder, asset and both amounts", () => {
  const simulator = new LedgerSimulator({ seed: "told", transactionsPerLedger: 3 });
  const transfers = new LedgerTransfers(simulator.passphrase);
  transfers.read(simulator.next());
  const { context, index } = transfers;
  const right = copyOf(context.rows);
  plant(transfers, right, 0, "missing"); // the fee of the first transaction
  const fee = right.readAmount(0, new Amount()).toBigInt();
  const payer = right.from(0);
  const { addresses } = context;
  const hashAt = index.results.hash.data[0]!;
  const [found, ...others] = new BalanceVerification().verify(transfers);
  assertEquals(others, []);
  assertEquals(
    { ...found!, byEvents: BigInt(found!.byEvents) - BigInt(found!.byChanges), byChanges: "" },
    {
      transactionIndex: 1,
      transactionHash: index.bytes.subarray(hashAt, hashAt + 32).toHex(),
      holder: new TextDecoder().decode(
        addresses.text.subarray(addresses.textStart(payer), addresses.textEnd(payer)),
      ),
      asset: "native",
      byEvents: fee,
      byChanges: "",
    },
  );
});

Deno.test("TransactionMeta v0 proves nothing, and says so", async () => {
  const [ledger] = await corpusLedgers("meta-v0");
  const transfers = new LedgerTransfers(ledger!.passphrase);
  transfers.read(ledger!.bytes);
  const verify = () => new BalanceVerification().verify(transfers);
  assertThrows(verify, TokenTransferError, "TransactionMeta v0");
});

Deno.test("changes of the transaction before its operations count, in every version of the meta", () => {
  for (const [protocol, metaVersion] of [[11, 1], [12, 2], [22, 3], [25, 4]] as const) {
    const ledger = simulatedLedger(protocol, metaVersion);
    const transfers = new LedgerTransfers(SIMULATED_PASSPHRASE);
    transfers.read(ledger);
    const { results } = transfers.index;
    let checked = 0;
    for (let t = 0; t < results.length; t++) {
      const list = results.changesBefore.data[t]!;
      if (!startsWithAccountState(transfers, list)) continue;
      const bytes = ledger.slice();
      const balance = list + STATE_BALANCE_OFFSET;
      const view = new DataView(bytes.buffer);
      view.setBigInt64(balance, view.getBigInt64(balance) + 5n);
      transfers.read(bytes);
      const [found, ...others] = new BalanceVerification().verify(transfers);
      assertEquals(others, []);
      assertEquals(found!.transactionIndex, t + 1);
      assertEquals(BigInt(found!.byChanges), BigInt(found!.byEvents) - 5n);
      checked++;
      transfers.read(ledger);
    }
    assert(checked > 0, `protocol ${protocol}`);
  }
});

Deno.test("an internal error's changes count from protocol 13 on; before that they were undone", () => {
  const found = [12, 13].map((protocol) => {
    const ledger = simulatedLedger(protocol, 2);
    const transfers = new LedgerTransfers(SIMULATED_PASSPHRASE);
    transfers.read(ledger);
    const { results, view } = transfers.index;
    let mismatches = 0;
    let changed = 0;
    for (let t = 0; t < results.length; t++) {
      const code = results.feeCharged.data[t]! + 8;
      if (view.getInt32(code) !== TransactionResultCode.txSuccess) continue;
      const rest = results.feeChanges.data[t]! - 4; // the result's extension
      const bytes = new Uint8Array(code + 4 + ledger.length - rest);
      bytes.set(ledger.subarray(0, code));
      new DataView(bytes.buffer).setInt32(code, TransactionResultCode.txInternalError);
      bytes.set(ledger.subarray(rest), code + 4);
      const broken = new LedgerTransfers(SIMULATED_PASSPHRASE);
      broken.read(bytes);
      mismatches += new BalanceVerification().verify(broken).length;
      changed++;
    }
    assert(changed > 3, `${changed} transactions of protocol ${protocol}`);
    return mismatches;
  });
  assertEquals(found[0], 0);
  assert(found[1]! > 0);
});

Deno.test("an entry that is updated without its state before refuses the ledger", () => {
  const ledger = simulatedLedger(22, 3);
  const transfers = new LedgerTransfers(SIMULATED_PASSPHRASE);
  transfers.read(ledger);
  const list = transfers.index.results.changesBefore.data[0]!;
  assert(startsWithAccountState(transfers, list));
  const bytes = ledger.slice();
  new DataView(bytes.buffer).setInt32(list + 4, LedgerEntryChangeType.created);
  transfers.read(bytes);
  const verify = () => new BalanceVerification().verify(transfers);
  assertThrows(verify, TokenTransferError, "lacks the STATE before it");
});

/**
 * Where the balance is in a list of changes that starts with the STATE of an account: count, type,
 * lastModifiedLedgerSeq, entry type, accountID(4 + 32), balance.
 */
const STATE_BALANCE_OFFSET = 52;

function simulatedLedger(protocol: number, metaVersion: number): Uint8Array {
  const options = { seed: "parts", protocol, metaVersion, transactionsPerLedger: 20 };
  return new LedgerSimulator(options).next();
}

function startsWithAccountState({ index: { view } }: LedgerTransfers, list: number): boolean {
  return view.getUint32(list) > 0 && view.getInt32(list + 4) === LedgerEntryChangeType.state &&
    view.getInt32(list + 12) === LedgerEntryType.account;
}

type Fault = "amount" | "holder" | "missing" | "extra";

/** Whether an event says that a balance changes which a ledger entry holds. */
function movesABalance({ context }: LedgerTransfers, rows: EventRows, row: number): boolean {
  const [from, to] = [rows.from(row), rows.to(row)];
  if (rows.asset(row) === NO_ASSET || from === to) return false;
  if (rows.readAmount(row, new Amount()).isZero) return false;
  return [from, to].some((address) =>
    address !== NO_ADDRESS && context.addresses.kind(address) !== AddressKind.contract
  );
}

/** Makes the events those of `right` with one fault. */
function plant(transfers: LedgerTransfers, right: EventRows, at: number, fault: Fault): void {
  const { rows, addresses } = transfers.context;
  rows.clear();
  for (let row = 0; row < right.length; row++) {
    if (row !== at) {
      rows.copy(right, row);
      continue;
    }
    const [type, from, to] = [right.type(row), right.from(row), right.to(row)];
    if (fault === "extra") {
      rows.copy(right, row);
      rows.copy(right, row);
    } else if (fault === "amount") {
      const amount = right.readAmount(row, new Amount()).add(new Amount().setWords(0, 0, 0, 1));
      const [transaction, operation] = [right.transaction(row), right.operation(row)];
      const [asset, contract] = [right.asset(row), right.contract(row)];
      rows.add(type, transaction, operation, asset, contract, from, to, amount);
    } else if (fault === "holder") {
      let other = 0;
      while (
        other === from || other === to || addresses.kind(other) !== AddressKind.account
      ) other++;
      rows.copy(right, row);
      if (from === NO_ADDRESS) rows.setTypeAndSides(rows.length - 1, type, from, other);
      else rows.setTypeAndSides(rows.length - 1, type, other, to);
    }
  }
}

function copyOf(rows: EventRows): EventRows {
  const copy = new EventRows();
  restore(copy, rows);
  return copy;
}

function restore(rows: EventRows, from: EventRows): void {
  rows.clear();
  for (let row = 0; row < from.length; row++) rows.copy(from, row);
}

function distance({ byEvents, byChanges }: BalanceMismatch): bigint {
  const difference = BigInt(byEvents) - BigInt(byChanges);
  return difference < 0n ? -difference : difference;
}
