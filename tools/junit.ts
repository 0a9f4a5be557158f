import { type Tally } from "./tally.ts";

interface TestCase {
  readonly name: string;
  readonly file: string;
  readonly outcome: keyof Tally;
}

/**
 * Counts the tests in a JUnit report of `deno test --junit-path`.
 *
 * Deno lists the steps of a test as cases of their own, named `<test> > <step>`. They are part of
 * their test, which fails when one of them does, so they are not counted again: the numbers are
 * those of Deno's own summary.
 */
export function tallyOfJunit(report: string): Tally {
  const cases = testCases(report);
  const names = new Set(cases.map((c) => `${c.file}\n${c.name}`));
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const testCase of cases) {
    if (!isStep(testCase, names)) tally[testCase.outcome] += 1;
  }
  return tally;
}

function isStep(testCase: TestCase, names: ReadonlySet<string>): boolean {
  const separator = " &gt; ";
  let at = testCase.name.indexOf(separator);
  while (at >= 0) {
    if (names.has(`${testCase.file}\n${testCase.name.slice(0, at)}`)) return true;
    at = testCase.name.indexOf(separator, at + separator.length);
  }
  return false;
}

function testCases(report: string): TestCase[] {
  const cases: TestCase[] = [];
  const pattern =
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;
  for (const [, name = "", file = "", body = ""] of report.matchAll(pattern)) {
    const outcome = /<(failure|error)\b/.test(body)
      ? "failed"
      : body.includes("<skipped")
      ? "skipped"
      : "passed";
    cases.push({ name, file, outcome });
  }
  return cases;
}
