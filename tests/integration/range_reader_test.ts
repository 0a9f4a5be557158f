import { assert, assertEquals } from "@std/assert";
import {
  type FlightBatch,
  FlightClient,
  type FlightDataset,
  FlightServer,
  RangeReader,
  splitRange,
} from "../../flight/mod.ts";
import { exactRows, ledgerBatch, ledgerDataset } from "../../flight/testing/mod.ts";
import { ConnectionPool } from "../../flowctl/mod.ts";
import { eventually } from "../e2e/patience.ts";
import { TcpRelay } from "./tcp_relay.ts";

const FIRST = 2;
const LAST = 1500;
const BATCH = 10;
const ALL = { dataset: "stellar_ledger", startLedger: FIRST, endLedger: LAST };
/** In which the work of a server that has failed must go on elsewhere. */
const FAILOVER_MS = 5_000;

/** A server of made-up ledgers behind a relay, and what it does. */
class Source implements AsyncDisposable {
  last = LAST;
  /** Ledgers that its streams have given. */
  given = 0;
  /** Waits before each batch. */
  before: (first: number) => Promise<void> | void = () => {};
  readonly #server: FlightServer;
  #relay: TcpRelay | undefined;

  constructor() {
    this.#server = new FlightServer({
      bindAddress: "127.0.0.1",
      port: 0,
      datasets: [this.#dataset()],
    });
  }

  get relay(): TcpRelay {
    return this.#relay!;
  }

  async start(): Promise<this> {
    const { port } = await this.#server.start();
    this.#relay = new TcpRelay(port);
    return this;
  }

  stop(): Promise<void> {
    return this.#server.stop(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#relay?.[Symbol.asyncDispose]();
    await this.stop();
  }

  #dataset(): FlightDataset {
    return {
      name: ledgerDataset.name,
      schema: ledgerDataset.schema,
      bounds: () => Promise.resolve({ first: FIRST, last: this.last }),
      endpoints: (request) =>
        Promise.resolve(
          splitRange({ ...request, startLedger: request.startLedger ?? FIRST }, this.last),
        ),
      read: (request, signal) => this.#read(request.startLedger!, request.endLedger, signal),
    };
  }

  async *#read(
    start: number,
    end: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<FlightBatch> {
    for (let first = start; first <= (end || Infinity);) {
      await this.before(first);
      await eventually("the next ledger", () => signal.aborted || this.last >= first);
      if (signal.aborted) return;
      const last = Math.min(first + BATCH - 1, end || Infinity, this.last);
      this.given += last - first + 1;
      const metadata = { first_ledger: first, last_ledger: last, tip: this.last };
      yield { batch: ledgerBatch(first, last, 2_000), metadata };
      first = last + 1;
    }
  }
}

/** A reader over a pool of connections to the sources. */
function reading(...sources: readonly Source[]) {
  const moves: string[][] = [];
  const pool = new ConnectionPool<FlightClient>({
    endpoints: sources.map(({ relay }) => relay.endpoint),
    connect: (endpoint) => new FlightClient(endpoint),
    check: (client, signal) => client.checkServing(signal),
    min: 0,
  });
  const reader = new RangeReader({
    clients: pool,
    parallel: 4,
    bufferBytes: 1_000_000,
    onMove: (left, taken) => moves.push([left, taken]),
  });
  return { pool, reader, moves };
}

/** Reads to the end; tells how long the longest wait for a batch was. */
async function readAll(
  reader: RangeReader,
  onBatch: (batches: number) => void = () => {},
): Promise<{ rows: string[]; longestMs: number }> {
  const rows: string[] = [];
  let longestMs = 0;
  let batches = 0;
  let since = performance.now();
  for await (const { batch } of reader.doGet(ALL)) {
    longestMs = Math.max(longestMs, performance.now() - since);
    rows.push(...exactRows(batch));
    onBatch(++batches);
    since = performance.now();
  }
  return { rows, longestMs };
}

const due = exactRows(ledgerBatch(FIRST, LAST, 2_000));

Deno.test("a primary that is killed while a history is read costs no row, and the backup goes on within 5 s", async () => {
  await using primary = await new Source().start();
  await using backup = await new Source().start();
  const { pool, reader, moves } = reading(primary, backup);
  let stopped: Promise<void> | undefined;
  const { rows, longestMs } = await readAll(reader, (batches) => {
    if (batches === 20) stopped = primary.stop();
  });
  await stopped;
  assertEquals(rows, due);
  assert(longestMs < FAILOVER_MS, `${longestMs} ms`);
  assertEquals(moves.at(-1), [primary.relay.endpoint, backup.relay.endpoint]);
  await pool.stop();
});

Deno.test("a primary from which nothing comes any more is given up within 5 s, its connection open", async () => {
  await using primary = await new Source().start();
  await using backup = await new Source().start();
  const { pool, reader } = reading(primary, backup);
  const { rows, longestMs } = await readAll(reader, (batches) => {
    if (batches === 20) primary.relay.pause();
  });
  assertEquals(rows, due);
  assert(longestMs < FAILOVER_MS, `${longestMs} ms`);
  assert(primary.relay.open > 0, "the connection was closed");
  primary.relay.resume();
  await pool.stop();
});

Deno.test("a primary that falls silent at the tip is given up once the backup has a newer ledger", async () => {
  await using primary = await new Source().start();
  await using backup = await new Source().start();
  const { pool, reader, moves } = reading(primary, backup);
  const abort = new AbortController();
  const range = { dataset: "stellar_ledger", startLedger: LAST - 9 };
  const batches = reader.doGet(range, abort.signal);
  assertEquals((await batches.next()).value?.metadata.last_ledger, LAST);
  primary.relay.pause();
  primary.last = backup.last = LAST + 1;
  const since = performance.now();
  const { value } = await batches.next();
  assertEquals(value?.metadata.last_ledger, LAST + 1);
  assert(performance.now() - since < FAILOVER_MS, `${performance.now() - since} ms`);
  assertEquals(moves, [[primary.relay.endpoint, backup.relay.endpoint]]);
  primary.relay.resume();
  await batches.return();
  await pool.stop();
});

Deno.test("of two sources the slow one does not stall the other, and does little of the work", async () => {
  await using slow = await new Source().start();
  await using fast = await new Source().start();
  slow.before = () => new Promise((resolve) => setTimeout(resolve, 400));
  const { pool, reader } = reading(slow, fast);
  const { rows } = await readAll(reader);
  assertEquals(rows, due);
  assert(slow.given < LAST / 5, `the slow one gave ${slow.given} of ${LAST} ledgers`);
  await pool.stop();
});
