/**
 * Made-up datasets for tests of the Flight server, here and in tests/.
 *
 * @module
 */
export { FakeRangeClients, FakeServer } from "./fake_range_clients.ts";
export { ManualClock, settled } from "./manual_clock.ts";
export {
  eventBatch,
  eventDataset,
  exactRows,
  FIRST_LEDGER,
  LAST_LEDGER,
  ledgerBatch,
  ledgerDataset,
  PASSPHRASE,
  rowsOf,
} from "./made_up_datasets.ts";
