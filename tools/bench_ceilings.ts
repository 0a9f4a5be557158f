import { join, relative, toFileUrl } from "@std/path";
import { ROOT } from "./repository.ts";
import { type Tally } from "./tally.ts";

/**
 * Longest time of the fastest iteration by benchmark name, in nanoseconds: five times its target. The
 * fastest, because a busy machine makes any other slower and none faster.
 */
export type Ceilings = Readonly<Record<string, number>>;

/** What `deno bench --json` says of one benchmark. */
interface BenchReport {
  readonly benches: readonly {
    readonly origin: string;
    readonly name: string;
    readonly results: readonly {
      readonly ok?: { readonly min: number };
      readonly failed?: unknown;
    }[];
  }[];
}

/**
 * Holds every benchmark against its ceiling. One without a ceiling (those that compare ways of
 * doing a thing have no target) must only run. A ceiling without a benchmark fails: otherwise a
 * renamed benchmark would go unwatched.
 *
 * @returns the tally, and a sentence for each failure.
 */
export function holdAgainstCeilings(
  report: BenchReport,
  ceilings: Ceilings,
): { tally: Tally; problems: string[] } {
  const problems: string[] = [];
  let passed = 0;
  const seen = new Set<string>();
  for (const bench of report.benches) {
    seen.add(bench.name);
    const problem = problemOf(bench, ceilings[bench.name]);
    if (problem === undefined) passed += 1;
    else problems.push(problem);
  }
  for (const name of Object.keys(ceilings)) {
    if (!seen.has(name)) problems.push(`bench/ceilings.json names "${name}", which did not run`);
  }
  return { tally: { passed, failed: problems.length, skipped: 0 }, problems };
}

function problemOf(
  bench: BenchReport["benches"][number],
  ceiling: number | undefined,
): string | undefined {
  const from = relative(toFileUrl(ROOT).pathname, new URL(bench.origin).pathname);
  const times = bench.results.map((result) => result.ok?.min);
  if (times.length === 0 || times.includes(undefined)) return `"${bench.name}" (${from}) failed`;
  const slowest = Math.max(...(times as number[]));
  if (ceiling === undefined || slowest <= ceiling) return undefined;
  return `"${bench.name}" (${from}) takes ${slowest.toFixed(0)} ns an iteration, ` +
    `more than its ceiling of ${ceiling} ns`;
}

/** Runs all benchmarks once and prints those over their ceiling. */
export async function checkBenches(): Promise<Tally> {
  const ceilings = JSON.parse(await Deno.readTextFile(join(ROOT, "bench/ceilings.json")));
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: ["bench", "--quiet", "--allow-all", "--no-check", "--json"],
    cwd: ROOT,
    stdin: "null",
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!text.includes("{")) {
    console.error(`deno bench gave no report and ended with code ${code}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // A benchmark may print; the report is the last thing on standard output and starts a line.
  const report = JSON.parse(text.slice(text.search(/^\{/m)));
  const { tally, problems } = holdAgainstCeilings(report, ceilings);
  for (const problem of problems) console.error(problem);
  return tally;
}
