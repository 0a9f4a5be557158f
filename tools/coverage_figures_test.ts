import { assertEquals } from "@std/assert";
import { judgeCoverage, parseLcov } from "./coverage_figures.ts";
import { parseThresholds } from "./coverage_thresholds.ts";

function record(path: string, lines: [number, number], branches: [number, number]): string {
  const [[lh, lf], [brh, brf]] = [lines, branches];
  return `SF:/repo/${path}\nFN:1,f\nBRF:${brf}\nBRH:${brh}\nDA:1,1\nLH:${lh}\nLF:${lf}\nend_of_record\n`;
}

const REPORT = [
  record("a/one.ts", [90, 100], [9, 10]),
  record("a/two.ts", [10, 100], [0, 0]),
  record("a/testing/fake.ts", [0, 1_000], [0, 1_000]),
  record("ab/other.ts", [0, 1_000], [0, 1_000]),
].join("");

const judge = (thresholds: string) =>
  judgeCoverage(parseLcov(REPORT), parseThresholds(thresholds), "/repo/");

Deno.test("a folder's figures are those of its files together, without what serves tests", () => {
  assertEquals(judge("a: { lines: 50, branches: 90 }"), [{
    line: "a: lines 50.0 % (at least 50 %), branches 90.0 % (at least 90 %)",
    problems: [],
  }]);
});

Deno.test("a folder below what is asked is named, with the figure and the worst file", () => {
  const [judgement] = judge("a: { lines: 50.1, branches: 91 }");
  assertEquals(judgement!.problems, [
    "a: 50.0 % of lines are tested, less than 50.1 %; most are missing in a/two.ts",
    "a: 90.0 % of branches are tested, less than 91 %; most are missing in a/one.ts",
  ]);
});

Deno.test("a folder that no test loads is below whatever is asked", () => {
  const line = "c: no file of it was loaded by a test";
  assertEquals(judge("c: { lines: 0, branches: 0 }"), [{ line, problems: [line] }]);
});
