import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PipelineProcess, ROOT } from "../e2e/pipeline_process.ts";
import { makeSimulatedLake } from "../e2e/simulated_lake.ts";
import { findPython, runPython } from "./python.ts";

const python = await findPython(["deltalake", "duckdb", "polars", "pyarrow.dataset"]);
const absent = "missing" in python;
if ("missing" in python) console.log(`skipped: ${python.missing}`);

/** All cells that DuckDB and Polars draw, without what they draw around them. */
function cells(text: string): Set<string> {
  return new Set(text.split(/[│┆\s]+/).filter((cell) => cell !== ""));
}

/** Cells of an answer in the guide, without those that it leaves out or cuts short. */
function shownCells(text: string): string[] {
  return text.split(/\s+/).filter((cell) => cell !== "" && !cell.endsWith("…"));
}

Deno.test({
  name: "the reading guide's questions have the answers that stand there, over the README's tables",
  ignore: absent,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const lake = join(folder, "lake");
    await makeSimulatedLake(lake, { ledgers: 100, seed: 1 });
    await using pipeline = new PipelineProcess({
      SOURCE_TYPE: "filesystem",
      STORAGE_PATH: lake,
      START_LEDGER: "2",
      END_LEDGER: "101",
      OUTPUT_PATH: join(folder, "out"),
    });
    const { code, output } = await pipeline.end();
    assertEquals(code, 0, output);
    const guide = await Deno.readTextFile(join(ROOT, "docs/reading.md"));
    const asked = [...guide.matchAll(/```python\n(.*?)```/gs)].map(([, script]) => script!);
    const answers = [...guide.matchAll(/```text\n(.*?)```/gs)].map(([, answer]) => answer!);
    const script = join(folder, "guide.py");
    await Deno.writeTextFile(
      script,
      `import os\nos.chdir(${JSON.stringify(folder)})\n${asked.join("")}`,
    );
    const told = cells(await runPython(python, [script]));
    assertEquals(answers.length, 4);
    for (const cell of answers.flatMap(shownCells)) assert(told.has(cell), `"${cell}" is not told`);
    await Deno.remove(folder, { recursive: true });
  },
});
