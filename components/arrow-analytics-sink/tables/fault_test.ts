/**
 * Each test runs the store over a few ledgers in memory, once undisturbed to count its steps, then
 * again and again with another one of them failing: not at all done, half done, or done although it
 * is said to have failed. The process then counts as killed, or the machine as without power, and a
 * run over what is left must end with the same files, byte by byte.
 */
import { assert, assertEquals } from "@std/assert";
import { MemoryStorage, type StorageStep } from "../storage/mod.ts";
import { JsonWriter, ParquetWriter } from "../writers/mod.ts";
import { AnalyticsStore, type StoreOptions } from "./analytics_store.ts";
import { SAMPLE_NETWORK, sampleBatch } from "../testing/mod.ts";

const parquet = await ParquetWriter.create("snappy");
const END_LEDGER = 9;

function options(storage: MemoryStorage, partitionBy: StoreOptions["partitionBy"]): StoreOptions {
  return {
    storage,
    path: "out",
    writers: [parquet, new JsonWriter("jsonl")],
    partitionBy,
    parquetSchema: "native",
    rowsPerFile: 6,
    startLedger: 2,
    endLedger: END_LEDGER,
    muxedAddress: () => undefined,
    holder: "pid 1",
    now: () => 1_700_000_000_000,
  };
}

/**
 * What becomes of the machine, and how much of the failed step took effect. After `kill` all that
 * was written is there, after `crash` only what was synced.
 */
const ENDINGS = [
  ["kill", "before"],
  ["kill", "after"],
  ["crash", "before"],
  ["crash", "after"],
  ["kill", "torn"],
] as const;

/** Endings of the i-th of a kind's steps: all where there are few, else one in turn. */
function endingsOf(step: StorageStep, i: number, many: boolean) {
  const endings = ENDINGS.filter(([, when]) => when !== "torn" || step.operation === "write");
  return many ? [endings[i % endings.length]!] : endings;
}

/** Runs until END_LEDGER with a flush at every third ledger; stops at an injected fault. */
async function run(
  storage: MemoryStorage,
  partitionBy: StoreOptions["partitionBy"],
): Promise<AnalyticsStore | undefined> {
  let store: AnalyticsStore | undefined;
  try {
    store = await AnalyticsStore.open(options(storage, partitionBy));
    store.setIdentity(SAMPLE_NETWORK, "reconstructed");
    for (let ledger = store.next ?? 2; ledger <= END_LEDGER; ledger++) {
      await store.append(sampleBatch(ledger, ledger, { events: () => 2 }));
      if (ledger % 2 === 0) await store.flush();
    }
    await store.finish();
    return store;
  } catch (error) {
    if (!String(error).includes("Injected")) throw error;
    return undefined;
  }
}

/** Live files of all tables with their bytes, and what the tables count. */
async function state(storage: MemoryStorage, store: AnalyticsStore) {
  const files: Record<string, string> = {};
  const decoder = new TextDecoder("latin1");
  for (const table of [...store.eventTables, ...store.ledgerTables]) {
    for (const path of table.log.snapshot.files.keys()) {
      const name = `${table.options.folder}/${decodeURIComponent(path)}`;
      files[name] = decoder.decode(await storage.read(name));
    }
  }
  return { files, totals: store.totals };
}

/** One name a kind of step, so that a report says which kind broke. */
function kind(step: StorageStep): string {
  const what = step.path.endsWith(".tmp")
    ? step.path.includes("_log/") ? "temporary commit" : "temporary file"
    : step.path.includes("_log")
    ? "log"
    : "table";
  return `${step.operation} of ${what}`;
}

for (const partitionBy of ["none", "event_type"] as const) {
  Deno.test(`a failure at any single step leaves a state from which a restart gives the same files, partitioned by ${partitionBy}`, async (t) => {
    const steps: StorageStep[] = [];
    const undisturbed = new MemoryStorage();
    undisturbed.fault = (step) => void steps.push(step);
    const finished = (await run(undisturbed, partitionBy))!;
    undisturbed.fault = undefined;
    const wanted = await state(undisturbed, finished);
    assertEquals(wanted.totals.events, 2 * (END_LEDGER - 1));
    const kinds = Map.groupBy(steps, kind);
    assert(kinds.size >= 10, [...kinds.keys()].join());
    for (const [name, of] of kinds) {
      await t.step(`at the ${name}`, async () => {
        for (const [i, failing] of of.entries()) {
          const { index } = failing;
          for (const [ending, when] of endingsOf(failing, i, of.length > 12)) {
            const storage = new MemoryStorage();
            storage.fault = (step) => step.index === index ? when : undefined;
            assertEquals(await run(storage, partitionBy), undefined, `step ${index} did not fail`);
            storage[ending]();
            const store = await run(storage, partitionBy);
            const where = `step ${index}, ${when}, ${ending}`;
            assertEquals(await state(storage, store!), wanted, where);
            assertEquals(storage.paths().filter((path) => path.endsWith(".tmp")), [], where);
            const text = storage.paths().filter((path) => path.endsWith(".jsonl"));
            assertEquals(text.filter((path) => !(path in wanted.files)), [], where);
          }
        }
      });
    }
  });
}

Deno.test("a failure at any single step of a start leaves a state from which the next one gives the same files", async () => {
  const undisturbed = new MemoryStorage();
  let middle = 0;
  undisturbed.fault = ({ index, operation, path }) => {
    // A commit whose small files the next start has to read back, and delete leftovers of.
    if (operation === "createNew" && path.includes("/ttp_event/_delta_log/")) middle = index;
    return undefined;
  };
  const wanted = await state(undisturbed, (await run(undisturbed, "none"))!);
  const interrupted = async () => {
    const storage = new MemoryStorage();
    storage.fault = ({ index }) => index === middle ? "before" : undefined;
    assertEquals(await run(storage, "none"), undefined);
    storage.kill();
    return storage;
  };
  const opened = await interrupted();
  const first = opened.steps;
  const steps: StorageStep[] = [];
  opened.fault = (step) => void steps.push(step);
  const store = await AnalyticsStore.open(options(opened, "none"));
  const operations = new Set(steps.map(({ operation }) => operation));
  for (const operation of ["list", "read", "remove"] as const) assert(operations.has(operation));
  await store.close();
  for (let index = first; index < first + steps.length; index++) {
    const storage = await interrupted();
    storage.fault = (step) => step.index === index ? "before" : undefined;
    assertEquals(await run(storage, "none"), undefined, `step ${index} did not fail`);
    storage.kill();
    const again = await run(storage, "none");
    assertEquals(await state(storage, again!), wanted, `step ${index}`);
  }
});
