import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { environmentOf, TEST_YAML } from "./_test_declaration.ts";
import { parseCommandLine } from "./command_line.ts";
import { DeclarationError, parseDeclaration } from "./component_declaration.ts";
import { describeProblem } from "./config_error.ts";
import { helpText } from "./help_text.ts";
import { type LoadOptions, resolveConfig } from "./load_config.ts";
import { nearMisses } from "./near_miss.ts";
import { describeOrigin } from "./origin.ts";
import { childEnvironment, environmentNames } from "./permission_flags.ts";
import { configurationReference } from "./reference.ts";

const OVERRIDE = "TEST_ARROW_COMPONENT_SIZE";

/** The entry stands before the variable that it overrides: the order in the file does not count. */
function withEntry(entry: string): string {
  return TEST_YAML.replace("variables:\n", `variables:\n  - ${entry}\n`);
}

const declaration = parseDeclaration(
  withEntry(`{ name: ${OVERRIDE}, overrides: SIZE, description: Own size., since: 1.0.0 }`),
);

function resolve(variables: Record<string, string>, options: Partial<LoadOptions> = {}) {
  return resolveConfig({ declaration, env: environmentOf(variables), ...options });
}

Deno.test("a declared override has the type and rules of its variable, and no default, flag or permission", () => {
  const base = declaration.variables.get("SIZE")!;
  const override = declaration.variables.get(OVERRIDE)!;
  const { default: _, ...rules } = base;
  assertEquals(override, {
    ...rules,
    name: OVERRIDE,
    description: "Own size.",
    overrides: "SIZE",
  });
  const { problems } = parseCommandLine(declaration, ["--test-arrow-component-size", "5"]);
  assertEquals(problems.length, 1);
  assertEquals(environmentNames(declaration).includes(OVERRIDE), false);
});

Deno.test("a declared override sets its variable, and both tell their value and origin", () => {
  const { config } = resolve({ [OVERRIDE]: "22", SIZE: "33" });
  assertEquals([config.integer("SIZE"), config.integer(OVERRIDE)], [22, 22]);
  const origins = ["SIZE", OVERRIDE].map((name) => describeOrigin(config.origin(name)));
  assertEquals(origins, Array(2).fill(`environment variable ${OVERRIDE}`));
});

Deno.test("a declared override that nothing sets is unset, whatever its variable is", () => {
  const { config } = resolve({ SIZE: "33" });
  assertEquals([config.integer("SIZE"), config.optionalInteger(OVERRIDE)], [33, undefined]);
  assertEquals(config.origin(OVERRIDE).kind, "unset");
});

Deno.test("an override in a file or profile is told by the name that is written there", () => {
  const text = `${OVERRIDE}=4`;
  const fromFile = resolve({}, { configFile: "my.env", readText: () => text }).config;
  assertEquals(describeOrigin(fromFile.origin(OVERRIDE)), `${OVERRIDE} in my.env`);
  const profile = { name: "mine", description: "", variables: { [OVERRIDE]: "5" }, components: {} };
  const { config } = resolve({}, { profile });
  assertEquals([config.integer("SIZE"), config.integer(OVERRIDE)], [5, 5]);
  assertEquals(config.origin("SIZE"), { kind: "profile", name: OVERRIDE, source: "mine" });
});

Deno.test("a wrong override is told once, by the name that the user wrote", () => {
  const told = (variables: Record<string, string>, args: string[] = []) =>
    resolve(variables, { args }).problems.map(describeProblem);
  const size = `${OVERRIDE}: "0" (environment variable ${OVERRIDE}) must be a whole number ` +
    `from 1 to 100; for example ${OVERRIDE}=10`;
  assertEquals(told({ [OVERRIDE]: "0" }), [size]);
  // Where a flag beats it, it is wrong all the same.
  assertEquals(told({ [OVERRIDE]: "0" }, ["--size", "5"]), [size]);
  // The override of a variable that declares none.
  const wait = told({ TEST_ARROW_COMPONENT_WAIT: "0s" });
  assertEquals(wait.length, 1);
  assertStringIncludes(wait[0]!, 'TEST_ARROW_COMPONENT_WAIT: "0s" (environment variable');
  assertStringIncludes(wait[0]!, "for example TEST_ARROW_COMPONENT_WAIT=10s");
});

Deno.test("a child gets the value once, in the prefixed form of its variable", () => {
  const { config } = resolve({ [OVERRIDE]: "22" });
  const names = Object.keys(childEnvironment(declaration, config));
  assertEquals(names.filter((name) => name.includes("SIZE")), [OVERRIDE]);
});

Deno.test("help and guide show a declared override without a flag, and it is nobody's near miss", () => {
  assertStringIncludes(helpText(declaration), `  ${OVERRIDE} (no flag)\n      Own size.`);
  assertStringIncludes(configurationReference([declaration], []), `| \`${OVERRIDE}\` | Own size.`);
  assertEquals(nearMisses([declaration], [OVERRIDE]), []);
  assertEquals(nearMisses([declaration], [`${OVERRIDE}S`])[0]!.nearest, OVERRIDE);
});

const WRONG: readonly [string, string, string][] = [
  ["of nothing", "overrides: SEIZE, description: d, since: 1.0.0", '"SEIZE" is not a declared'],
  ["of another name", "overrides: WAIT, description: d, since: 1.0.0", "COMPONENT_WAIT, as it"],
  ["with rules of its own", "overrides: SIZE, type: integer", "unknown key"],
  ["without description", "overrides: SIZE, since: 1.0.0", "description: is missing"],
];

for (const [what, keys, sentence] of WRONG) {
  Deno.test(`a declared override ${what} is refused`, () => {
    const yaml = withEntry(`{ name: ${OVERRIDE}, ${keys} }`);
    assertThrows(() => parseDeclaration(yaml), DeclarationError, sentence);
  });
}
