import { assert, assertEquals, assertRejects } from "@std/assert";
import { FailoverClient } from "./failover_client.ts";
import { FlightClient } from "./flight_client.ts";
import type { FlightBatch, FlightDataset, RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import { FlightServer } from "./flight_server.ts";
import {
  eventDataset,
  exactRows,
  FIRST_LEDGER,
  LAST_LEDGER,
  ledgerDataset,
} from "./testing/mod.ts";

/** Servers of datasets, and a client that fails over from one to the next. */
async function connect(...served: FlightDataset[][]) {
  const servers = served.map((datasets) =>
    new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets })
  );
  const ports = await Promise.all(servers.map((server) => server.start()));
  const endpoints = ports.map(({ port }) => `127.0.0.1:${port}`);
  const moves: string[][] = [];
  const client = new FailoverClient(
    endpoints.map((endpoint) => new FlightClient(endpoint)),
    (left, taken) => moves.push([left, taken]),
  );
  return {
    client,
    endpoints,
    servers,
    moves,
    async [Symbol.asyncDispose]() {
      client.close();
      await Promise.all(servers.map((server) => server.stop(0)));
    },
  };
}

/** The made-up ledgers, of which a stream stops after `count` batches until its server is gone. */
function stallingAfter(count: number): FlightDataset {
  return {
    ...ledgerDataset,
    async *read(request: RangeRequest, signal: AbortSignal): AsyncGenerator<FlightBatch> {
      let sent = 0;
      for await (const flightBatch of ledgerDataset.read(request, signal)) {
        if (sent++ === count) await aborted(signal);
        if (signal.aborted) return;
        yield flightBatch;
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  return promise;
}

const ALL = { dataset: "stellar_ledger", startLedger: FIRST_LEDGER, endLedger: LAST_LEDGER };

/** All rows of the range as the datasets make them. */
async function due(): Promise<string[]> {
  const rows: string[] = [];
  const { signal } = new AbortController();
  for await (const { batch } of ledgerDataset.read(ALL, signal)) rows.push(...exactRows(batch));
  return rows;
}

Deno.test("a server that is killed in the middle of a stream costs no row and doubles none", async () => {
  await using it = await connect([stallingAfter(2)], [ledgerDataset]);
  const rows: string[] = [];
  const ledgers: number[] = [];
  for await (const { batch, metadata } of it.client.doGet(ALL)) {
    rows.push(...exactRows(batch));
    ledgers.push(metadata.first_ledger);
    if (ledgers.length === 2) void it.servers[0]!.stop(0);
  }
  assertEquals(rows, await due());
  assertEquals(ledgers, [100, 105, 110, 115]);
  assertEquals(it.moves, [it.endpoints]);
  // It stays with the second one.
  assertEquals(it.client.endpoint, it.endpoints[1]);
});

Deno.test("several streams that lose the same server all go on at the next one", async () => {
  await using it = await connect([stallingAfter(1)], [ledgerDataset]);
  let begun = 0;
  const read = async () => {
    const rows: string[] = [];
    for await (const { batch } of it.client.doGet(ALL)) {
      rows.push(...exactRows(batch));
      if (++begun === 3) void it.servers[0]!.stop(0);
    }
    return rows;
  };
  const all = await Promise.all([read(), read(), read()]);
  for (const rows of all) assertEquals(rows, await due());
  assertEquals(it.moves, [it.endpoints]);
});

Deno.test("a server that is not there is passed over by every kind of call", async () => {
  await using it = await connect([ledgerDataset], [ledgerDataset]);
  await it.servers[0]!.stop(0);
  assertEquals((await it.client.getFlightInfo(ALL)).lastLedger, LAST_LEDGER);
  assertEquals((await it.client.getSchema("stellar_ledger")).fields.length, 19);
  assertEquals((await Array.fromAsync(it.client.doGet(ALL))).length, 4);
  assertEquals(it.moves, [it.endpoints]);
});

Deno.test("when all servers are gone a call fails as UNAVAILABLE, once each has been tried", async () => {
  await using it = await connect([ledgerDataset], [ledgerDataset]);
  await Promise.all(it.servers.map((server) => server.stop(0)));
  const error = await assertRejects(
    () => Array.fromAsync(it.client.doGet(ALL)),
    FlightError,
  ) as FlightError;
  assertEquals(error.code, "UNAVAILABLE");
  assert(error.message.includes(it.endpoints[1]!), error.message);
});

Deno.test("what is asked wrongly is asked of no other server", async () => {
  await using it = await connect([ledgerDataset], [ledgerDataset]);
  const early = { ...ALL, startLedger: 1 };
  const error = await assertRejects(
    () => Array.fromAsync(it.client.doGet(early)),
    FlightError,
  ) as FlightError;
  assertEquals([error.code, it.moves], ["OUT_OF_RANGE", []]);
});

Deno.test("a stream that breaks off within a ledger fails, and the next call asks the next server", async () => {
  const inParts: FlightDataset = {
    ...eventDataset,
    async *read(request, signal) {
      for await (const { batch, metadata } of eventDataset.read(request, signal)) {
        yield { batch, metadata: { ...metadata, partial: true } };
        throw new FlightError("UNAVAILABLE", "gone");
      }
    },
  };
  await using it = await connect([inParts], [eventDataset]);
  const events = { dataset: "ttp_event", startLedger: 101, endLedger: 103 };
  await assertRejects(() => Array.fromAsync(it.client.doGet(events)), FlightError, "gone");
  const batches = await Array.fromAsync(it.client.doGet(events));
  assertEquals(batches.map(({ metadata }) => metadata.last_ledger), [101, 102, 103]);
});

Deno.test("each server's schema is checked before its first batch, and one that is refused is left", async () => {
  await using it = await connect([stallingAfter(1)], [ledgerDataset]);
  const checked: string[] = [];
  const ledgers: number[] = [];
  await assertRejects(
    async () => {
      const batches = it.client.doGet(ALL, undefined, (_schema, endpoint) => {
        checked.push(endpoint);
        if (checked.length === 2) throw new FlightError("FAILED_PRECONDITION", "another network");
      });
      for await (const { metadata } of batches) {
        ledgers.push(metadata.last_ledger);
        void it.servers[0]!.stop(0);
      }
    },
    FlightError,
    "another network",
  );
  assertEquals([checked, ledgers], [it.endpoints, [104]]);
  assertEquals(it.client.endpoint, it.endpoints[0]);
});

Deno.test("a signal ends a stream without asking another server", async () => {
  await using it = await connect([stallingAfter(1)], [ledgerDataset]);
  const abort = new AbortController();
  await assertRejects(
    async () => {
      for await (const _ of it.client.doGet(ALL, abort.signal)) abort.abort();
    },
    FlightError,
    "cancelled by its caller",
  );
  assertEquals(it.moves, []);
});
