import { assertEquals, assertRejects } from "@std/assert";
import { stellarLedgerSchema } from "../../arrow/mod.ts";
import { FlightError } from "../../flight/mod.ts";
import { networkId } from "../../stellar/mod.ts";
import { SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { LedgerDataset, type LedgerDatasetOptions } from "./ledger_dataset.ts";
import { Quarantine } from "./quarantine.ts";
import { SourceStats } from "./source_stats.ts";
import { TestLake } from "./_test_lake.ts";

/** The pace of a reader that takes what comes. */
const unpaced = {
  take: () => Promise.resolve(),
  batchLedgers: (most: number) => most,
  [Symbol.dispose]: () => {},
};

const options: LedgerDatasetOptions = {
  flow: { paceOf: () => unpaced },
  schema: stellarLedgerSchema,
  networkId: networkId(SIMULATED_PASSPHRASE),
  batchSize: 100,
  compressed: false,
  verify: "off",
  allowGaps: false,
  startLedger: undefined,
  endLedger: 0,
};
const dataset = "stellar_ledger";

Deno.test("a reader that must wait for a ledger is told of, and ends quietly when it goes away", async () => {
  await using test = await TestLake.create(2, 9);
  const abort = new AbortController();
  const lake = await test.open({
    clock: {
      monotonic: () => 0,
      sleep: () => {
        abort.abort();
        return Promise.reject(abort.signal.reason);
      },
    },
  });
  const waiting: unknown[] = [];
  const stats = new SourceStats();
  const ledgers = new LedgerDataset(
    lake,
    { ...options, onWaiting: (...told) => void waiting.push(told) },
    stats,
  );
  const read = await Array.fromAsync(
    ledgers.read({ dataset, startLedger: 8, endLedger: 500 }, abort.signal),
  );
  assertEquals(read.map(({ metadata }) => metadata.last_ledger), [9]);
  assertEquals(await Array.fromAsync(ledgers.read({ dataset, startLedger: 60 }, abort.signal)), []);
  await Array.fromAsync(ledgers.read({ dataset, startLedger: 3, endLedger: 4 }, abort.signal));
  assertEquals(waiting, [[500, 9], [60, 9]]);
  assertEquals([stats.failedStreams, stats.activeStreams], [0, 0]);
});

Deno.test("an empty lake has bounds to begin with, and no last ledger", async () => {
  await using test = await TestLake.create(2, 1);
  const lake = await test.open();
  const stats = new SourceStats();
  assertEquals(await new LedgerDataset(lake, options, stats).bounds(), {
    first: 2,
    last: undefined,
  });
  const later = new LedgerDataset(lake, { ...options, startLedger: 50 }, stats);
  assertEquals(await later.bounds(), { first: 50, last: undefined });
});

Deno.test("records are counted only where they are all there and none may be missing", async () => {
  await using test = await TestLake.create(5, 20);
  const lake = await test.open();
  const stats = new SourceStats();
  const strict = new LedgerDataset(lake, options, stats);
  const count = (startLedger: number, endLedger?: number) =>
    strict.countRecords({
      dataset,
      startLedger,
      ...(endLedger === undefined ? {} : { endLedger }),
    });
  assertEquals(await strict.bounds(), { first: 5, last: 20, totalRecords: 16 });
  assertEquals(await count(5, 20), 16);
  assertEquals(await count(20, 20), 1);
  assertEquals(await count(4, 20), undefined);
  assertEquals(await count(5, 21), undefined);
  assertEquals(await count(5), undefined);
  const quarantine = new Quarantine(`${test.dir}/quarantine`);
  for (const changed of [{ allowGaps: true }, { quarantine }]) {
    const lenient = new LedgerDataset(lake, { ...options, ...changed }, stats);
    assertEquals(await lenient.bounds(), { first: 5, last: 20 });
    assertEquals(await lenient.countRecords({ dataset, startLedger: 5, endLedger: 20 }), undefined);
  }
});

Deno.test("a default end before the asked start is refused as a reversed range", async () => {
  await using test = await TestLake.create(2, 20);
  const ledgers = new LedgerDataset(
    await test.open(),
    { ...options, endLedger: 10 },
    new SourceStats(),
  );
  const error = await assertRejects(
    () => Array.fromAsync(ledgers.read({ dataset, startLedger: 11 }, new AbortController().signal)),
    FlightError,
    "from ledger 11 to 10 is reversed",
  ) as FlightError;
  assertEquals(error.code, "INVALID_ARGUMENT");
});

Deno.test("a range is told in sub-ranges as far as the lake has it, with the source's own start and end", async () => {
  await using test = await TestLake.create(2, 600);
  const lake = await test.open();
  const asked = async (request: object, own: object = {}) => {
    const ledgers = new LedgerDataset(lake, { ...options, ...own }, new SourceStats());
    const ranges = await ledgers.endpoints({ dataset, ...request });
    return ranges.map((range) => [range.startLedger, range.endLedger]);
  };
  const halves = [[2, 255], [256, 511], [512, 600]];
  assertEquals(await asked({ startLedger: 2, endLedger: 600 }), halves);
  assertEquals(await asked({ endLedger: 9000 }), [...halves, [601, 9000]]);
  assertEquals(await asked({ startLedger: 9, endLedger: 40 }), [[9, 40]]);
  assertEquals(await asked({}), [[2, 0]]);
  assertEquals(await asked({}, { startLedger: 7, endLedger: 30 }), [[7, 30]]);
  assertEquals(await asked({ endLedger: 0 }, { endLedger: 30 }), [[2, 0]]);
});

Deno.test("a reader is sent its ledgers at its consumer's pace, in batches cut for it", async () => {
  await using test = await TestLake.create(2, 11);
  const lake = await test.open();
  const taken: [string, number][] = [];
  let disposed = 0;
  const ledgers = new LedgerDataset(lake, {
    ...options,
    flow: {
      paceOf: (consumer = "nobody") => ({
        take: (count) => {
          taken.push([consumer, count]);
          return Promise.resolve();
        },
        batchLedgers: () => 4,
        [Symbol.dispose]: () => void disposed++,
      }),
    },
  }, new SourceStats());
  const range = { dataset, startLedger: 2, endLedger: 11 };
  const never = new AbortController().signal;
  const read = await Array.fromAsync(ledgers.read(range, never, { consumer: "processor" }));
  assertEquals(read.map(({ batch }) => batch.numRows), [4, 4, 2]);
  assertEquals(taken, [["processor", 4], ["processor", 4], ["processor", 2]]);
  assertEquals(disposed, 1);
});

Deno.test("a reader that leaves while its pace makes it wait ends without an error", async () => {
  await using test = await TestLake.create(2, 5);
  const lake = await test.open();
  const stats = new SourceStats();
  const leaving = new AbortController();
  const ledgers = new LedgerDataset(lake, {
    ...options,
    flow: {
      paceOf: () => ({
        ...unpaced,
        take: (_ledgers, _bytes, signal) =>
          new Promise<void>((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
            leaving.abort(new Error("gone"));
          }),
      }),
    },
  }, stats);
  const read = await Array.fromAsync(ledgers.read({ dataset, startLedger: 2 }, leaving.signal));
  assertEquals([read.length, stats.failedStreams, stats.activeStreams], [0, 0, 0]);
});
