import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type EventFilters,
  type FlightBatch,
  FlightError,
  InflightBudget,
  type RangeRequest,
} from "../../flight/mod.ts";
import { LedgerIndex } from "../../stellar/mod.ts";
import type { LedgerEncoding } from "../../arrow/mod.ts";
import { corpusLedgers } from "./_corpus_ledgers.ts";
import { readerOf, serveSource, TestSource } from "./_test_source.ts";
import { EventBatch } from "./event_batch.ts";
import { EventDataset } from "./event_dataset.ts";
import { LedgerProcessor } from "./ledger_processor.ts";
import { LedgerThreads } from "./ledger_threads.ts";
import { ProcessorStats } from "./processor_stats.ts";

const FIRST = 4000000;
const ledgers = (await corpusLedgers(...[0, 1, 2, 3, 4].map((i) => `batch-public-${i}`)))
  .map(({ bytes, passphrase }, i) => ({ sequence: FIRST + i, bytes, passphrase }));
const networkPassphrase = ledgers[0]!.passphrase;

interface Running extends AsyncDisposable {
  readonly dataset: EventDataset;
  readonly source: TestSource;
  readonly stats: ProcessorStats;
  readonly inHand: InflightBudget;
  /** Ledgers, work and time of each batch that is done. */
  readonly done: [number, number, number][];
  /** Consumer and ledgers of each batch that was paced. */
  readonly paced: [string | undefined, number][];
}

/** A dataset over a source of its own, with real threads. */
async function running(source: TestSource): Promise<Running> {
  const { server, endpoint } = await serveSource(source);
  const { reader: upstream, stop } = readerOf(endpoint);
  const mode = "reconstructed" as const;
  const threads = new LedgerThreads(
    { networkPassphrase, mode, filter: {}, batchLedgers: 100, verifyEvents: false },
    2,
  );
  const stats = new ProcessorStats();
  const inHand = new InflightBudget(1e9, { maxLedgers: 1_000, streamPart: 1 });
  const done: [number, number, number][] = [];
  const paced: [string | undefined, number][] = [];
  const dataset = new EventDataset({
    upstream,
    threads,
    empty: new EventBatch(networkPassphrase, mode).finish(),
    networkPassphrase,
    stats,
    jobsPerStream: 3,
    inHand,
    flow: {
      paceOf: (consumer) => ({
        take: (ledgers) => {
          paced.push([consumer, ledgers]);
          return Promise.resolve();
        },
        batchLedgers: (most) => most,
        [Symbol.dispose]: () => {},
      }),
    },
    onDone: (...figures) => void done.push(figures),
  });
  return {
    dataset,
    source,
    stats,
    inHand,
    done,
    paced,
    async [Symbol.asyncDispose]() {
      threads.stop();
      await stop();
      await server.stop(0);
    },
  };
}

function read(dataset: EventDataset, request: Partial<RangeRequest> = {}): Promise<FlightBatch[]> {
  const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: FIRST + 4, ...request };
  return Array.fromAsync(dataset.read(range, new AbortController().signal));
}

function rowsOf(batches: readonly FlightBatch[]): string[] {
  return batches.flatMap(({ batch }) =>
    Array.from(
      batch,
      (row) => JSON.stringify(row.toJSON(), (_, v) => typeof v === "bigint" ? String(v) : v),
    )
  );
}

function expectedRows(): string[] {
  const processor = new LedgerProcessor({ networkPassphrase });
  for (const { bytes } of ledgers) processor.add(bytes);
  processor.flush();
  return rowsOf(processor.take().map(({ batch }) => ({ batch }) as FlightBatch));
}

for (const encoding of ["xdr", "sep54"] satisfies LedgerEncoding[]) {
  Deno.test(`a range's events come in order and cover every ledger (${encoding})`, async () => {
    await using it = await running(new TestSource(ledgers, networkPassphrase, encoding));
    const batches = await read(it.dataset);
    assertEquals(rowsOf(batches), expectedRows());
    const covered = batches.flatMap(({ metadata }) => metadata.ledgers!.map((row) => row.sequence));
    assertEquals(covered, ledgers.map(({ sequence }) => sequence));
    for (const { metadata } of batches) assertEquals(metadata.tip, FIRST + 4);
    assertEquals([it.stats.ledgers, it.stats.activeStreams], [5, 0]);
    assertEquals(it.stats.events, expectedRows().length);
  });
}

Deno.test("a reader is sent its events at its consumer's pace, each ledger counted once", async () => {
  await using it = await running(new TestSource(ledgers, networkPassphrase));
  const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: FIRST + 4 };
  const never = new AbortController().signal;
  const batches = await Array.fromAsync(it.dataset.read(range, never, { consumer: "sink" }));
  assertEquals(it.paced.length, batches.length);
  assert(it.paced.every(([consumer]) => consumer === "sink"));
  assertEquals(it.paced.reduce((sum, [, count]) => sum + count, 0), 5);
});

Deno.test("several readers at once get the same events", async () => {
  await using it = await running(new TestSource(ledgers, networkPassphrase));
  const all = await Promise.all([read(it.dataset), read(it.dataset), read(it.dataset)]);
  for (const batches of all) assertEquals(rowsOf(batches), expectedRows());
});

Deno.test("a ticket's filters narrow one stream and leave the others alone", async () => {
  await using it = await running(new TestSource(ledgers, networkPassphrase));
  const [some, all] = await Promise.all([
    read(it.dataset, { filters: { event_types: ["fee"], max_amount: "100" } }),
    read(it.dataset),
  ]);
  const due = expectedRows().filter((row) => {
    const { event_type, amount } = JSON.parse(row);
    return event_type === "fee" && BigInt(amount) <= 100n;
  });
  assert(due.length > 0);
  assertEquals(rowsOf(some), due);
  assertEquals(rowsOf(all), expectedRows());
});

Deno.test("a filter that cannot be is refused and leaves other streams alone", async () => {
  await using it = await running(new TestSource(ledgers, networkPassphrase));
  const others = read(it.dataset);
  const wrong: EventFilters[] = [
    { event_types: ["nonsense"] },
    { assets: ["not an asset!"] },
    { accounts: ["garbage"] },
  ];
  for (const filters of wrong) {
    const error = await assertRejects(() => read(it.dataset, { filters }), FlightError, "Filter");
    assertEquals((error as FlightError).code, "INVALID_ARGUMENT");
  }
  assertEquals(rowsOf(await others), expectedRows());
  assertEquals(it.stats.lastError, undefined);
});

Deno.test("a ledger that closes at a time no calendar has costs its stream only", async () => {
  const broken = ledgers[1]!.bytes.slice();
  const index = new LedgerIndex();
  index.read(broken);
  new DataView(broken.buffer).setBigUint64(index.header.scpValue + 32, 9_000_000_000_000n);
  const [good, bad] = [ledgers[0]!, { sequence: FIRST + 1, bytes: broken }];
  await using it = await running(new TestSource([good, bad], networkPassphrase));
  const error = await assertRejects(() => read(it.dataset), FlightError, `Ledger ${FIRST + 1}`);
  assertEquals((error as FlightError).code, "DATA_LOSS");
});

Deno.test("a ledger that does not decode is named after the events before it were given", async () => {
  const broken = ledgers.map((ledger) =>
    ledger.sequence === FIRST + 3 ? { ...ledger, bytes: ledger.bytes.slice(0, 500) } : ledger
  );
  await using it = await running(new TestSource(broken, networkPassphrase));
  const seen: number[] = [];
  const error = await assertRejects(
    async () => {
      const range = { dataset: "ttp_event", startLedger: FIRST };
      for await (const batch of it.dataset.read(range, new AbortController().signal)) {
        seen.push(...batch.metadata.ledgers!.map(({ sequence }) => sequence));
      }
    },
    FlightError,
    `Ledger ${FIRST + 3} does not decode`,
  );
  assertEquals((error as FlightError).code, "DATA_LOSS");
  assertEquals(seen, [FIRST, FIRST + 1, FIRST + 2]);
  assertEquals([it.stats.decodeErrors, it.stats.failedStreams], [1, 1]);
});

Deno.test("a ledger out of its place is refused", async () => {
  const swapped = [ledgers[0]!, { ...ledgers[2]!, sequence: FIRST + 1 }];
  await using it = await running(new TestSource(swapped, networkPassphrase));
  await assertRejects(() => read(it.dataset), FlightError, `Ledger ${FIRST + 1} is due`);
});

Deno.test("ledgers that the lake lacks are covered, and named as the source names them", async () => {
  const source = new TestSource([ledgers[0]!, ledgers[1]!, ledgers[3]!], networkPassphrase);
  source.trailing = 2;
  await using it = await running(source);
  const batches = await read(it.dataset);
  assertEquals(
    batches.map(({ metadata }) => [
      metadata.first_ledger,
      metadata.last_ledger,
      metadata.ledgers!.map(({ sequence }) => sequence),
      metadata["missing"],
    ]),
    [
      [FIRST, FIRST + 1, [FIRST, FIRST + 1], undefined],
      [FIRST + 2, FIRST + 3, [FIRST + 3], [[FIRST + 2, FIRST + 2]]],
      [FIRST + 4, FIRST + 5, [], [[FIRST + 4, FIRST + 5]]],
    ],
  );
  assertEquals(batches.at(-1)!.batch.numRows, 0);
});

Deno.test("a source that changes its network is refused", async () => {
  await using it = await running(new TestSource(ledgers, "Some other network"));
  const error = await assertRejects(() => read(it.dataset), FlightError, "Some other network");
  assertEquals((error as FlightError).code, "FAILED_PRECONDITION");
});

Deno.test("the source's error reaches the reader, after the events that came before it", async () => {
  const source = new TestSource(ledgers, networkPassphrase);
  source.after = new FlightError("OUT_OF_RANGE", "There is no ledger 4000005.");
  await using it = await running(source);
  const seen: FlightBatch[] = [];
  const error = await assertRejects(
    async () => {
      const range = { dataset: "ttp_event", startLedger: FIRST };
      for await (const batch of it.dataset.read(range, new AbortController().signal)) {
        seen.push(batch);
      }
    },
    FlightError,
    "no ledger 4000005",
  );
  assertEquals((error as FlightError).code, "OUT_OF_RANGE");
  assertEquals(rowsOf(seen), expectedRows());
});

Deno.test("a reader that leaves at the tip ends the stream up to the source", async () => {
  const source = new TestSource(ledgers, networkPassphrase);
  source.after = "wait";
  await using it = await running(source);
  const range = { dataset: "ttp_event", startLedger: FIRST };
  let ledgersSeen = 0;
  for await (const { metadata } of it.dataset.read(range, new AbortController().signal)) {
    ledgersSeen += metadata.ledgers!.length;
    if (ledgersSeen === ledgers.length) break;
  }
  assertEquals(it.stats.activeStreams, 0);
  // The server hears of it a moment later; a new stream shows that the connection still works.
  source.after = "end";
  assertEquals(rowsOf(await read(it.dataset)), expectedRows());
});

Deno.test("a range is told in sub-ranges of what the source has, with the filters of the request", async () => {
  const source = new TestSource(ledgers, networkPassphrase);
  source.bounds = () => Promise.resolve({ first: 2, last: 700 });
  await using it = await running(source);
  const filters = { assets: ["native"] };
  const asked = await it.dataset.endpoints({
    dataset: "ttp_event",
    startLedger: 300,
    endLedger: 900,
    filters,
  });
  assertEquals(
    asked.map(({ dataset, startLedger, endLedger }) => [dataset, startLedger, endLedger]),
    [["ttp_event", 300, 511], ["ttp_event", 512, 700], ["ttp_event", 701, 900]],
  );
  assertEquals(asked.map((range) => range.filters), [filters, filters, filters]);
});

Deno.test("ledgers are in hand until their events are taken, and then are told as done", async () => {
  await using it = await running(new TestSource(ledgers, networkPassphrase));
  const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: FIRST + 4 };
  const reading = it.dataset.read(range, new AbortController().signal);
  await reading.next();
  assertEquals([it.inHand.ledgers > 0, it.inHand.used > 0], [true, true]);
  for await (const _batch of reading);
  assertEquals([it.inHand.ledgers, it.inHand.used], [0, 0]);
  assertEquals(it.done.reduce((sum, [count]) => sum + count, 0), 5);
  for (const [, workMs, sinceMs] of it.done) assertEquals(workMs > 0 && sinceMs >= workMs, true);
});

Deno.test("a reader that leaves leaves nothing in hand", async () => {
  await using it = await running(new TestSource(ledgers, networkPassphrase));
  const leaving = new AbortController();
  const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: FIRST + 4 };
  for await (const _batch of it.dataset.read(range, leaving.signal)) leaving.abort();
  assertEquals([it.inHand.ledgers, it.inHand.used], [0, 0]);
});
