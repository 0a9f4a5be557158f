import { assertEquals } from "@std/assert";
import { environmentOf, TEST_YAML } from "./_test_declaration.ts";
import { parseDeclaration } from "./component_declaration.ts";
import { resolveConfig } from "./load_config.ts";

/** More variables than any component has. */
const MANY = 150;

const entry = (at: number) =>
  `  - { name: MORE_${at}, description: d, type: integer, default: ${at}, maximum: 1000, ` +
  "group: More, since: 1.0.0 }\n";
const declaration = parseDeclaration(
  TEST_YAML + Array.from({ length: MANY }, (_, at) => entry(at)).join(""),
);

Deno.test("a component of far more than 100 variables resolves each with its own value and origin", () => {
  const variables: Record<string, string> = {};
  for (let at = 0; at < MANY; at += 3) variables[`MORE_${at}`] = String(at + 500);
  for (let at = 0; at < MANY; at += 5) {
    variables[`TEST_ARROW_COMPONENT_MORE_${at}`] = String(at + 800);
  }
  const { config, problems } = resolveConfig({ declaration, env: environmentOf(variables) });
  assertEquals(problems, []);
  for (let at = 0; at < MANY; at++) {
    const [value, kind] = at % 5 === 0
      ? [at + 800, "override"]
      : at % 3 === 0
      ? [at + 500, "environment"]
      : [at, "default"];
    assertEquals([config.integer(`MORE_${at}`), config.origin(`MORE_${at}`).kind], [value, kind]);
  }
});

Deno.test("all of 150 wrong values are told at once", () => {
  const wrong = Array.from({ length: MANY }, (_, at) => [`MORE_${at}`, "1001"]);
  const env = environmentOf(Object.fromEntries(wrong));
  assertEquals(resolveConfig({ declaration, env }).problems.length, MANY);
});
