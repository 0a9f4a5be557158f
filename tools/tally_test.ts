import { assertEquals } from "@std/assert";
import { NOTHING, oneCheck, sum, tallyLine } from "./tally.ts";

Deno.test("the line names skipped tests only when some were", () => {
  assertEquals(tallyLine({ passed: 3, failed: 1, skipped: 0 }), "3 passed, 1 failed");
  assertEquals(tallyLine({ passed: 3, failed: 0, skipped: 2 }), "3 passed, 0 failed, 2 skipped");
});

Deno.test("tallies add up over suites, and a check counts as one test", () => {
  const total = sum([oneCheck(true), oneCheck(false), { passed: 5, failed: 1, skipped: 2 }]);
  assertEquals(total, { passed: 6, failed: 2, skipped: 2 });
  assertEquals(sum([]), NOTHING);
});
