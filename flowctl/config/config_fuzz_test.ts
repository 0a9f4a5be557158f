import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { environmentOf, TEST_YAML, testDeclaration } from "./_test_declaration.ts";
import { DeclarationError, parseDeclaration } from "./component_declaration.ts";
import { ConfigFileError, parseConfigFile } from "./config_file.ts";
import { resolveConfig } from "./load_config.ts";
import { parseProfile } from "./profile.ts";

const declaration = testDeclaration();
const names = [...declaration.variables.keys()];

/** Inputs for each parser: enough to meet what a person can write wrong, and quick. */
const RUNS = { numRuns: 2_000 };

/** Texts near to what is right: pieces of values, quotes, units, line ends. */
const nearlyRight = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(
    fc.constantFrom(
      "1",
      "0",
      "-",
      "s",
      "ms",
      "MiB",
      ":",
      "localhost",
      ",",
      "true",
      "=",
      "'",
      '"',
      "\n",
      "#",
    ),
    { maxLength: 12 },
  ).map((pieces) => pieces.join("")),
);

/** A YAML text with one random piece cut out and another put in. */
const changedYaml = fc.tuple(fc.nat(TEST_YAML.length), fc.nat(20), nearlyRight)
  .map(([at, cut, put]) => TEST_YAML.slice(0, at) + put + TEST_YAML.slice(at + cut));

/** Whether `read` answers, or fails with one of the errors it says. */
function answers(read: () => unknown, ...errors: (new (...args: never[]) => Error)[]): boolean {
  try {
    read();
    return true;
  } catch (error) {
    return errors.some((kind) => error instanceof kind) && error instanceof Error &&
      error.message !== "";
  }
}

Deno.test("any text in any variable is a value or a problem, and never a crash", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), nearlyRight, (name, text) => {
      const { config, problems } = resolveConfig({
        declaration,
        env: environmentOf({ [name]: text }),
      });
      const usable = config.isSet(name) || text === "" || problems.some((p) => p.variable === name);
      assertEquals(usable, true, JSON.stringify(text));
      for (const problem of problems) assertEquals(problem.rule.length > 0, true);
    }),
    RUNS,
  );
});

Deno.test("any command line is read or told wrong", () => {
  const word = fc.oneof(
    nearlyRight,
    fc.constantFrom("--size", "--strict", "--config", "--help", "--kinds=x"),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      const readText = () => "";
      const { config } = resolveConfig({ declaration, args, env: environmentOf({}), readText });
      assertEquals(config.component, "test-arrow-component");
    }),
    RUNS,
  );
});

Deno.test("any configuration file and profile is read or refused with its name", () => {
  fc.assert(
    fc.property(fc.oneof(nearlyRight, changedYaml), (text) => {
      assertEquals(answers(() => parseConfigFile(text, "my.env"), ConfigFileError), true);
      assertEquals(answers(() => parseConfigFile(text, "my.yaml"), ConfigFileError), true);
      assertEquals(answers(() => parseProfile(text, "my.yaml"), DeclarationError), true);
    }),
    RUNS,
  );
});

Deno.test("any component.yaml is read or refused with its name", () => {
  fc.assert(
    fc.property(changedYaml, (text) => {
      assertEquals(answers(() => parseDeclaration(text, "x.yaml"), DeclarationError), true, text);
    }),
    RUNS,
  );
});
