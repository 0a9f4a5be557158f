import { assert, assertEquals, assertThrows } from "@std/assert";
import type { xdr } from "@stellar/stellar-sdk";
import { decodeLedger, hex } from "./_ledger_parts.ts";
import { EntryChanges } from "./entry_changes.ts";
import { newAccount } from "./ledger_entry.ts";
import { LedgerSimulator } from "./ledger_simulator.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** A text that an entry and its key have in common. */
function keyOf(data: xdr.LedgerEntryData | xdr.LedgerKey): string {
  switch (data.type) {
    case "account":
      return `account ${hex(data.account.accountId)}`;
    case "trustline":
      return `trustline ${hex(data.trustLine.accountId)} ${hex(data.trustLine.asset)}`;
    case "offer":
      return `offer ${data.offer.offerId}`;
    case "data":
      return `data ${hex(data.data.accountId)} ${data.data.dataName}`;
    case "claimableBalance":
      return `balance ${hex(data.claimableBalance.balanceId)}`;
    case "liquidityPool":
      return `pool ${hex(data.liquidityPool.liquidityPoolId)}`;
    case "contractData":
      return `contract ${hex(data.contractData.contract)} ${hex(data.contractData.key)}`;
    case "ttl":
      return `ttl ${hex(data.ttl.keyHash)}`;
    default:
      throw new Error(`An entry of type ${data.type} is not expected`);
  }
}

for (const protocol of [7, 12, 19, 22, 28]) {
  Deno.test(`entry changes of protocol ${protocol} are true images of before and after`, () => {
    const simulator = new LedgerSimulator({ seed: "images", protocol });
    const known = new Map<string, string>();
    let states = 0, restored = 0;
    for (let i = 0; i < 250; i++) {
      const { changes } = decodeLedger(simulator.next());
      let state: string | undefined;
      for (const change of changes) {
        switch (change.type) {
          case "ledgerEntryState": {
            const key = keyOf(change.state.data), image = hex(change.state);
            // Entries of the genesis are seen for the first time here, as that left them.
            if (known.has(key)) assertEquals(image, known.get(key), key);
            else assertEquals(change.state.lastModifiedLedgerSeq, 1, key);
            state = key;
            states++;
            break;
          }
          case "ledgerEntryUpdated": {
            const key = keyOf(change.updated.data);
            assertEquals(key, state);
            assertEquals(change.updated.lastModifiedLedgerSeq, simulator.sequence);
            known.set(key, hex(change.updated));
            break;
          }
          case "ledgerEntryCreated": {
            const key = keyOf(change.created.data);
            assert(!known.has(key) || known.get(key) === "removed", key);
            assertEquals(change.created.lastModifiedLedgerSeq, simulator.sequence);
            known.set(key, hex(change.created));
            break;
          }
          case "ledgerEntryRemoved":
            assertEquals(keyOf(change.removed), state);
            known.set(state!, "removed");
            break;
          case "ledgerEntryRestored": {
            const key = keyOf(change.restored.data);
            assertEquals(change.restored.lastModifiedLedgerSeq, simulator.sequence);
            known.set(key, hex(change.restored));
            restored++;
            state = key;
            break;
          }
        }
      }
    }
    assert(states > 1000);
    assertEquals(restored > 0, protocol >= 23);
  });
}

Deno.test("an entry that is touched twice has one pair of images", () => {
  const changes = new EntryChanges(28), out = new XdrWriter();
  const account = newAccount(new Uint8Array(32), 5n, 1n);
  changes.touch(account);
  account.balance = 7n;
  changes.touch(account);
  assertEquals(changes.appendTo(out, 9), 2);
  assertEquals(account.modified, 9);
  assert(changes.empty);
});

Deno.test("an entry cannot be made and removed by one operation", () => {
  const changes = new EntryChanges(28);
  const account = newAccount(new Uint8Array(32), 5n, 1n);
  changes.create(account);
  assertThrows(() => changes.remove(account), Error, "made and removed");
});
