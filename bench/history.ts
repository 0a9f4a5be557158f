/**
 * History over one stream and over several, in turns within one run: 2,048 ledgers of 64 KB from one
 * server and from two, which answer at once or as slowly as an object store does.
 *
 *     deno run --allow-net --allow-env --allow-read bench/history.ts
 */
import { FlightClient, RangeReader } from "../flight/mod.ts";
import { ConnectionPool } from "../flowctl/mod.ts";

const RANGE = { dataset: "stellar_ledger", startLedger: 1, endLedger: 2048 };
const BUFFER_BYTES = 32 * 1024 * 1024;
const ROUNDS = 5;
/** Waits for a batch: none, and that of an object store nearby. */
const WAITS_MS = [0, 10];
/** Servers and streams, the first of which the others are compared with. */
const SETUPS = [[1, 1], [1, 2], [2, 4]] as const;

const workers = [0, 1].map(() =>
  new Worker(new URL("./history_server.ts", import.meta.url), { type: "module" })
);

/** What a worker says next. */
function answer(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
}

const endpoints = (await Promise.all(workers.map(answer))).map((port) => `127.0.0.1:${port}`);

async function read(servers: number, streams: number): Promise<number> {
  await using pool = new ConnectionPool<FlightClient>({
    endpoints: endpoints.slice(0, servers),
    connect: (endpoint) => new FlightClient(endpoint),
    check: (client, signal) => client.checkServing(signal),
    min: 0,
  });
  const reader = new RangeReader({ clients: pool, parallel: streams, bufferBytes: BUFFER_BYTES });
  const since = performance.now();
  let last = 0;
  for await (const { metadata } of reader.doGet(RANGE)) last = metadata.last_ledger;
  if (last !== RANGE.endLedger) throw new Error(`The range ended with ledger ${last}.`);
  return performance.now() - since;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

console.log("wait a batch   servers   streams   ledgers/s   ratio");
for (const waitMs of WAITS_MS) {
  for (const worker of workers) {
    worker.postMessage(waitMs);
    await answer(worker);
  }
  const times = SETUPS.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [servers, streams]] of SETUPS.entries()) {
      times[i]!.push(await read(servers, streams));
    }
  }
  const single = median(times[0]!);
  for (const [i, [servers, streams]] of SETUPS.entries()) {
    const ms = median(times[i]!);
    const perSecond = (RANGE.endLedger / ms * 1000).toFixed(0);
    console.log(
      `${`${waitMs} ms`.padEnd(15)}${String(servers).padEnd(10)}${String(streams).padEnd(10)}` +
        `${perSecond.padEnd(12)}${(single / ms).toFixed(2)}`,
    );
  }
}
for (const worker of workers) worker.terminate();
