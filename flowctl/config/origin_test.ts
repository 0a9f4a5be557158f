import { assertEquals } from "@std/assert";
import { environmentOf, testDeclaration } from "./_test_declaration.ts";
import { describeProblem } from "./config_error.ts";
import { type LoadOptions, resolveConfig } from "./load_config.ts";
import { describeOrigin } from "./origin.ts";

const declaration = testDeclaration();

/** The problem with SIZE and the short origin of it, with one file that sets it. */
function told(text: string, options: Partial<LoadOptions>): [string, string] {
  const { config, problems } = resolveConfig({
    declaration,
    env: environmentOf({}),
    inPipeline: true,
    readText: () => text,
    ...options,
  });
  return [problems.map(describeProblem).join("\n"), describeOrigin(config.origin("SIZE"))];
}

const RULE = "must be a whole number from 1 to 100; for example";

Deno.test("a problem names path and line in a profile, and the short origin only the profile", () => {
  const profile = "./mine.yaml";
  assertEquals(told("variables:\n  WAIT: 10s\n  SIZE: 0\n", { profile }), [
    `SIZE: "0" (variables.SIZE, line 3 in profile ./mine.yaml) ${RULE} SIZE=10`,
    "profile ./mine.yaml",
  ]);
  assertEquals(told("components:\n  test-arrow-component:\n    SIZE: 0\n", { profile }), [
    `SIZE: "0" (components.test-arrow-component.SIZE, line 3 in profile ./mine.yaml) ${RULE} SIZE=10`,
    "profile ./mine.yaml",
  ]);
});

Deno.test("a problem names the line in a --config file of either form, the short origin does not", () => {
  assertEquals(told("# x\nexport SIZE='0'\n", { configFile: "my.env" }), [
    `SIZE: "0" (SIZE, line 2 in my.env) ${RULE} SIZE=10`,
    "SIZE in my.env",
  ]);
  assertEquals(told("WAIT: 10s\nSIZE: 0\n", { configFile: "my.yaml" }), [
    `SIZE: "0" (SIZE, line 2 in my.yaml) ${RULE} SIZE=10`,
    "SIZE in my.yaml",
  ]);
});
