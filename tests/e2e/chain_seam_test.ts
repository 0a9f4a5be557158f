import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readDeltaLog, readRows } from "./delta_table.ts";
import { allGone, PipelineProcess } from "./pipeline_process.ts";
import { makeSimulatedLake } from "./simulated_lake.ts";

Deno.test("ledgers of another chain are not joined to the tables of an earlier run, with 1, and both ledgers are named", async () => {
  const folder = await Deno.makeTempDir();
  const run = async (seed: number, end: number) => {
    const lake = join(folder, `lake-${seed}`);
    await makeSimulatedLake(lake, { ledgers: end, seed });
    await using pipeline = new PipelineProcess({
      SOURCE_TYPE: "filesystem",
      STORAGE_PATH: lake,
      START_LEDGER: "2",
      END_LEDGER: String(end),
      OUTPUT_PATH: join(folder, "out"),
    });
    const ended = await pipeline.end();
    await allGone(pipeline.pids());
    return ended;
  };
  const first = await run(1, 40);
  assertEquals(first.code, 0, first.output);
  const rows = await readRows(join(folder, "out/ledger"));
  const second = await run(2, 80);
  assertEquals(second.code, 1, second.output);
  assertStringIncludes(second.output, "Ledger 41 names ");
  assertStringIncludes(second.output, `ledger 40 has the hash ${rows.at(-1)!["hash"]}`);
  assertStringIncludes(second.output, "another OUTPUT_PATH");
  assertEquals((await readDeltaLog(join(folder, "out/ttp_event"))).cursor, 40);
  assertEquals((await readDeltaLog(join(folder, "out/ledger"))).cursor, 40);
  await Deno.remove(folder, { recursive: true });
});
