import { join } from "@std/path";
import { PROGRAMS } from "../flowctl/mod.ts";
import { checkBenches } from "./bench_ceilings.ts";
import { checkCoverage } from "./coverage.ts";
import { generatedFileProblems } from "./generated_files.ts";
import { checkImportDirection } from "./import_direction.ts";
import { tallyOfJunit } from "./junit.ts";
import { runDeno } from "./run_deno.ts";
import { oneCheck, type Tally } from "./tally.ts";

/** One part of the gate. What it has to say it prints; the tally is what it found. */
export interface Suite {
  readonly name: string;
  run(): Promise<Tally>;
}

/** All of the gate, cheapest first. */
export function suites(): Suite[] {
  return [
    check("format", ["fmt", "--check"]),
    check("lint", ["lint"]),
    check("types", ["check", "--quiet"]),
    { name: "import direction", run: async () => oneCheck(await checkImportDirection()) },
    { name: "generated files", run: generatedFiles },
    ...[
      "test:examples",
      "test:unit",
      "test:conformance",
      "test:integration",
      "test:e2e",
      "test:faults",
    ].map(
      testTask,
    ),
    { name: "test:coverage", run: checkCoverage },
    { name: "benchmarks under ceilings", run: checkBenches },
    ...PROGRAMS.map(({ folder }) => bundle(`${folder}/main.ts`)),
  ];
}

function check(name: string, args: readonly string[]): Suite {
  return { name, run: async () => oneCheck(await runDeno(args) === 0) };
}

function testTask(task: string): Suite {
  return { name: task, run: () => runTests(task) };
}

async function generatedFiles(): Promise<Tally> {
  const problems = await generatedFileProblems();
  for (const problem of problems) console.error(problem);
  return oneCheck(problems.length === 0);
}

/** A component must survive `deno bundle`. */
function bundle(main: string): Suite {
  return {
    name: `bundle ${main}`,
    run: async () => {
      const folder = await Deno.makeTempDir({ prefix: "bundle-" });
      try {
        const out = join(folder, "main.js");
        const code = await runDeno(["bundle", "--quiet", "--platform=deno", "-o", out, main]);
        return oneCheck(code === 0 && (await Deno.stat(out)).size > 0);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  };
}

/**
 * Runs a test task and counts from its JUnit report. A task that fails without a failed test (a
 * module that does not load), or that finds no test, counts as one failure.
 */
async function runTests(task: string): Promise<Tally> {
  const folder = await Deno.makeTempDir({ prefix: "junit-" });
  try {
    const report = join(folder, "report.xml");
    const code = await runDeno(["task", "--quiet", task, `--junit-path=${report}`]);
    const tally = tallyOfJunit(await Deno.readTextFile(report).catch(() => ""));
    const ran = tally.passed + tally.failed;
    if (ran + tally.skipped === 0) console.error(`${task} ran no test`);
    const unexplained = tally.failed === 0 && (code !== 0 || ran + tally.skipped === 0);
    return unexplained ? { ...tally, failed: 1 } : tally;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
