/**
 * The one gate: everything that must hold before a change is taken. Run by `deno task test`.
 *
 * Every part runs, also after one has failed. The last line is `N passed, N failed` over all of
 * them; the exit code is 0 only when something ran and nothing failed.
 *
 * `deno task test --only NAME` runs the parts whose name contains NAME.
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Suite, suites } from "./suites.ts";
import { oneCheck, sum, type Tally, tallyLine } from "./tally.ts";

interface Outcome {
  readonly name: string;
  readonly tally: Tally;
  readonly seconds: number;
}

async function runSuite(suite: Suite): Promise<Outcome> {
  console.log(`\n── ${suite.name}`);
  const start = performance.now();
  let tally: Tally;
  try {
    tally = await suite.run();
  } catch (error) {
    console.error(error);
    tally = oneCheck(false);
  }
  return { name: suite.name, tally, seconds: (performance.now() - start) / 1000 };
}

function printTable(outcomes: readonly Outcome[]): void {
  const width = Math.max(...outcomes.map((outcome) => outcome.name.length));
  console.log("");
  for (const { name, tally, seconds } of outcomes) {
    const mark = tally.failed === 0 ? "ok    " : "FAILED";
    console.log(
      `${mark} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(7)} s  ${tallyLine(tally)}`,
    );
  }
}

async function main(): Promise<number> {
  const args = parseArgs(Deno.args, { string: ["only"] });
  const chosen = suites().filter((suite) => suite.name.includes(args.only ?? ""));
  const outcomes: Outcome[] = [];
  for (const suite of chosen) outcomes.push(await runSuite(suite));
  if (outcomes.length > 0) printTable(outcomes);
  const total = sum(outcomes.map((outcome) => outcome.tally));
  if (total.passed === 0) console.log("No test passed: nothing ran, or everything failed.");
  console.log(tallyLine(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
