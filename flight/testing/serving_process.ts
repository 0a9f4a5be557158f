/**
 * A process of its own that serves large batches of made-up ledgers, for tests of what clients do to a
 * server. Prints its port, and stops at the end of standard input.
 *
 * @module
 */
import { FlightServer } from "../flight_server.ts";
import { FIRST_LEDGER, LAST_LEDGER, ledgerBatch, ledgerDataset } from "./made_up_datasets.ts";

/** Batches of 4 MiB and more, several times a connection's window, so that clients leave in the middle. */
const XDR_BYTES = 1_300_000;
const BATCHES = 4;

const batch = ledgerBatch(FIRST_LEDGER, FIRST_LEDGER + 3, XDR_BYTES);
const metadata = { first_ledger: FIRST_LEDGER, last_ledger: FIRST_LEDGER + 3, tip: LAST_LEDGER };
const server = new FlightServer({
  bindAddress: "127.0.0.1",
  port: 0,
  datasets: [{
    ...ledgerDataset,
    async *read() {
      for (let i = 0; i < BATCHES; i++) yield await Promise.resolve({ batch, metadata });
    },
  }],
});
const { port } = await server.start();
console.log(port);
for await (const _ of Deno.stdin.readable);
await server.stop(0);
