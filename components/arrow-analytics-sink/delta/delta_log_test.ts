import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryStorage } from "../storage/mod.ts";
import { type Action, type AddAction, APP_ID, LogError } from "./action.ts";
import { checkpointActions, checkpointStatistics, encodeCheckpoint } from "./checkpoint.ts";
import { loadParquetWasm } from "../writers/mod.ts";
import { Snapshot } from "./snapshot.ts";
import { DeltaLog, REMOVED_FILE_AGE_MS } from "./delta_log.ts";

const FOLDER = "t/_delta_log";
const NOW = 1_700_000_000_000;

const creation: Action[] = [
  { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
  {
    metaData: {
      id: "6f1d2c9e-3b0a-5c57-9d4e-8a51f0c7e2b6",
      name: "ttp_event",
      format: { provider: "parquet", options: {} },
      schemaString: '{"type":"struct","fields":[]}',
      partitionColumns: ["asset_code"],
      createdTime: NOW,
      configuration: { "stellar.network_passphrase": "Über ; 2026" },
    },
  },
];

function add(ledger: number): Action {
  return {
    add: {
      path: `f${ledger}.parquet`,
      partitionValues: { asset_code: ledger % 2 === 0 ? null : "A/B" },
      size: ledger,
      modificationTime: NOW,
      dataChange: true,
      stats: `{"numRecords":${ledger},"minValues":{"transaction_id":9007199254740993}}`,
      tags: { group: String(ledger) },
    },
  };
}

function txn(ledger: number): Action {
  return { txn: { appId: APP_ID, version: ledger, lastUpdated: NOW } };
}

function remove(ledger: number): Action {
  return {
    remove: {
      path: `f${ledger}.parquet`,
      deletionTimestamp: NOW,
      dataChange: false,
      extendedFileMetadata: true,
      partitionValues: { asset_code: null },
      size: ledger,
    },
  };
}

/** A log with versions 0 to `last`; version n adds file n and removes file n − 1 if n is even. */
async function write(storage: MemoryStorage, last: number, part?: number): Promise<DeltaLog> {
  const log = await DeltaLog.open(storage, FOLDER, () => NOW, part);
  for (let version = log.snapshot.version + 1; version <= last; version++) {
    await log.commit([
      ...(version === 0 ? creation : []),
      txn(version),
      add(version),
      ...(version > 0 && version % 2 === 0 ? [remove(version - 1)] : []),
    ]);
  }
  return log;
}

function state({ snapshot }: DeltaLog) {
  return {
    version: snapshot.version,
    cursor: snapshot.cursor,
    metaData: snapshot.metaData,
    files: [...snapshot.files.values()].map((file) => ({ ...file, dataChange: false }))
      .sort((a, b) => a.size - b.size),
    removed: [...snapshot.removed.values()].sort((a, b) => a.size - b.size),
  };
}

function reopen(storage: MemoryStorage): Promise<DeltaLog> {
  return DeltaLog.open(storage, FOLDER, () => NOW);
}

const commit = (version: number) => `${FOLDER}/${String(version).padStart(20, "0")}.json`;
const checkpoint = (version: number) =>
  `${FOLDER}/${String(version).padStart(20, "0")}.checkpoint.parquet`;

async function overwrite(storage: MemoryStorage, path: string, text: string): Promise<void> {
  await storage.remove(path);
  const file = await storage.createNew(path);
  await file.write(new TextEncoder().encode(text));
}

Deno.test("a log read from its checkpoint says what its commits say", async () => {
  const storage = new MemoryStorage();
  const written = state(await write(storage, 205));
  assertEquals(written.files.length, 205 - 102 + 1);
  assert(storage.paths().includes(checkpoint(200)));
  const hint = new TextDecoder().decode(await storage.read(`${FOLDER}/_last_checkpoint`));
  assertEquals(JSON.parse(hint).version, 200);
  assertEquals(state(await reopen(storage)), written);
  // Without the commits that the checkpoint stands for.
  for (let version = 0; version <= 200; version++) await storage.remove(commit(version));
  assertEquals(state(await reopen(storage)), written);
});

Deno.test("a damaged checkpoint or hint is passed over", async () => {
  const storage = new MemoryStorage();
  const written = state(await write(storage, 205));
  await overwrite(storage, `${FOLDER}/_last_checkpoint`, "{");
  await overwrite(storage, checkpoint(200), "PAR1 torn");
  assertEquals(state(await reopen(storage)), written);
  await overwrite(storage, checkpoint(100), "");
  assertEquals(state(await reopen(storage)), written);
  const again = await reopen(storage);
  await again.commit([txn(206)]);
  assertEquals((await reopen(storage)).snapshot.cursor, 206);
});

Deno.test("a commit that is missing or damaged is named", async () => {
  const storage = new MemoryStorage();
  await write(storage, 5);
  await overwrite(storage, commit(4), "{torn");
  const damaged = await assertRejects(() => reopen(storage), LogError) as LogError;
  assert(damaged.isFinal);
  assert(damaged.message.includes(commit(4)), damaged.message);
  assert(damaged.message.includes("Put the file back"), damaged.message);
  await storage.remove(commit(4));
  await assertRejects(() => reopen(storage), LogError, "commit 5 but not commit 4");
});

Deno.test("a commit that is cut short is damaged, wherever it was cut", async () => {
  const replaced = '{"remove":{"path":"f2.parquet","dataChange":false}}';
  const cases: [string, string][] = [
    ["", "is empty"],
    ["\n", "is empty"],
    ["null\n", "no action"],
    ["5\n", "no action"],
    ["{}\n", "no action"],
    ['{"add":null}\n', 'without a proper "add"'],
    ['{"add":{}}\n', 'without a proper "add.path"'],
    ['{"txn":{"appId":"x","version":"9"}}\n', 'without a proper "txn.version"'],
    [JSON.stringify(txn(3)), "line end"],
    [`${JSON.stringify(txn(3))}\n{"ad`, "not JSON"],
    [`${JSON.stringify(add(3))}\n`, "last line"],
    [`${replaced}\n`, "last line"],
    [`${replaced}\n${JSON.stringify(add(3)).replace("true", "false")}\n`, "last line"],
  ];
  for (const [text, message] of cases) {
    const storage = new MemoryStorage();
    const log = await write(storage, 2);
    await log.commit([txn(3)]);
    await overwrite(storage, commit(3), text);
    const error = await assertRejects(() => reopen(storage), LogError, message) as LogError;
    assertEquals(error.code, "DAMAGED", text);
    assert(error.message.includes(commit(3)), error.message);
    assert(error.message.includes("when it is deleted"), error.message);
    // As it says: the log goes on from the commit before.
    await storage.remove(commit(3));
    assertEquals((await reopen(storage)).snapshot.cursor, 2);
  }
});

Deno.test("a commit of another program needs no line end and no ledger", async () => {
  const storage = new MemoryStorage();
  await write(storage, 2);
  await overwrite(storage, commit(3), `${JSON.stringify(remove(2))}\n{"commitInfo":{}}`);
  assertEquals((await reopen(storage)).snapshot.files.has("f2.parquet"), false);
});

Deno.test("of two writers of one version the second is refused and changes nothing", async () => {
  const storage = new MemoryStorage();
  await write(storage, 3);
  const [one, two] = [await reopen(storage), await reopen(storage)];
  await one.commit([txn(4)]);
  const conflict = await assertRejects(
    () => two.commit([txn(5)]),
    LogError,
    "another program",
  ) as LogError;
  assert(!conflict.isFinal, "a restart goes on from the other's commit");
  await two.clean();
  assertEquals((await reopen(storage)).snapshot.cursor, 4);
});

Deno.test("a table that another program has upgraded is refused", async () => {
  const storage = new MemoryStorage();
  const log = await write(storage, 0);
  await log.commit([txn(1)]);
  await overwrite(
    storage,
    commit(1),
    '{"commitInfo":{}}\n{"protocol":{"minReaderVersion":3,"minWriterVersion":7}}',
  );
  await assertRejects(() => reopen(storage), LogError, "reader 3 and writer 7");
});

Deno.test("removed files are forgotten after a day, and only then", async () => {
  const storage = new MemoryStorage();
  let now = NOW;
  const log = await DeltaLog.open(storage, FOLDER, () => now);
  await log.commit([...creation, txn(1), add(1)]);
  await log.commit([remove(1), txn(2)]);
  now = NOW + REMOVED_FILE_AGE_MS;
  assertEquals(log.forgetRemoved(), []);
  now++;
  assertEquals(log.forgetRemoved(), ["f1.parquet"]);
  assertEquals(log.forgetRemoved(), []);
  now = NOW;
  await log.commit([add(2), add(3), txn(3)]);
  await log.commit([remove(2), txn(4)]);
  assertEquals(log.forgetRemoved(), []);
  assertEquals(log.forgetRemoved(true), ["f2.parquet"]);
});

Deno.test("a large checkpoint has several files, and counts only with all of them", async () => {
  const storage = new MemoryStorage();
  const written = state(await write(storage, 205, 50));
  const parts = storage.paths().filter((path) => path.includes("0200.checkpoint."));
  // Version 200 has 101 files, 100 removals, and three rows about the table.
  assertEquals(parts.map((path) => path.slice(path.indexOf("checkpoint."))), [
    "checkpoint.0000000001.0000000005.parquet",
    "checkpoint.0000000002.0000000005.parquet",
    "checkpoint.0000000003.0000000005.parquet",
    "checkpoint.0000000004.0000000005.parquet",
    "checkpoint.0000000005.0000000005.parquet",
  ]);
  const hint = new TextDecoder().decode(await storage.read(`${FOLDER}/_last_checkpoint`));
  assertEquals(JSON.parse(hint), { version: 200, size: 204, parts: 5 });
  await storage.remove(parts[3]!);
  // The one before it has to do; commits that it stands for are not needed.
  for (let version = 0; version <= 100; version++) await storage.remove(commit(version));
  assertEquals(state(await reopen(storage)), written);
  await overwrite(storage, parts[3]!, "PAR1 torn");
  assertEquals(state(await reopen(storage)), written);
});

Deno.test("other work has its turn while the rows of a checkpoint are gathered", async () => {
  const snapshot = new Snapshot();
  for (let ledger = 0; ledger < 5_000; ledger++) snapshot.apply(add(ledger));
  let turns = 0;
  let encoding = true;
  const others = (async () => {
    for (; encoding; turns++) await new Promise((resolve) => setTimeout(resolve, 0));
  })();
  const noStatistics = (async function* () {})();
  await encodeCheckpoint(
    await loadParquetWasm(),
    checkpointActions(snapshot, 0, noStatistics),
  );
  encoding = false;
  await others;
  assert(turns >= 5, `${turns} turns`);
});

Deno.test("a checkpoint has the statistics of all files, which memory does not keep", async () => {
  const storage = new MemoryStorage();
  const statistics = async (version: number) => {
    const found = new Map<string, string>();
    for (const path of storage.paths().filter((path) => path.includes(`0${version}.checkpoint.`))) {
      const file = await storage.read(path);
      for (const [name, stats] of checkpointStatistics(await loadParquetWasm(), file)) {
        found.set(name, stats);
      }
    }
    return found;
  };
  const expected = (log: DeltaLog) =>
    new Map(
      [...log.snapshot.files.values()].map(({ path, size }) => [
        path,
        (add(size) as { add: AddAction }).add.stats,
      ]),
    );
  const sorted = (map: Map<string, string>) => [...map].sort();
  // From the commits alone, from a checkpoint and commits, and the same after a restart.
  assertEquals(sorted(await statistics(100)), []);
  const first = await write(storage, 100, 20);
  assertEquals(first.snapshot.files.get("f100.parquet")!.stats, '{"numRecords":100}');
  assertEquals(sorted(await statistics(100)), sorted(expected(first)));
  assertEquals(sorted(expected(await write(storage, 200, 20))), sorted(await statistics(200)));
  for (let version = 0; version <= 200; version++) await storage.remove(commit(version));
  assertEquals(sorted(expected(await write(storage, 300, 20))), sorted(await statistics(300)));
});
