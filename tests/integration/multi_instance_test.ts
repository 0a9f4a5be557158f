import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readDeltaLog, readRows } from "../e2e/delta_table.ts";
import { makeSimulatedLake } from "../e2e/simulated_lake.ts";
import { type ComponentTask, DirectComponent, taskArguments } from "./direct_component.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const EXAMPLE = join(ROOT, "profiles/examples/multi-instance");

/** What a thread of the processor loads. */
const THREAD_CODE = ["components/ttp-arrow-processor", "stellar", "arrow"]
  .map((path) => join(ROOT, path));

/** Enough for twenty files, so that the kill falls between the first of them and the last. */
const LEDGERS = 600;
const LAST_LEDGER = LEDGERS + 1;
const ROWS_A_FILE = 500;

/** A component as its example file configures it; the process that is started is the component itself. */
function start(
  task: ComponentTask,
  file: string,
  folder: string,
  env: Record<string, string>,
): DirectComponent {
  const args = taskArguments(`${task}:local`);
  // In place of the set's folders: those of the test, the example's, and code for the threads.
  const read = [folder, EXAMPLE, ...THREAD_CODE].join(",");
  const folders = [`--allow-read=${read}`, `--allow-write=${folder}`];
  const set = args.indexOf(`-P=${task}-local`);
  return new DirectComponent([
    ...args.toSpliced(set + 1, 0, ...folders),
    "--config",
    join(EXAMPLE, file),
  ], env);
}

async function flightEndpoint(component: DirectComponent): Promise<string> {
  return `127.0.0.1:${(await component.ready()).ports.flight}`;
}

Deno.test("when the primary processor is killed, the sink goes on with the backup, and no row is doubled or missing", async () => {
  const folder = await Deno.makeTempDir();
  const lake = join(folder, "lake");
  await makeSimulatedLake(lake, { ledgers: LEDGERS, seed: 11 });
  {
    await using source = start("source", "source.env", folder, {
      SOURCE_TYPE: "filesystem",
      STORAGE_PATH: lake,
    });
    const SOURCE_ENDPOINT = await flightEndpoint(source);
    await using primary = start("processor", "processor-primary.env", folder, { SOURCE_ENDPOINT });
    await using backup = start("processor", "processor-backup.env", folder, { SOURCE_ENDPOINT });
    const processors = [await flightEndpoint(primary), await flightEndpoint(backup)];
    await using sink = start("sink", "sink.env", folder, {
      PROCESSOR_ENDPOINT: processors.join(","),
      OUTPUT_PATH: join(folder, "out"),
      PARQUET_BATCH_SIZE: String(ROWS_A_FILE),
      // Little is read ahead, so that there is work left when the primary is killed.
      MAX_INFLIGHT_BYTES: "1MiB",
      END_LEDGER: String(LAST_LEDGER),
    });
    await sink.until(
      "has committed nothing",
      async () => (await readDeltaLog(join(folder, "out/ttp_event"))).versions >= 2,
    );
    primary.kill();
    const { cursor } = await readDeltaLog(join(folder, "out/ttp_event"));
    assert(cursor! < LAST_LEDGER, "the kill came too late to show anything");
    assertEquals(await sink.ended(), 0, sink.said);
    assertStringIncludes(sink.said, "A processor has failed; going on with the next one");
    assertEquals(await backup.terminate(), 0);
    assertEquals(await source.terminate(), 0);
  }

  const ledgers = await readRows(join(folder, "out/ledger"));
  const sequences = ledgers.map((row) => Number(row.sequence)).sort((a, b) => a - b);
  assertEquals(sequences, Array.from({ length: LEDGERS }, (_, at) => at + 2));
  const events = await readRows(join(folder, "out/ttp_event"));
  assertEquals(new Set(events.map((row) => row.event_id)).size, events.length);
  const stored = Map.groupBy(events, (row) => Number(row.ledger_sequence));
  for (const { sequence, event_count } of ledgers) {
    assertEquals(stored.get(Number(sequence))?.length ?? 0, Number(event_count));
  }
  await Deno.remove(folder, { recursive: true });
});
