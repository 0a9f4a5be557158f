/**
 * The serving side of flight_bench.ts, in a worker so that each side has a core: sends one batch
 * of about 4 MiB as often as a range has ledgers.
 *
 * @module
 */
import { type FlightBatch, FlightServer } from "../flight/mod.ts";
import { ledgerBatch, ledgerDataset } from "../flight/testing/mod.ts";

/** Eight ledgers of half a MiB of XDR each. */
const batch = ledgerBatch(1, 8, 512 * 1024);

const server = new FlightServer({
  bindAddress: "127.0.0.1",
  port: 0,
  datasets: [{
    ...ledgerDataset,
    async *read({ startLedger = 1, endLedger = 1 }): AsyncGenerator<FlightBatch> {
      for (let n = startLedger; n <= endLedger; n++) {
        yield { batch, metadata: { first_ledger: n, last_ledger: n, tip: endLedger } };
      }
    },
  }],
});

const { port } = await server.start();
(self as unknown as Worker).postMessage(port);
