import { assert, assertEquals, assertRejects } from "@std/assert";
import { DenoStorage, MemoryStorage, type Storage } from "../storage/mod.ts";
import { CsvWriter, JsonWriter, OutputFileError, ParquetWriter } from "../writers/mod.ts";
import { appendArrow, RowBatch, TTP_EVENT_FIELDS } from "../rows/mod.ts";
import { RecordBatchReader } from "apache-arrow";
import { loadParquetWasm } from "../writers/mod.ts";
import { IdentityError, LogError } from "../delta/mod.ts";
import { AnalyticsStore, StoreError, type StoreOptions } from "./analytics_store.ts";
import { SequenceError } from "./ledger_sequence.ts";
import { SAMPLE_NETWORK, sampleBatch, type SampleOptions } from "../testing/mod.ts";

const PATH = "out";
const parquet = await ParquetWriter.create("zstd");

function options(storage: Storage, more: Partial<StoreOptions> = {}): StoreOptions {
  return {
    storage,
    path: PATH,
    writers: [parquet],
    partitionBy: "none",
    parquetSchema: "native",
    rowsPerFile: 20,
    startLedger: 2,
    endLedger: undefined,
    muxedAddress: () => undefined,
    holder: "pid 1",
    now: () => 1_700_000_000_000,
    ...more,
  };
}

async function open(storage: Storage, more: Partial<StoreOptions> = {}): Promise<AnalyticsStore> {
  const store = await AnalyticsStore.open(options(storage, more));
  store.setIdentity(SAMPLE_NETWORK, "reconstructed");
  return store;
}

/** Sends ledgers from where the store is up to `last`, `step` at a time. */
async function feed(
  store: AnalyticsStore,
  last: number,
  step = 1,
  flush: (ledger: number) => boolean = () => false,
  sample: SampleOptions = {},
): Promise<void> {
  for (let at = store.next ?? 2; at <= last; at += step) {
    const to = Math.min(at + step - 1, last);
    await store.append(sampleBatch(at, to, sample));
    if (flush(to)) await store.flush();
  }
}

/** Every data file with its SHA-256; the logs carry times and are left out. */
async function dataFiles(storage: MemoryStorage): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of storage.paths()) {
    if (path.includes("_log/") || path.includes(".tmp")) continue;
    const digest = await crypto.subtle.digest(
      "SHA-256",
      await storage.read(path) as Uint8Array<ArrayBuffer>,
    );
    files[path] = new Uint8Array(digest).toHex();
  }
  return files;
}

/** Live data files as the logs name them. */
async function liveFiles(storage: MemoryStorage, store: AnalyticsStore) {
  const all = await dataFiles(storage);
  const live: Record<string, string> = {};
  for (const table of [...store.eventTables, ...store.ledgerTables]) {
    for (const path of table.log.snapshot.files.keys()) {
      const name = `${table.options.folder}/${decodeURIComponent(path)}`;
      live[name] = all[name] ?? "missing";
    }
  }
  return live;
}

/** event_ids of the committed Parquet rows, in order of their files. */
async function eventIds(storage: MemoryStorage, store: AnalyticsStore): Promise<string[]> {
  const wasm = await loadParquetWasm();
  const rows = new RowBatch(TTP_EVENT_FIELDS);
  const table = store.eventTables[0]!;
  for (const path of [...table.log.snapshot.files.keys()].sort()) {
    const file = await storage.read(`${table.options.folder}/${decodeURIComponent(path)}`);
    for (const batch of RecordBatchReader.from(wasm.readParquet(file).intoIPCStream())) {
      appendArrow(rows, batch);
    }
  }
  return Array.from({ length: rows.rows }, (_, i) => rows.text("event_id").textAt(i));
}

function expectedIds(first: number, last: number): string[] {
  const ids: string[] = [];
  for (let ledger = first; ledger <= last; ledger++) {
    for (let i = 1; i <= 3; i++) {
      ids.push(`${String(ledger).padStart(10, "0")}-${String(i).padStart(7, "0")}-00001-00000`);
    }
  }
  return ids;
}

Deno.test("files close at the first ledger with enough rows, wherever batches and flushes fall", async () => {
  const quiet = new MemoryStorage();
  const first = await open(quiet, { endLedger: 60 });
  await feed(first, 60, 100);
  const files = await liveFiles(quiet, first);
  const eventFiles = Object.keys(files).filter((name) => name.startsWith("out/ttp_event"));
  assertEquals(eventFiles.slice(0, 2), [
    "out/ttp_event/0000000002-0000000008.parquet",
    "out/ttp_event/0000000009-0000000015.parquet",
  ]);
  assertEquals(await eventIds(quiet, first), expectedIds(2, 60));

  for (const every of [1, 2, 5]) {
    const restless = new MemoryStorage();
    let store = await open(restless, { endLedger: 60 });
    for (let last = 10; last <= 60; last += 10) {
      await feed(store, last, 3, (ledger) => ledger % every === 0);
      await store.close();
      restless.kill();
      store = await open(restless, { endLedger: 60 });
    }
    assertEquals(await liveFiles(restless, store), files, `flushed every ${every}`);
  }
});

Deno.test("small files of the tip are merged once there are many, and go when they are closed", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage, { rowsPerFile: 1000 });
  await feed(store, 40, 1, () => true);
  const table = store.eventTables[0]!;
  assert(table.totals.files < 32, `${table.totals.files} files`);
  assertEquals(table.totals.rows, 39 * 3);
  assertEquals(await eventIds(storage, store), expectedIds(2, 40));
});

Deno.test("ledgers without rows move the cursor by a commit that has only a txn", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await feed(store, 3, 1);
  await store.flush();
  await feed(store, 9, 2, () => true, { events: () => 0 });
  const table = store.eventTables[0]!;
  assertEquals(table.cursor, 9);
  const log = new TextDecoder().decode(
    await storage.read(`out/ttp_event/_delta_log/${String(2).padStart(20, "0")}.json`),
  );
  assertEquals(log.trim().split("\n").map((line) => Object.keys(JSON.parse(line))[0]), ["txn"]);
  assertEquals(store.totals.ledgers, 8);
});

Deno.test("the log beats START_LEDGER, and each table skips what it has", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage, { rowsPerFile: 9 });
  await feed(store, 13); // the event table commits at 4, 7, 10 and 13, the ledger table at 10
  assertEquals(store.eventTables[0]!.cursor, 13);
  assertEquals(store.ledgerTables[0]!.cursor, 10);
  storage.kill();
  const again = await open(storage, { rowsPerFile: 9, startLedger: 99 });
  assertEquals(again.next, 11);
  await feed(again, 16);
  await again.flush();
  assertEquals(await eventIds(storage, again), expectedIds(2, 16));
  assertEquals(again.totals.ledgers, 15);
});

Deno.test("a hole, a repeat and rows out of place are errors that name the ledgers", async () => {
  const cases: [string, (store: AnalyticsStore) => Promise<void>][] = [
    ["Ledger 5 must come next: ledgers 7 to 8 came", (s) => s.append(sampleBatch(7, 8))],
    ["Ledger 5 must come next: ledger 4 came", (s) => s.append(sampleBatch(4, 4))],
    ["5 to 6 would be missing", (s) => s.append(sampleBatch(7, 8))],
    ["none for ledger 6", (s) => {
      const batch = sampleBatch(5, 6);
      batch.metadata.ledgers!.pop();
      return s.append(batch);
    }],
    ["Ledger 6 must have 4 events", (s) => {
      const batch = sampleBatch(5, 6);
      batch.metadata.ledgers![1]!.event_count = 4;
      return s.append(batch);
    }],
    ["is of ledger 6", (s) => {
      const batch = sampleBatch(5, 6);
      batch.metadata.last_ledger = 5;
      return s.append(batch);
    }],
    ["reconstructed events: ledger 5 came with unified", (s) => {
      return s.append(sampleBatch(5, 5, { mode: "unified" }));
    }],
  ];
  for (const [message, run] of cases) {
    const storage = new MemoryStorage();
    const store = await open(storage);
    await feed(store, 4);
    await assertRejects(() => run(store), Error, message);
    // Nothing of it was taken in: the right ledgers may still come.
    await store.append(sampleBatch(5, 6));
    await store.close();
    assertEquals(store.cursor, 6);
    assertEquals(await eventIds(storage, store), expectedIds(2, 6));
  }
});

Deno.test("parts of a ledger are stored together, and come again after the stream broke off", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await store.append(sampleBatch(2, 2, { partial: true, events: () => 2 }));
  await store.flush();
  assertEquals(store.cursor, undefined);
  store.dropParts();
  await store.append(sampleBatch(2, 2, { partial: true, events: () => 2 }));
  await assertRejects(() => store.append(sampleBatch(3, 3)), SequenceError, "The rest of ledger 2");

  const whole = new MemoryStorage();
  const good = await open(whole);
  await good.append(sampleBatch(2, 2, { partial: true, events: () => 2 }));
  await good.append(sampleBatch(2, 3, { events: (ledger) => ledger === 2 ? 1 : 3, from: 2 }));
  await good.flush();
  assertEquals(good.totals.events, 6);
  assertEquals(good.cursor, 3);
});

Deno.test("JSON and CSV have logs of their own and the same boundaries", async () => {
  const storage = new MemoryStorage();
  const writers = [parquet, new JsonWriter("json"), new CsvWriter(";")];
  let store = await open(storage, { writers, endLedger: 30 });
  await feed(store, 11, 1, (ledger) => ledger % 2 === 0);
  await store.close();
  store = await open(storage, { writers, endLedger: 30 });
  await feed(store, 30, 4);
  const names = storage.paths().filter((path) => path.startsWith("out/csv/ttp_event/0"));
  assert(names.includes("out/csv/ttp_event/0000000002-0000000008.csv"), names.join());
  const live = [...store.eventTables[1]!.log.snapshot.files.keys()].sort();
  const ids: string[] = [];
  for (const path of live) {
    const text = new TextDecoder().decode(await storage.read(`out/json/ttp_event/${path}`));
    for (const row of JSON.parse(text)) ids.push(row.event_id);
  }
  assertEquals(ids, expectedIds(2, 30));
});

Deno.test("a second writer is refused by name of the first, and let in when that is gone", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await assertRejects(() => open(storage), StoreError, "pid 1");
  await store.close();
  await (await open(storage)).close();
});

Deno.test("a lock on the local file system goes with its process' file and names its holder", async () => {
  const folder = await Deno.makeTempDir();
  const storage = new DenoStorage();
  const one = await storage.lock(`${folder}/lock`, "pid 77");
  await assertRejects(() => storage.lock(`${folder}/lock`, "pid 78"), Error, "pid 77");
  await one.release();
  // A file that a dead process left has text in it, and nobody's lock on it.
  await Deno.writeTextFile(`${folder}/lock`, "pid 1");
  await (await storage.lock(`${folder}/lock`, "pid 78")).release();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("tables of another network, mode, schema or partitioning are refused", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await feed(store, 10);
  await store.close();
  const again = await AnalyticsStore.open(options(storage));
  const refused = async (message: string, run: () => unknown) => {
    await assertRejects(async () => void await run(), Error, message);
  };
  await refused("network", () => again.setIdentity("Other", "reconstructed"));
  await refused("events mode", () => again.setIdentity(SAMPLE_NETWORK, "unified"));
  await again.close();
  await refused("schema version", () => open(storage, { parquetSchema: "hubble" }));
  await refused("PARTITION_BY", () => open(storage, { partitionBy: "date" }));
});

const TRANSFERS = '{"event_types":["transfer"]}';

/** A store of all formats, nothing said yet of what comes. */
function openAllFormats(storage: Storage): Promise<AnalyticsStore> {
  const writers = [parquet, new JsonWriter("jsonl"), new CsvWriter(",")];
  return AnalyticsStore.open(options(storage, { writers }));
}

Deno.test("a table keeps the filters of its events, in every format", async () => {
  for (
    const [filters, kept] of [[TRANSFERS, TRANSFERS], ["{}", undefined], [undefined, undefined]]
  ) {
    const storage = new MemoryStorage();
    const store = await openAllFormats(storage);
    store.setIdentity(SAMPLE_NETWORK, "reconstructed", filters);
    await feed(store, 10);
    await store.close();
    const again = await openAllFormats(storage);
    for (const table of [...again.eventTables, ...again.ledgerTables]) {
      const { configuration } = table.log.snapshot.metaData!;
      assertEquals(configuration["stellar.event_filters"], kept, table.options.folder);
    }
    again.setIdentity(SAMPLE_NETWORK, undefined, filters);
    await feed(again, 12);
    await again.close();
    assertEquals(again.cursor, 12);
  }
});

Deno.test("a stream with other filters than the table's is refused with both and the remedy", async () => {
  const mints = '{"event_types":["mint"]}';
  for (
    const [before, after, message] of [
      [
        TRANSFERS,
        undefined,
        `filters ${TRANSFERS}: the stream is of all events, without a filter.`,
      ],
      [TRANSFERS, "{}", `filters ${TRANSFERS}: the stream is of all events, without a filter.`],
      [TRANSFERS, mints, `filters ${TRANSFERS}: the stream is of events with filters ${mints}.`],
      [
        undefined,
        mints,
        `all events, without a filter: the stream is of events with filters ${mints}.`,
      ],
    ]
  ) {
    const storage = new MemoryStorage();
    const store = await openAllFormats(storage);
    store.setIdentity(SAMPLE_NETWORK, "reconstructed", before);
    await feed(store, 10);
    await store.close();
    // Also where an output is added later, which has no table of its own yet.
    for (const folder of ["out/csv/ttp_event", "out/csv/ledger"]) {
      for (const path of storage.paths().filter((path) => path.startsWith(`${folder}/`))) {
        await storage.remove(path);
      }
    }
    const again = await openAllFormats(storage);
    const refusal = await assertRejects(
      async () => void await again.setIdentity(SAMPLE_NETWORK, "reconstructed", after),
      IdentityError,
      message,
    );
    assert(refusal.message.startsWith('The table in "out/ttp_event" is of '), refusal.message);
    assert(refusal.message.includes("the same filters as before, or use another OUTPUT_PATH"));
    // What was refused has left no trace in the tables to come.
    again.setIdentity(SAMPLE_NETWORK, "reconstructed", before);
    await feed(again, 10);
    await again.close();
    const { configuration } = again.eventTables[2]!.log.snapshot.metaData!;
    assertEquals(configuration["stellar.event_filters"], before);
  }
});

Deno.test("ledgers that wait for their first commit are not mixed with those of another stream", async () => {
  const store = await AnalyticsStore.open(options(new MemoryStorage()));
  store.setIdentity(SAMPLE_NETWORK, "reconstructed", TRANSFERS);
  await feed(store, 3);
  for (const [network, filters] of [[SAMPLE_NETWORK, undefined], ["Other", TRANSFERS]] as const) {
    await assertRejects(
      async () => void await store.setIdentity(network, "reconstructed", filters),
      IdentityError,
      "another OUTPUT_PATH",
    );
  }
  await feed(store, 10);
  await store.close();
  const { configuration } = store.eventTables[0]!.log.snapshot.metaData!;
  assertEquals(configuration["stellar.event_filters"], TRANSFERS);
});

Deno.test("replaced text files are deleted with the commit that replaces them, or at the next start", async () => {
  const storage = new MemoryStorage();
  const writers = [new JsonWriter("jsonl"), new CsvWriter(",")];
  const store = await open(storage, { writers });
  const text = async () =>
    Object.keys(await dataFiles(storage)).filter((path) => /\.(csv|jsonl)$/.test(path));
  await feed(store, 7, 1, () => true);
  assertEquals((await text()).length, 4 * 6);
  let deletions = 0;
  storage.fault = ({ operation, path }) => {
    return operation === "remove" && path.endsWith(".csv") && ++deletions === 3
      ? "before"
      : undefined;
  };
  await assertRejects(() => feed(store, 8), Error, "Injected");
  storage.fault = undefined;
  storage.kill();
  assertEquals(deletions, 3);
  assert((await text()).length > 4 * 1);

  const again = await open(storage, { writers });
  assertEquals(await text(), Object.keys(await liveFiles(storage, again)).sort());
  await feed(again, 8);
  await again.finish();
  await again.close();
  assertEquals(await text(), [
    "out/csv/ledger/0000000002-0000000008.csv",
    "out/csv/ttp_event/0000000002-0000000008.csv",
    "out/json/ledger/0000000002-0000000008.jsonl",
    "out/json/ttp_event/0000000002-0000000008.jsonl",
  ]);
});

Deno.test("replaced files are deleted a day later, leftovers at the next start, other files never", async () => {
  const storage = new MemoryStorage();
  let now = 1_700_000_000_000;
  const store = await open(storage, { now: () => now });
  await feed(store, 9, 1, () => true);
  const small = "out/ttp_event/0000000002-0000000002.parquet";
  assert(storage.paths().includes(small));
  now += 24 * 60 * 60 * 1000;
  await store.flush();
  assert(storage.paths().includes(small));
  now += 1;
  await store.flush();
  assertEquals(storage.paths().includes(small), false);
  await store.close();

  const leftovers = [
    "out/ttp_event/0000000090-0000000091.parquet",
    "out/ttp_event/.0000000092-0000000093.parquet.tmp",
    "out/ttp_event/_delta_log/.00000000000000000099.json.tmp",
  ];
  const foreign = "out/ttp_event/part-00000-of-another-program.parquet";
  for (const path of [...leftovers, foreign]) await storage.createNew(path);
  const again = await open(storage);
  for (const path of leftovers) assertEquals(storage.paths().includes(path), false, path);
  assert(storage.paths().includes(foreign));
  assertEquals(await eventIds(storage, again), expectedIds(2, 9));
});

Deno.test("events in Hubble's columns are stored under its names", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage, { parquetSchema: "hubble", partitionBy: "event_type" });
  await feed(store, 12);
  await store.close();
  const { metaData } = store.eventTables[0]!.log.snapshot;
  assertEquals(metaData!.partitionColumns, ["event_topic"]);
  assertEquals(metaData!.configuration["stellar.schema_version"], "hubble-1.0.0");
  assert(metaData!.schemaString.includes('{"name":"amount","type":"double"'));
  assertEquals(store.totals.events, 33);
  assertEquals(store.totals.eventsByType.fee > 0, true);
});

Deno.test("in history the cursor follows within a second, and leaves no trace in the final files", async () => {
  const storage = new MemoryStorage();
  let now = 0;
  const sample = { events: () => 10 };
  const store = await open(storage, { now: () => now, endLedger: 60, rowsPerFile: 100 });
  // Events are closed every ten ledgers, ledgers after a hundred.
  for (const last of [11, 21, 31, 41]) {
    await feed(store, last, 1, undefined, sample);
    now += 600;
  }
  assertEquals(store.eventTables[0]!.cursor, 41);
  assertEquals(store.cursor, 31);
  await feed(store, 60, 1, undefined, sample);
  const quiet = new MemoryStorage();
  const other = await open(quiet, { endLedger: 60, rowsPerFile: 100 });
  await feed(other, 60, 59, undefined, sample);
  assertEquals(await liveFiles(storage, store), await liveFiles(quiet, other));
});

/** A store that was closed after ledger 15, with files of ledgers 2 to 8 and 9 to 15. */
async function closedStore(partitionBy: StoreOptions["partitionBy"]): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const store = await open(storage, { partitionBy });
  await feed(store, 15);
  await store.close();
  return storage;
}

for (const partitionBy of ["none", "asset_code"] as const) {
  Deno.test(`a commit of which any lines are lost at its end is refused, and nothing is deleted, partitioned by ${partitionBy}`, async () => {
    const whole = await closedStore(partitionBy);
    const commits = whole.paths().filter((path) => /ttp_event\/_delta_log\/\d+\.json$/.test(path));
    assert(commits.length >= 2);
    for (const path of commits) {
      const text = new TextDecoder().decode(await whole.read(path));
      const lines = text.split("\n").length - 1;
      for (let kept = 0; kept < lines; kept++) {
        const storage = await closedStore(partitionBy);
        await storage.remove(path);
        const file = await storage.createNew(path);
        const cut = text.split("\n").slice(0, kept).map((line) => line + "\n").join("");
        await file.write(new TextEncoder().encode(cut));
        const before = await dataFiles(storage);
        await assertRejects(() => open(storage, { partitionBy }), LogError, path);
        assertEquals(await dataFiles(storage), before, `${kept} lines of ${path}`);
      }
    }
  });
}

Deno.test("a file of covered ledgers that no commit names is kept, and the start refused", async () => {
  // As logs were written before: the ledger first, so that a cut loses only files.
  const storage = await closedStore("none");
  const path = "out/ttp_event/_delta_log/00000000000000000001.json";
  const lines = new TextDecoder().decode(await storage.read(path)).trim().split("\n");
  await storage.remove(path);
  const file = await storage.createNew(path);
  await file.write(new TextEncoder().encode(lines.at(-1)! + "\n"));
  const lost = "out/ttp_event/0000000009-0000000015.parquet";
  await assertRejects(() => open(storage), LogError, `"${lost}" has rows of ledgers 9 to 15`);
  assert(storage.paths().includes(lost));
});

Deno.test("data files whose log is gone are kept, and the start refused", async () => {
  const storage = await closedStore("none");
  for (const path of storage.paths()) if (path.includes("_delta_log")) await storage.remove(path);
  const before = await dataFiles(storage);
  await assertRejects(() => open(storage), LogError, "no commit names it");
  assertEquals(await dataFiles(storage), before);
});

Deno.test("a start that fails has ended all its work when it gives the lock back", async () => {
  const storage = new MemoryStorage();
  const writers = [parquet, new JsonWriter("jsonl")];
  const store = await open(storage, { writers });
  await feed(store, 5);
  await store.close();
  await storage.createNew("out/ttp_event/.0000000090-0000000091.parquet.tmp");
  for (let ledger = 10; ledger < 99; ledger++) {
    await storage.createNew(`out/json/ledger/.0000000090-00000000${ledger}.jsonl.tmp`);
  }
  // The first removal fails; the table behind it would go on for longer.
  let failed = false;
  storage.fault = ({ operation }) => {
    if (operation !== "remove" || failed) return undefined;
    failed = true;
    return "before";
  };
  await assertRejects(() => open(storage, { writers }), Error, "Injected");
  const steps = storage.steps;
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  assertEquals(storage.steps, steps);
  storage.fault = undefined;
  await (await open(storage, { writers })).close();
});

Deno.test("files are not continued in another form of JSON or with another delimiter", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage, { writers: [new JsonWriter("json"), new CsvWriter(";")] });
  await feed(store, 10);
  await store.close();
  await assertRejects(
    () => open(storage, { writers: [new JsonWriter("pretty"), new CsvWriter(";")] }),
    IdentityError,
    'JSON_FORMAT "json": this run has "pretty". Set JSON_FORMAT',
  );
  await assertRejects(
    () => open(storage, { writers: [new JsonWriter("json"), new CsvWriter("\t")] }),
    IdentityError,
    'CSV_DELIMITER ";": this run has "\\t". Set CSV_DELIMITER',
  );
  await (await open(storage, { writers: [new JsonWriter("json"), new CsvWriter(";")] })).close();
});

Deno.test("a committed file that cannot be read back is named, with what helps", async () => {
  const storage = new MemoryStorage();
  const store = await open(storage);
  await feed(store, 5);
  await store.close();
  const path = "out/ttp_event/0000000002-0000000005.parquet";
  await storage.remove(path);
  await (await storage.createNew(path)).write(new Uint8Array([1, 2, 3]));
  const error = await assertRejects(() => open(storage), OutputFileError, `"${path}": The Parquet`);
  assert(error.message.includes("another OUTPUT_PATH"), error.message);
});
