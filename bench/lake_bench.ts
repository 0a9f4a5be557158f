/**
 * Ledgers of today's size from batch files to rows: `deno bench -A bench/lake_bench.ts`.
 * One iteration is one ledger of the simulated network with 350 transactions.
 */
import { LedgerIndex, ledgerRow, networkId, TransactionPairing } from "../stellar/mod.ts";
import { decodeBatch, encodeBatch } from "../stellar/lake/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "../stellar/simulated/mod.ts";

const LEDGERS = 6;
const simulator = new LedgerSimulator({ seed: "bench", transactionsPerLedger: 350 });
const ledgers = Array.from({ length: LEDGERS }, () => simulator.next());
const files = ledgers.map((ledger, i) => encodeBatch(2 + i, [ledger]));
const id = networkId(SIMULATED_PASSPHRASE);
const index = new LedgerIndex();
const pairing = new TransactionPairing();

let turn = 0;
/** Goes round the ledgers, so that no branch is learned by heart. */
function next<T>(items: readonly T[]): T {
  turn = (turn + 1) % LEDGERS;
  return items[turn]!;
}

const group = "lake";
Deno.bench({ name: "lake: decode a batch file of one ledger", group, baseline: true }, () => {
  decodeBatch(next(files), { requireZstd: true });
});
Deno.bench({ name: "lake: decode, index and pair one ledger, make its row", group }, () => {
  index.read(decodeBatch(next(files), { requireZstd: true }).ledgers[0]!);
  ledgerRow(index, id, pairing);
});
Deno.bench({ name: "lake: encode a batch file of one ledger", group }, () => {
  turn = (turn + 1) % LEDGERS;
  encodeBatch(2 + turn, [ledgers[turn]!]);
});
