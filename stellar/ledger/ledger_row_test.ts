import { assertEquals, assertThrows } from "@std/assert";
import { networkId } from "../network.ts";
import { LedgerIndex } from "./ledger_index.ts";
import { LedgerError, ledgerRow } from "./ledger_row.ts";

const golden = new URL("../../tests/conformance/golden/", import.meta.url);
const id = networkId("Test SDF Network ; September 2015");

/** A ledger of the corpus that closes at another time. */
async function closingAt(seconds: bigint): Promise<LedgerIndex> {
  const bytes = await Deno.readFile(new URL("meta-v1.xdr", golden));
  const index = new LedgerIndex();
  index.read(bytes);
  // StellarValue begins with the set's hash (32).
  new DataView(bytes.buffer).setBigUint64(index.header.scpValue + 32, seconds);
  index.read(bytes);
  return index;
}

Deno.test("a ledger that closed after the year 9999 is refused by its number, as no text says its time", async () => {
  const last = await closingAt(253_402_300_799n);
  assertEquals(ledgerRow(last, id).closed_at, "9999-12-31T23:59:59Z");
  // The second after; the first one of which Date makes nothing; the largest.
  for (const seconds of [253_402_300_800n, 8_640_000_000_001n, 2n ** 64n - 1n]) {
    const index = await closingAt(seconds);
    const error = assertThrows(
      () => ledgerRow(index, id),
      LedgerError,
      `Ledger ${index.sequence}: its close time`,
    ) as LedgerError;
    assertEquals(error.ledger, index.sequence);
  }
});
