/**
 * From a ledger as a lake stores it to a record batch of events, on one thread, and the steps of it. The
 * ledgers are simulated, of the size that pubnet's have today.
 *
 *     deno bench --allow-read bench/ledger_bench.ts
 */
import {
  BalanceVerification,
  LedgerProcessor,
  LedgerTransfers,
} from "../components/ttp-arrow-processor/mod.ts";
import { decodeBatch, encodeBatch } from "../stellar/lake/mod.ts";
import { LedgerIndex, networkId, TransactionPairing } from "../stellar/mod.ts";
import {
  LedgerSimulator,
  MAX_TRANSACTIONS,
  SIMULATED_PASSPHRASE,
} from "../stellar/simulated/mod.ts";

/** Different ledgers, so that neither caches nor branch prediction see the same one over and over. */
const LEDGERS = 4;

const simulator = new LedgerSimulator({
  seed: "bench",
  transactionsPerLedger: Math.min(350, MAX_TRANSACTIONS),
});
const ledgers = Array.from({ length: LEDGERS }, () => simulator.next());
const files = ledgers.map((ledger, i) => encodeBatch(i + 2, [ledger]));

let turn = 0;
const next = <T>(values: readonly T[]): T => values[turn++ % values.length]!;

const index = new LedgerIndex();
Deno.bench("ledger: strict pass over the XDR of 1.3 MB", () => {
  index.read(next(ledgers));
});

const pairing = new TransactionPairing();
const id = networkId(SIMULATED_PASSPHRASE);
const pairedIndex = new LedgerIndex();
pairedIndex.read(ledgers[0]!);
Deno.bench("ledger: pairing of 350 transactions by hash", () => {
  if (pairing.pair(pairedIndex, id) >= 0) throw new Error("a transaction has no envelope");
});

const transfers = new LedgerTransfers(SIMULATED_PASSPHRASE);
Deno.bench("ledger: events by the rules", () => {
  transfers.read(next(ledgers));
});

const verification = new BalanceVerification();
const readTransfers = new LedgerTransfers(SIMULATED_PASSPHRASE);
readTransfers.read(ledgers[0]!);
Deno.bench("ledger: events against balances", () => {
  if (verification.verify(readTransfers).length > 0) throw new Error("the events are not proven");
});

const processor = new LedgerProcessor({ networkPassphrase: SIMULATED_PASSPHRASE });
Deno.bench("ledger: zstd file to ttp_event batch", () => {
  for (const ledger of decodeBatch(next(files)).ledgers) processor.add(ledger);
  processor.flush();
  processor.take();
});
