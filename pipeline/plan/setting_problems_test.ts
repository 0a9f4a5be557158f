import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseDeclaration } from "../../flowctl/mod.ts";
import { settingProblems } from "./setting_problems.ts";

const DECLARATION = parseDeclaration(`
name: some-component
description: For tests.
type: MANAGER
version: 1.0.0
ports: {}
input_event_types: []
output_event_types: []
variables:
  - { name: KEY, description: d, type: string, secret: true, example: x, group: A, since: 1.0.0 }
  - { name: SIZE, description: d, type: integer, default: "1", group: A, since: 1.0.0 }
`);

Deno.test("a secret is refused on a command line, by either of its names, without being shown", () => {
  for (const name of ["KEY", "SOME_COMPONENT_KEY"]) {
    const [problem, ...others] = settingProblems([DECLARATION], new Map([[name, "sesame"]]));
    assertEquals(others, []);
    assertStringIncludes(problem!, `--set ${name}: every user`);
    assertEquals(problem!.includes("sesame"), false);
  }
});

Deno.test("a name that nobody knows is a problem with the nearest right one, a known one is none", () => {
  assertEquals(settingProblems([DECLARATION], new Map([["SIZE", "2"]])), []);
  const [problem] = settingProblems([DECLARATION], new Map([["SIZZE", "2"]]));
  assertStringIncludes(problem!, "did you mean SIZE?");
});
