import { assertEquals, assertThrows } from "@std/assert";
import { ArrowError, stellarLedgerSchema } from "../../arrow/mod.ts";
import { LedgerIndex, networkId } from "../../stellar/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { LedgerRows } from "./ledger_rows.ts";

Deno.test("a ledger of which no row can be made leaves the rows before it as they were", () => {
  const rows = new LedgerRows(stellarLedgerSchema, networkId(SIMULATED_PASSPHRASE));
  const simulator = new LedgerSimulator({ seed: "rows", transactionsPerLedger: 1 });
  const index = new LedgerIndex();
  for (const sequence of [2, 3]) {
    const ledger = simulator.next();
    index.read(ledger);
    assertEquals(index.sequence, sequence);
    // Longer than any column: its bytes are never looked at.
    const endless = { length: 2 ** 31 } as Uint8Array;
    assertThrows(() => rows.append(index, endless, "xdr"), ArrowError);
    rows.append(index, ledger, "xdr");
  }
  const batch = rows.finish();
  assertEquals([...batch.getChild("sequence")!], [2, 3]);
  assertEquals([...batch.getChild("ledger_xdr_encoding")!], ["xdr", "xdr"]);
});
