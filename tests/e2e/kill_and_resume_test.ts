import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { fileHashes, readDeltaLog, readRows, type Row } from "./delta_table.ts";
import { allGone, type ComponentName, kill, PipelineProcess } from "./pipeline_process.ts";
import { holdBack, makeSimulatedLake } from "./simulated_lake.ts";

/** Enough for thirty files, so that every kill falls between commits and none after the last. */
const LEDGERS = 900;
const FIRST_LEDGER = 2;
const LAST_LEDGER = FIRST_LEDGER + LEDGERS - 1;
const ROWS_A_FILE = 500;

/** Which component is killed, and after how many further commits. The manager starts it again. */
const COMPONENT_KILLS: readonly (readonly [ComponentName, number])[] = [
  ["source", 2],
  ["processor", 3],
  ["sink", 1],
  ["sink", 3],
];

/**
 * Ledgers that the lake gets after each of those kills: the other components go on meanwhile, and
 * would else have done all the work before the next.
 */
const PORTION = LEDGERS / (COMPONENT_KILLS.length + 1);

/** What is killed in runs of its own, of which the next goes on, and after how many commits. */
const RUN_KILLS: readonly (readonly ["manager" | "whole pipeline", number])[] = [
  ["manager", 2],
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

/** Waits for commits to come. */
async function commits(pipeline: PipelineProcess, output: string, wanted: number): Promise<void> {
  const table = join(output, "ttp_event");
  const before = (await readDeltaLog(table)).versions;
  await pipeline.until(`there are no ${wanted} commits`, async () => {
    return (await readDeltaLog(table)).versions >= before + wanted;
  });
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

/** Holds the tables against those of the undisturbed run. */
async function assertSame(output: string, calm: string): Promise<void> {
  const rows = await allRows(output);
  assertEquals(rows.ledgers.length, LEDGERS);
  assertEquals(new Set(rows.events.map((row) => row.event_id)).size, rows.events.length);
  assertEquals(rows, await allRows(calm));
  assertEquals(await allHashes(output), await allHashes(calm));
}

Deno.test("after kill -9 of any process, going on gives the same rows and files as an undisturbed run", async (t) => {
  const folder = await Deno.makeTempDir();
  const [lake, held, calm, restarted, resumed] = ["lake", "held", "calm", "restarted", "resumed"]
    .map((name) => join(folder, name)) as [string, string, string, string, string];
  await makeSimulatedLake(lake, { ledgers: LEDGERS, seed: 7 });
  await runToEnd(lake, calm);

  await t.step(
    "a component that is killed is started again, and the run goes on to its end",
    async () => {
      let last = FIRST_LEDGER + PORTION - 1;
      const giveBack = await holdBack(lake, held, last + 1);
      await using pipeline = new PipelineProcess(environment(lake, restarted));
      const kills = new Map<ComponentName, number>();
      for (const [victim, wanted] of COMPONENT_KILLS) {
        await commits(pipeline, restarted, wanted);
        const pid = await pipeline.pidOf(victim);
        kill(pid, "SIGKILL");
        kills.set(victim, (kills.get(victim) ?? 0) + 1);
        await pipeline.readyAgain(victim, kills.get(victim));
        assertNotEquals(await pipeline.pidOf(victim), pid);
        await giveBack(last += PORTION);
      }
      const { code, output } = await pipeline.end();
      assertEquals(code, 0, output);
      await allGone(pipeline.pids());
      await assertSame(restarted, calm);
    },
  );

  for (const [victim, wanted] of RUN_KILLS) {
    await t.step(
      `the ${victim} is killed after ${wanted} commits, and nothing is left`,
      async () => {
        await using pipeline = new PipelineProcess(environment(lake, resumed));
        await commits(pipeline, resumed, wanted);
        const victims = victim === "manager" ? [pipeline.pid] : pipeline.pids();
        for (const pid of victims) kill(pid, "SIGKILL");
        const { code, signal } = await pipeline.end();
        assertEquals([code, signal], [137, "SIGKILL"]);
        await allGone(pipeline.pids());
      },
    );
  }

  await t.step("the run that goes on equals the undisturbed one", async () => {
    const { cursor } = await readDeltaLog(join(resumed, "ttp_event"));
    assertEquals(cursor! < LAST_LEDGER, true, "the kills came too late to show anything");
    await runToEnd(lake, resumed);
    await assertSame(resumed, calm);
  });

  await Deno.remove(folder, { recursive: true });
});
