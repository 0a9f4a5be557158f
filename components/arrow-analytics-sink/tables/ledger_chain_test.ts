import { assertEquals, assertRejects } from "@std/assert";
import { MemoryStorage } from "../storage/mod.ts";
import { SAMPLE_NETWORK, sampleBatch, type SampleOptions } from "../testing/mod.ts";
import { CsvWriter, type FormatWriter, JsonWriter, ParquetWriter } from "../writers/mod.ts";
import { AnalyticsStore, type StoreOptions } from "./analytics_store.ts";
import { SequenceError } from "./ledger_sequence.ts";

const parquet = await ParquetWriter.create("zstd");
const OTHER_CHAIN = 0x4000_0000;

async function open(
  storage: MemoryStorage,
  more: Partial<StoreOptions> = {},
): Promise<AnalyticsStore> {
  const store = await AnalyticsStore.open({
    storage,
    path: "out",
    writers: [parquet],
    partitionBy: "none",
    parquetSchema: "native",
    rowsPerFile: 4,
    startLedger: 2,
    endLedger: undefined,
    muxedAddress: () => undefined,
    holder: "pid 1",
    now: () => 1_700_000_000_000,
    ...more,
  });
  store.setIdentity(SAMPLE_NETWORK, "reconstructed");
  return store;
}

const hash = (n: number) => n.toString(16).padStart(64, "0");

/** Tries ledgers that do not fit, then ones that do. */
async function refuses(store: AnalyticsStore, first: number, sample: SampleOptions, last: string) {
  const error = await assertRejects(
    () => store.append(sampleBatch(first, first + 1, sample)),
    SequenceError,
  ) as SequenceError;
  assertEquals(error.code, "CHAIN");
  assertEquals(
    error.message,
    `Ledger ${first} names ${hash(first - 1 + (sample.chain ?? 0))} as the hash of the ledger ` +
      `before it: ledger ${
        first - 1
      } has the hash ${last}. They are of different chains. Use the ` +
      `source that "out" was written from, or another OUTPUT_PATH for this one.`,
  );
  await store.append(sampleBatch(first, first + 1));
  assertEquals(store.next, first + 2);
}

Deno.test("a ledger that does not follow the one before it by hash is refused, and the right one may still come", async () => {
  const store = await open(new MemoryStorage());
  await store.append(sampleBatch(2, 5));
  await refuses(store, 6, { chain: OTHER_CHAIN }, hash(5));
  const inside = sampleBatch(8, 12);
  inside.metadata.ledgers![2]!.previous_hash = hash(77);
  await assertRejects(() => store.append(inside), SequenceError, "Ledger 10 names");
});

const formats: [string, FormatWriter][] = [
  ["Parquet", parquet],
  ["JSON", new JsonWriter("pretty")],
  ["JSON lines", new JsonWriter("jsonl")],
  ["CSV", new CsvWriter(",")],
  ["CSV with a digit between its fields", new CsvWriter("0")],
];
for (const [name, writer] of formats) {
  for (const rowsPerFile of [4, 100]) {
    Deno.test(`ledgers of another chain are not joined to those of an earlier run, in files of ${rowsPerFile} rows of ${name}`, async () => {
      const storage = new MemoryStorage();
      const options = { writers: [writer], rowsPerFile };
      const first = await open(storage, options);
      await first.append(sampleBatch(2, 10));
      await first.close();
      const second = await open(storage, options);
      await refuses(second, 11, { chain: OTHER_CHAIN }, hash(10));
      await second.close();
    });
  }
}

Deno.test("ledgers that a table has already must have the hashes it has when they come again for another", async () => {
  const storage = new MemoryStorage();
  const first = await open(storage);
  await first.append(sampleBatch(2, 10));
  await first.close();
  // The new format begins with the first ledger; ledger 10 comes again and must be the same.
  const writers = [parquet, new JsonWriter("jsonl")];
  const second = await open(storage, { writers });
  assertEquals(second.next, 2);
  await assertRejects(
    () => second.append(sampleBatch(2, 11, { chain: OTHER_CHAIN })),
    SequenceError,
    `Ledger 10 came with the hash ${hash(10 + OTHER_CHAIN)}: it is stored with the hash ${
      hash(10)
    }`,
  );
  await second.append(sampleBatch(2, 11));
  await second.close();
});

Deno.test("ledgers that the source names as missing or in quarantine have no row, and nothing is held against them", async () => {
  const storage = new MemoryStorage();
  const first = await open(storage);
  const batch = sampleBatch(2, 9, { events: (ledger) => [4, 5, 7].includes(ledger) ? 0 : 1 });
  const { metadata } = batch;
  metadata.ledgers = metadata.ledgers!.filter((row) => ![4, 5, 7].includes(row.sequence));
  // A gap's own neighbour may be of any hash, another one may not.
  metadata.ledgers.find((row) => row.sequence === 6)!.previous_hash = hash(99);
  await assertRejects(() => first.append(batch), SequenceError, "none for ledger 4");
  metadata["missing"] = [[4, 5]];
  metadata["quarantined"] = [7];
  await first.append(batch);
  await first.close();
  assertEquals([first.cursor, first.totals.ledgers], [9, 5]);

  // The table's last ledger is absent: the next one has nothing before it.
  const second = await open(storage);
  const absent = sampleBatch(10, 10, { events: () => 0 });
  absent.metadata.ledgers = [];
  absent.metadata["missing"] = [[10, 10]];
  await second.append(absent);
  await second.close();
  const third = await open(storage);
  await third.append(sampleBatch(11, 12, { chain: OTHER_CHAIN }));
  await third.close();
  assertEquals(third.cursor, 12);
});

Deno.test("absent ledgers are known although they are named on an earlier batch of the same range", async () => {
  const store = await open(new MemoryStorage());
  const first = sampleBatch(2, 3);
  first.metadata["missing"] = [[5, 5]];
  await store.append(first);
  const second = sampleBatch(4, 6, { events: (ledger) => ledger === 5 ? 0 : 1 });
  second.metadata.ledgers!.splice(1, 1);
  await store.append(second);
  await store.flush();
  assertEquals([store.cursor, store.totals.ledgers], [6, 4]);
});

Deno.test("ledgers that do not link are stored when the chain is not verified", async () => {
  const store = await open(new MemoryStorage(), { verifyChain: false });
  await store.append(sampleBatch(2, 3));
  await store.append(sampleBatch(4, 5, { chain: OTHER_CHAIN }));
  await store.flush();
  assertEquals(store.cursor, 5);
});
