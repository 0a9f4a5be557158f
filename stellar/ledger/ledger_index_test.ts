import { assert, assertEquals, assertThrows } from "@std/assert";
import { networkId } from "../network.ts";
import { XdrError } from "../xdr/mod.ts";
import { LedgerIndex } from "./ledger_index.ts";
import { LedgerError, ledgerRow } from "./ledger_row.ts";
import { TransactionPairing } from "./transaction_pairing.ts";

const golden = new URL("../../tests/conformance/golden/", import.meta.url);
interface Case {
  name: string;
  files: { xdr: string; ledger: string };
  passphrase: string;
}
const manifest = JSON.parse(await Deno.readTextFile(new URL("manifest.json", golden))) as {
  cases: Case[];
  bad: { name: string; file: string }[];
};
const cases = manifest.cases.filter(({ name }) => !name.startsWith("real-"));

Deno.test("the index notes the facts that the reference reads, for every ledger of the corpus", async () => {
  const index = new LedgerIndex();
  const pairing = new TransactionPairing();
  let rows = 0;
  for (const { name, files, passphrase } of cases) {
    index.read(await Deno.readFile(new URL(files.xdr, golden)));
    const facts = JSON.parse(await Deno.readTextFile(new URL(files.ledger, golden)));
    assertEquals(index.sequence, facts.sequence, name);
    assertEquals(`v${index.version}`, facts.meta_version, name);
    assertEquals(index.transactionCount, facts.tx_count, name);
    if (facts.operation_count === null) continue; // the reference cannot pair this one
    const row = ledgerRow(index, networkId(passphrase), pairing);
    rows++;
    assertEquals(
      [
        [row.hash, facts.hash],
        [row.previous_hash, facts.previous_hash],
        [row.closed_at, facts.closed_at],
        [row.protocol_version, facts.protocol_version],
        [row.successful_transaction_count, facts.successful_tx_count],
        [row.failed_transaction_count, facts.failed_tx_count],
        [row.operation_count, facts.operation_count],
        [row.soroban_transaction_count, facts.soroban_tx_count],
        [row.total_coins, facts.total_coins],
        [row.fee_pool, facts.fee_pool],
        [row.base_fee, facts.base_fee],
        [row.base_reserve, facts.base_reserve],
        [row.max_tx_set_size, facts.max_tx_set_size],
      ].filter(([ours, theirs]) => ours !== theirs),
      [],
      name,
    );
  }
  assert(rows > 150);
});

Deno.test("the index refuses every broken ledger of the corpus", async () => {
  const index = new LedgerIndex();
  for (const { name, file } of manifest.bad) {
    if (!file.endsWith(".xdr")) continue;
    const bytes = await Deno.readFile(new URL(file, golden));
    assertThrows(() => index.read(bytes), XdrError, undefined, name);
  }
});

Deno.test("a ledger inside a larger buffer is read with positions in that buffer", async () => {
  const bytes = await Deno.readFile(new URL("meta-v1.xdr", golden));
  const padded = new Uint8Array(bytes.length + 24).fill(0xff);
  padded.set(bytes, 8);
  const index = new LedgerIndex();
  index.read(bytes);
  const alone = { hash: index.hashAt, sequence: index.sequence };
  index.read(padded, 8, 8 + bytes.length);
  assertEquals({ hash: index.hashAt - 8, sequence: index.sequence }, alone);
});

Deno.test("a wrong passphrase is named when a ledger's transactions cannot be paired", async () => {
  const index = new LedgerIndex();
  index.read(await Deno.readFile(new URL("meta-v1.xdr", golden)));
  const error = assertThrows(
    () => ledgerRow(index, networkId("Some other network")),
    LedgerError,
    "network passphrase",
  ) as LedgerError;
  assertEquals(error.ledger, index.sequence);
});
