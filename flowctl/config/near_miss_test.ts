import { assertEquals } from "@std/assert";
import { testDeclaration } from "./_test_declaration.ts";
import { nearestName, nearMisses } from "./near_miss.ts";

Deno.test("the nearest name is at most two changes away", () => {
  const known = ["START_LEDGER", "END_LEDGER", "PORT"];
  assertEquals(nearestName("START_LEGDER", known), "START_LEDGER");
  assertEquals(nearestName("STARTLEDGERS", known), "START_LEDGER");
  assertEquals(nearestName("START_AT", known), undefined);
  assertEquals(nearestName("PROT", known), "PORT");
});

Deno.test("short names are not near to everything short", () => {
  assertEquals(nearestName("PWD", ["PORT"]), undefined);
  assertEquals(nearestName("HOME", ["MODE"]), undefined);
});

Deno.test("misses are found in plain and prefixed names, declared ones are none", () => {
  const names = ["SOURCE_ENDPIONT", "TEST_ARROW_COMPONENT_SISE", "SIZE", "PATH", "LANG"];
  assertEquals(nearMisses([testDeclaration()], names), [
    { name: "SOURCE_ENDPIONT", nearest: "SOURCE_ENDPOINT" },
    { name: "TEST_ARROW_COMPONENT_SISE", nearest: "TEST_ARROW_COMPONENT_SIZE" },
  ]);
});
