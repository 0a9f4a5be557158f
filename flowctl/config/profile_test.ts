import { assertEquals, assertThrows } from "@std/assert";
import { DeclarationError } from "./component_declaration.ts";
import { loadProfile, parseProfile } from "./profile.ts";

const files: Record<string, string> = {
  "/p/base.yaml": "description: base\nvariables: { A: 1, B: 2 }\ncomponents: { x: { C: 3, D: 4 } }",
  "/p/mine.yaml":
    "extends: ./base.yaml\nvariables: { B: 20 }\ncomponents: { x: { D: 40 }, y: { E: 5 } }",
  "/p/on-local.yaml": "extends: local\nvariables: { START_LEDGER: 5 }",
  "/p/loop.yaml": "extends: ./loop.yaml",
  "/p/bad.yaml": "variable: { A: 1 }\nvariables: { B: { c: 1 } }\ncomponents: [x]",
};

function readText(path: string): string {
  const text = files[path];
  if (text === undefined) throw new Deno.errors.NotFound("no such file");
  return text;
}

Deno.test("the local profile needs nothing but this machine", () => {
  assertEquals(loadProfile("local").variables, { SOURCE_TYPE: "simulated" });
});

Deno.test("a profile that extends another changes only what it sets", () => {
  const { name, variables, components } = loadProfile("/p/mine.yaml", readText);
  assertEquals(name, "/p/mine.yaml");
  assertEquals(variables, { A: "1", B: "20" });
  assertEquals(components, { x: { C: "3", D: "40" }, y: { E: "5" } });
});

Deno.test("a user's profile may extend a built-in one", () => {
  assertEquals(loadProfile("/p/on-local.yaml", readText).variables, {
    SOURCE_TYPE: "simulated",
    START_LEDGER: "5",
  });
});

/** A profile, and what is said of it. */
const MISTAKES: readonly [string, string][] = [
  ["variables:\n  SIZE: 1\n  SIZE: 2", "line 3, column 3: not valid YAML: duplicated key"],
  ["variables:\n   SIZE: 1\n  WAIT: 2", "line 3, column 3: not valid YAML: bad indentation"],
  ["variables:\n  SIZE: 1\n  size: 2", "line 3, variables.size: must be the name of a variable"],
  ["components:\n  x: { SIZE: { a: 1 } }", "line 2, components.x.SIZE: must be a text"],
  ["components: { x: { A: 1 },\n  y: [] }", "line 2, components.y: must be a mapping"],
  ["description: [a]", "line 1, description: must be a text"],
  ["# one\nextends: { a: b }", "line 2, extends: must be a text"],
  ["- a", "line 1: must be a mapping"],
];

for (const [text, sentence] of MISTAKES) {
  Deno.test(`${JSON.stringify(text)} is refused as a profile with line and path`, () => {
    assertThrows(() => parseProfile(text, "x.yaml"), DeclarationError, `x.yaml: ${sentence}`);
  });
}

Deno.test("values stay as they are written, lists have commas, and nothing is empty", () => {
  const { variables } = parseProfile(
    "variables: { A: 9007199254740993, B: 007, C: [x, 1], D:, E: true, F: 1e3 }",
    "x.yaml",
  );
  assertEquals(Object.values(variables), ["9007199254740993", "007", "x,1", "", "true", "1e3"]);
});

Deno.test("a profile tells which ones it extends, the nearest first", () => {
  assertEquals(loadProfile("/p/on-local.yaml", readText).bases, ["local"]);
  assertEquals(loadProfile("development").bases, ["flowctl", "local"]);
});

Deno.test("an unknown profile, a missing file, a circle and a wrong form are told in words", () => {
  const fails = (name: string, what: string) =>
    assertThrows(() => loadProfile(name, readText), DeclarationError, what);
  fails("locl", "no such profile; did you mean local? Known are local");
  fails("flowclt", "no such profile; did you mean flowctl?");
  fails("prod", "no such profile; known are local");
  fails("constructor", "no such profile");
  fails("/p/gone.yaml", "cannot be read: no such file");
  fails("/p/loop.yaml", "extends itself");
  fails("/p/base.yaml/", "cannot be read");
  const error = fails("/p/bad.yaml", "variable: unknown key");
  assertEquals(error.problems, [
    "line 1, variable: unknown key; known are extends, description, variables, components",
    "line 2, variables.B: must be a text, a number, true, false or a list of them",
    "line 3, components: must be a mapping of keys to values",
  ]);
  assertThrows(() => parseProfile("a: [", "x.yaml"), DeclarationError, "not valid YAML");
});

Deno.test("a profile tells where each value is written, in the file of the profile that has it", () => {
  const texts: Record<string, string> = {
    "/p/base.yaml": "variables:\n  A: 1\n  B: 2\ncomponents:\n  x:\n    C: 3\n    D: 4\n",
    "/p/mine.yaml": "extends: ./base.yaml\nvariables:\n  B: 20\ncomponents: { x: { D: 40 } }\n",
  };
  const { places } = loadProfile("/p/mine.yaml", (path) => texts[path]!);
  const at = (path: string) => {
    const { source, line } = places!.get(path)!;
    return [source, line];
  };
  assertEquals(at("variables.A"), ["/p/base.yaml", 2]);
  assertEquals(at("variables.B"), ["/p/mine.yaml", 3]);
  assertEquals(at("components.x.C"), ["/p/base.yaml", 6]);
  assertEquals(at("components.x.D"), ["/p/mine.yaml", 4]);
});
