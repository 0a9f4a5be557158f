import { assertEquals, assertThrows } from "@std/assert";
import { parseThresholds } from "./coverage_thresholds.ts";

Deno.test("thresholds are read by folder", () => {
  assertEquals(
    [...parseThresholds("a/b: { lines: 95, branches: 90.5 }\nc: { lines: 0, branches: 100 }")],
    [["a/b", { lines: 95, branches: 90.5 }], ["c", { lines: 0, branches: 100 }]],
  );
});

Deno.test("an entry that asks for nothing that can be held is refused by name", () => {
  for (const wrong of ["{ lines: 95 }", "{ lines: 95, branches: 101 }", "95", "{}", ""]) {
    assertThrows(() => parseThresholds(`a/b: ${wrong}`), TypeError, '"a/b" must have lines');
  }
  assertThrows(() => parseThresholds("# nothing"), TypeError, "nothing is asserted");
});
