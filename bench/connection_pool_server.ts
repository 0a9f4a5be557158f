/**
 * The serving side of connection_pool_memory.ts, on all addresses of this machine's loopback. Prints its
 * port, and stops at the end of standard input.
 *
 * @module
 */
import { FlightServer } from "../flight/mod.ts";
import { ledgerDataset } from "../flight/testing/mod.ts";

const server = new FlightServer({ bindAddress: "0.0.0.0", port: 0, datasets: [ledgerDataset] });
console.log((await server.start()).port);
for await (const _ of Deno.stdin.readable);
await server.stop(0);
