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

/** What becomes of the machine, and whether the failed step took effect. */
const ENDINGS = [
  ["kill", "before"],
  ["kill", "after"],
  ["crash", "before"],
  ["crash", "after"],
] as const;

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
    const wanted = await state(undisturbed, (await run(undisturbed, partitionBy))!);
    assertEquals(wanted.totals.events, 2 * (END_LEDGER - 1));
    const kinds = Map.groupBy(steps, kind);
    assert(kinds.size >= 10, [...kinds.keys()].join());
    for (const [name, of] of kinds) {
      await t.step(`at the ${name}`, async () => {
        for (const [i, { index }] of of.entries()) {
          // Both endings and both sides of a step, in turn where a kind has many.
          for (const [ending, when] of of.length > 12 ? [ENDINGS[i % 4]!] : ENDINGS) {
            const storage = new MemoryStorage();
            storage.fault = (step) => step.index === index ? when : undefined;
            assertEquals(await run(storage, partitionBy), undefined, `step ${index} did not fail`);
            storage[ending]();
            const store = await run(storage, partitionBy);
            const where = `step ${index}, ${when}, ${ending}`;
            assertEquals(await state(storage, store!), wanted, where);
            assertEquals(storage.paths().filter((path) => path.endsWith(".tmp")), [], where);
          }
        }
      });
    }
  });
}
