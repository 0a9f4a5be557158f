/**
 * The serving side of history.ts, in a worker: ledgers of 64 KB, eight a batch, each batch after a
 * wait as long as an object store's answer takes.
 *
 * @module
 */
import { type FlightBatch, FlightServer, splitRange } from "../flight/mod.ts";
import { ledgerBatch, ledgerDataset } from "../flight/testing/mod.ts";

const LAST = 1_000_000;
const BATCH_LEDGERS = 8;
const batch = ledgerBatch(1, BATCH_LEDGERS, 64 * 1024);

let waitMs = 0;

const server = new FlightServer({
  bindAddress: "127.0.0.1",
  port: 0,
  datasets: [{
    name: ledgerDataset.name,
    schema: ledgerDataset.schema,
    bounds: () => Promise.resolve({ first: 1, last: LAST }),
    endpoints: (range) => Promise.resolve(splitRange({ startLedger: 1, ...range }, LAST)),
    async *read({ startLedger = 1, endLedger = 1 }): AsyncGenerator<FlightBatch> {
      for (let first = startLedger; first <= endLedger; first += BATCH_LEDGERS) {
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        const last = Math.min(first + BATCH_LEDGERS - 1, endLedger);
        yield { batch, metadata: { first_ledger: first, last_ledger: last, tip: LAST } };
      }
    },
  }],
});

const { port } = await server.start();
const self_ = self as unknown as Worker;
self_.onmessage = ({ data }) => {
  waitMs = data;
  self_.postMessage("set");
};
self_.postMessage(port);
