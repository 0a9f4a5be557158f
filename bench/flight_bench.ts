/**
 * Flight DoGet, Deno to Deno over loopback: 32 batches of 4 MiB an iteration, decoded to record
 * batches. MB/s = 134 / seconds an iteration; a run under `deno run` prints it.
 *
 *     deno bench --allow-net --allow-env --allow-read bench/flight_bench.ts
 *     deno run --allow-net --allow-env --allow-read bench/flight_bench.ts
 */
import { FlightClient } from "../flight/mod.ts";

/** 32 × 4 MiB = 128 MiB an iteration. */
const BATCHES = 32;

const worker = new Worker(new URL("./flight_bench_server.ts", import.meta.url), { type: "module" });
const port = await new Promise<number>((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
});
const client = new FlightClient(`127.0.0.1:${port}`);

async function read(): Promise<number> {
  let bytes = 0;
  const request = { dataset: "stellar_ledger", startLedger: 1, endLedger: BATCHES };
  for await (const { batch } of client.doGet(request)) bytes += batch.data.byteLength;
  return bytes;
}

Deno.bench({ name: "flight: DoGet of 128 MiB in 4 MiB batches", n: 5, warmup: 2 }, async () => {
  await read();
});

addEventListener("unload", () => {
  client.close();
  worker.terminate();
});

if (import.meta.main && Deno.args.length === 0) {
  await read();
  for (let run = 0; run < 7; run++) {
    const from = performance.now();
    const bytes = await read();
    console.log(`${(bytes / 1e3 / (performance.now() - from)).toFixed(0)} MB/s`);
  }
  client.close();
  worker.terminate();
}
