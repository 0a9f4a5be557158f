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

Deno.test("an unknown profile, a missing file, a circle and a wrong form are told in words", () => {
  const fails = (name: string, what: string) =>
    assertThrows(() => loadProfile(name, readText), DeclarationError, what);
  fails("locl", "no such profile; known are local");
  fails("constructor", "no such profile");
  fails("/p/gone.yaml", "cannot be read: no such file");
  fails("/p/loop.yaml", "extends itself");
  const error = fails("/p/bad.yaml", "variable: unknown key");
  assertEquals(error.problems.length, 3);
  assertThrows(() => parseProfile("a: [", "x.yaml"), DeclarationError, "not valid YAML");
});
