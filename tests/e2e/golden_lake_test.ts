import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readDeltaLog, readRows } from "./delta_table.ts";
import { tableEvents } from "./golden_event.ts";
import { type GoldenLake, makeGoldenLake } from "./golden_lake.ts";
import { allGone, PipelineProcess } from "./pipeline_process.ts";

/** The ledgers of the corpus are made one by one, so they do not link by hash. */
function environment(lake: GoldenLake, output: string): Record<string, string> {
  return {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake.folder,
    VERIFY_LEDGERS: "off",
    VERIFY_CHAIN: "false",
    START_LEDGER: String(lake.start),
    END_LEDGER: String(lake.end),
    OUTPUT_PATH: output,
  };
}

Deno.test("the corpus through the three processes ends with 0, a summary, and the reference's events in a Delta table", async (t) => {
  const folder = await Deno.makeTempDir();
  const lake = await makeGoldenLake(join(folder, "lake"));
  const output = join(folder, "out");

  await t.step("END_LEDGER ends the run by itself with 0 and a summary", async () => {
    await using pipeline = new PipelineProcess(environment(lake, output));
    const { code, output: said } = await pipeline.end();
    assertEquals(code, 0, said);
    assertMatch(said, new RegExp(`ledgers +5, committed up to ledger ${lake.end}`));
    assertMatch(said, new RegExp(`events +${lake.events.length}: `));
    for (const type of new Set(lake.events.map((event) => event.event_type))) {
      const events = lake.events.filter((event) => event.event_type === type).length;
      assertStringIncludes(said, `${events} ${type}`);
    }
    assertMatch(said, /files +\d+ Parquet files of events and ledgers in/);
    assertMatch(said, /rate +[\d.,]+ ledgers\/s/);
    await allGone(pipeline.pids());
  });

  await t.step("the rows are the reference's events", async () => {
    const events = await tableEvents(join(output, "ttp_event"));
    assertEquals(events, lake.events);
    assertEquals((await readDeltaLog(join(output, "ttp_event"))).cursor, lake.end);
  });

  await t.step("each ledger has its row", async () => {
    const rows = await readRows(join(output, "ledger"));
    assertEquals(
      rows.map((row) => Number(row.sequence)).sort(),
      [0, 1, 2, 3, 4].map((n) => lake.start + n),
    );
    const events = rows.reduce((sum, row) => sum + Number(row.event_count), 0);
    assertEquals(events, lake.events.length);
  });

  await t.step("END_LEDGER committed already ends with 0 and changes nothing", async () => {
    const before = await readDeltaLog(join(output, "ttp_event"));
    await using pipeline = new PipelineProcess(environment(lake, output));
    const { code, output: said } = await pipeline.end();
    assertEquals(code, 0, said);
    assertMatch(said, new RegExp(`ledgers +5, committed up to ledger ${lake.end}`));
    assertEquals(await readDeltaLog(join(output, "ttp_event")), before);
  });

  await Deno.remove(folder, { recursive: true });
});
