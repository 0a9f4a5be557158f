/**
 * Runs the tests of the folders in tools/coverage_thresholds.yaml with coverage, prints each folder's
 * figures, and fails by name where they are below what is asked. Run by `deno task test:coverage`.
 */
import { join, toFileUrl } from "@std/path";
import { judgeCoverage, parseLcov } from "./coverage_figures.ts";
import { parseThresholds, type Thresholds } from "./coverage_thresholds.ts";
import { repositoryFiles, ROOT } from "./repository.ts";
import { runDeno } from "./run_deno.ts";
import { NOTHING, type Tally, tallyLine } from "./tally.ts";

/** Holds the coverage of all folders against their thresholds; a folder counts as one test. */
export async function checkCoverage(): Promise<Tally> {
  const text = await Deno.readTextFile(join(ROOT, "tools/coverage_thresholds.yaml"));
  const files = await repositoryFiles();
  const declared = [...parseThresholds(text)];
  const exists = (folder: string) => files.some((file) => file.startsWith(`${folder}/`));
  const thresholds = new Map(declared.filter(([folder]) => exists(folder)));
  for (const [folder] of declared) {
    if (!thresholds.has(folder)) console.log(`${folder}: does not exist yet`);
  }
  const skipped = declared.length - thresholds.size;
  if (thresholds.size === 0) return { ...NOTHING, skipped };
  const report = await coverageOf(thresholds, files);
  if (report === undefined) return { passed: 0, failed: 1, skipped };
  const judgements = judgeCoverage(parseLcov(report), thresholds, ROOT);
  for (const { line } of judgements) console.log(line);
  for (const problem of judgements.flatMap(({ problems }) => problems)) console.error(problem);
  const failed = judgements.filter(({ problems }) => problems.length > 0).length;
  return { passed: judgements.length - failed, failed, skipped };
}

/** The report of the folders' own tests in LCOV form; `undefined` when a test failed. */
async function coverageOf(
  thresholds: Thresholds,
  files: readonly string[],
): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "coverage-" });
  try {
    const [data, report] = [join(folder, "data"), join(folder, "lcov.info")];
    const folders = [...thresholds.keys()];
    const sources = files.filter((file) =>
      folders.some((each) => file.startsWith(`${each}/`)) && /(?<!_test)\.ts$/.test(file)
    );
    // What no test loads would be left out of the figures instead of counting as not tested.
    const all = join(folder, "all_modules_test.ts");
    const imports = sources.map((file) => `import "${toFileUrl(join(ROOT, file))}";\n`).join("");
    await Deno.writeTextFile(all, imports);
    const flags = ["-A", "--quiet", "--no-check", "--parallel"];
    const coverage = [`--coverage=${data}`, "--coverage-raw-data-only"];
    const config = ["--config", join(ROOT, "deno.json")];
    if (await runDeno(["test", ...flags, ...coverage, ...config, ...folders, all]) !== 0) {
      return undefined;
    }
    await runDeno(["coverage", "--quiet", "--lcov", `--output=${report}`, data]);
    return await Deno.readTextFile(report);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const tally = await checkCoverage();
  console.log(tallyLine(tally));
  Deno.exit(tally.failed === 0 && tally.passed > 0 ? 0 : 1);
}
