import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { fileHashes, readDeltaLog, readRows, type Row } from "./delta_table.ts";
import { allGone, type ComponentName, kill, PipelineProcess } from "./pipeline_process.ts";
import { makeSimulatedLake } from "./simulated_lake.ts";

/** Enough for thirty files, so that every kill falls between commits and none after the last. */
const LEDGERS = 900;
const FIRST_LEDGER = 2;
const LAST_LEDGER = FIRST_LEDGER + LEDGERS - 1;
const ROWS_A_FILE = 500;

/** Who is killed, and after how many commits of its run. */
const KILLS: readonly (readonly [ComponentName | "manager" | "whole pipeline", number])[] = [
  ["source", 2],
  ["processor", 3],
  ["sink", 1],
  ["manager", 2],
  ["sink", 3],
  ["whole pipeline", 2],
];

function environment(lake: string, output: string): Record<string, string> {
  return {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake,
    END_LEDGER: String(LAST_LEDGER),
    PARQUET_BATCH_SIZE: String(ROWS_A_FILE),
    OUTPUT_PATH: output,
  };
}

async function victims(
  pipeline: PipelineProcess,
  victim: (typeof KILLS)[number][0],
): Promise<number[]> {
  if (victim === "whole pipeline") return pipeline.pids();
  return [victim === "manager" ? pipeline.pid : await pipeline.pidOf(victim)];
}

async function runToEnd(lake: string, output: string): Promise<void> {
  await using pipeline = new PipelineProcess(environment(lake, output));
  const { code, output: said } = await pipeline.end();
  assertEquals(code, 0, said);
}

/** Rows of both tables, in an order of their own. */
async function allRows(output: string): Promise<{ events: Row[]; ledgers: Row[] }> {
  const events = await readRows(join(output, "ttp_event"));
  const ledgers = await readRows(join(output, "ledger"));
  events.sort((a, b) => String(a.event_id) < String(b.event_id) ? -1 : 1);
  ledgers.sort((a, b) => Number(a.sequence) - Number(b.sequence));
  return { events, ledgers };
}

async function allHashes(output: string): Promise<Record<string, string>[]> {
  return [await fileHashes(join(output, "ttp_event")), await fileHashes(join(output, "ledger"))];
}

Deno.test("after kill -9 of any process, going on gives the same rows and files as an undisturbed run", async (t) => {
  const folder = await Deno.makeTempDir();
  const [lake, calm, killed] = ["lake", "calm", "killed"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await makeSimulatedLake(lake, { ledgers: LEDGERS, seed: 7 });
  await runToEnd(lake, calm);

  for (const [victim, commits] of KILLS) {
    await t.step(`the ${victim} is killed after ${commits} commits`, async () => {
      const table = join(killed, "ttp_event");
      const before = (await readDeltaLog(table)).versions;
      await using pipeline = new PipelineProcess(environment(lake, killed));
      await pipeline.until(`there are no ${commits} commits`, async () => {
        return (await readDeltaLog(table)).versions >= before + commits;
      });
      for (const pid of await victims(pipeline, victim)) kill(pid, "SIGKILL");
      const { code, signal } = await pipeline.end();
      const managerToo = victim === "manager" || victim === "whole pipeline";
      assertEquals([code, signal], managerToo ? [137, "SIGKILL"] : [1, null]);
      await allGone(pipeline.pids());
    });
  }

  await t.step("the run that goes on equals the undisturbed one", async () => {
    const { cursor } = await readDeltaLog(join(killed, "ttp_event"));
    assertEquals(cursor! < LAST_LEDGER, true, "the kills came too late to show anything");
    await runToEnd(lake, killed);
    const rows = await allRows(killed);
    assertEquals(rows.ledgers.length, LEDGERS);
    assertEquals(new Set(rows.events.map((row) => row.event_id)).size, rows.events.length);
    assertEquals(rows, await allRows(calm));
    assertEquals(await allHashes(killed), await allHashes(calm));
  });

  await Deno.remove(folder, { recursive: true });
});
