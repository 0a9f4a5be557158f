import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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

/** Files of a lake below a folder. */
async function lakeFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await lakeFiles(path));
    else if (/--\d+.*\.xdr\.zstd?$/.test(name)) files.push(path);
  }
  return files.sort();
}

Deno.test("a gap in the lake is passed over with ALLOW_GAPS, and the ledgers on both sides of it are stored", async () => {
  const folder = await Deno.makeTempDir();
  const lake = join(folder, "lake");
  await makeSimulatedLake(lake, { ledgers: 300, seed: 1 });
  const files = await lakeFiles(lake);
  assert(files.length >= 3, `${files.length} files`);
  const missing = files[Math.floor(files.length / 2)]!;
  await Deno.remove(missing);
  await using pipeline = new PipelineProcess({
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake,
    ALLOW_GAPS: "true",
    START_LEDGER: "2",
    END_LEDGER: "300",
    OUTPUT_PATH: join(folder, "out"),
  });
  const { code, output } = await pipeline.end();
  assertEquals(code, 0, output);
  await allGone(pipeline.pids());
  const rows = await readRows(join(folder, "out/ledger"));
  const stored = new Set(rows.map((row) => Number(row["sequence"])));
  const [first, last = first] = [.../--(\d+)(?:-(\d+))?\./.exec(missing)!].slice(1).map((text) =>
    text === undefined ? undefined : Number(text)
  );
  for (let ledger = 2; ledger <= 300; ledger++) {
    assertEquals(stored.has(ledger), ledger < first! || ledger > last!, `ledger ${ledger}`);
  }
  assertEquals((await readDeltaLog(join(folder, "out/ledger"))).cursor, 300);
  await Deno.remove(folder, { recursive: true });
});
