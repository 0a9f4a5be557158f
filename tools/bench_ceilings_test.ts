import { assertEquals } from "@std/assert";
import { holdAgainstCeilings } from "./bench_ceilings.ts";

function report(name: string, min: number) {
  return { benches: [{ origin: "file:///r/bench/x_bench.ts", name, results: [{ ok: { min } }] }] };
}

Deno.test("a benchmark under its ceiling passes, one over it fails with both numbers", () => {
  assertEquals(holdAgainstCeilings(report("b", 99), { b: 100 }).tally.passed, 1);
  const { tally, problems } = holdAgainstCeilings(report("b", 101), { b: 100 });
  assertEquals(tally, { passed: 0, failed: 1, skipped: 0 });
  assertEquals(
    problems[0]?.includes("takes 101 ns an iteration, more than its ceiling of 100 ns"),
    true,
  );
});

Deno.test("a benchmark without a ceiling must only run, a ceiling without a benchmark fails", () => {
  const { tally, problems } = holdAgainstCeilings(report("new", 1), { old: 100 });
  assertEquals(tally, { passed: 1, failed: 1, skipped: 0 });
  assertEquals(problems, ['bench/ceilings.json names "old", which did not run']);
});

Deno.test("a benchmark that throws fails", () => {
  const broken = {
    benches: [{ origin: "file:///x_bench.ts", name: "b", results: [{ failed: {} }] }],
  };
  assertEquals(holdAgainstCeilings(broken, { b: 1 }).tally.failed, 1);
});
