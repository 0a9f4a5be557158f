import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  COMPONENT_NAMES,
  productDeclaration,
  TEST_YAML,
  testDeclaration,
} from "./_test_declaration.ts";
import { DeclarationError, parseDeclaration } from "./component_declaration.ts";
import { DECLARATION_FILES } from "./product_components.ts";
import { builtInProfiles, loadProfile } from "./profile.ts";

function messageFor(yaml: string): string {
  return assertThrows(() => parseDeclaration(yaml, "x.yaml"), DeclarationError).message;
}

Deno.test("a declaration is read with its prefix, ports and variables in order", () => {
  const declaration = testDeclaration();
  assertEquals(declaration.prefix, "TEST_ARROW_COMPONENT");
  assertEquals(declaration.ports, { flight: "PORT", health: "HEALTH_PORT" });
  assertEquals([...declaration.variables.keys()].slice(0, 3), ["SIZE", "RATIO", "STRICT"]);
  assertEquals(declaration.variables.get("SIZE")!.default, "10");
});

/** A part of the declaration, what is written instead, and what is said of it beside its line. */
const MISTAKES: readonly [string, string, string][] = [
  ["version: 1.2.3", "version: 1.2", "version: must be a text"],
  [
    "maximum: 100,",
    "maximum: many,",
    'variables[0].maximum: "many" does not keep the variable\'s own rules',
  ],
  [
    "type: number",
    "type: numbre",
    'variables[1].type: "numbre" must be one of ' +
    "string, boolean, integer, number, duration, bytes, endpoint, path, enum, list",
  ],
  [
    "STRICT, description: d, type: bool",
    "SIZE, description: d, type: bool",
    'variables[2].name: "SIZE" is declared twice',
  ],
  [
    "  - { name: WAIT, description: d, type: duration, default: 10s, minimum: 1s, group: A, since: 1.0.0 }",
    "  - WAIT",
    "variables[3]: must be a mapping of keys to values",
  ],
  [
    "write: { MODE: [make] }",
    "write: { MODUS: [make] }",
    'variables[6].permission.write.MODUS: "MODUS" is not a declared variable',
  ],
  [
    "write: { MODE: [make] }",
    "write: { MODE: [maek] }",
    'variables[6].permission.write.MODE: "maek" is no value of MODE',
  ],
  [
    "write: { MODE: [make] }",
    "write: MODE",
    "variables[6].permission.write: must be true, or a mapping of variables to the values that permit it",
  ],
  ["{ connect: true }", "{ conect: true }", "variables[5].permission.conect: unknown key"],
  ["health: HEALTH_PORT", "health: HEALTH", 'ports.health: "HEALTH" is not a declared variable'],
];

Deno.test("a mistake in a declaration is named with file, line and path", () => {
  for (const [right, wrong, problem] of MISTAKES) {
    const yaml = TEST_YAML.replace(right, wrong);
    const line = yaml.split("\n").findIndex((text) => text.includes(wrong.split("\n").at(-1)!)) + 1;
    assertEquals(messageFor(yaml).split(";")[0], `x.yaml: line ${line}, ${problem}`);
  }
});

Deno.test("all mistakes of a declaration are told at once", () => {
  const broken = TEST_YAML.replace("type: PROCESSOR", "type: FILTER").replace(
    "default: 10,",
    "default: 1000,",
  );
  const error = assertThrows(() => parseDeclaration(broken, "x.yaml"), DeclarationError);
  assertEquals(error.problems.length >= 2, true);
  assertStringIncludes(
    error.message,
    '"FILTER" must be one of SOURCE, PROCESSOR, SINK, CONTROL_PLANE, MANAGER',
  );
  assertStringIncludes(error.message, '"1000" does not keep the variable\'s own rules');
});

Deno.test("unknown keys, double names and references to nothing are refused", () => {
  assertStringIncludes(
    messageFor(TEST_YAML.replace("secret: true", "secrte: true")),
    "unknown key",
  );
  assertStringIncludes(
    messageFor(TEST_YAML.replace("name: RATIO", "name: SIZE")),
    "declared twice",
  );
  assertStringIncludes(
    messageFor(TEST_YAML.replace("flight: PORT", "flight: PROT")),
    '"PROT" is not a declared variable',
  );
  assertStringIncludes(messageFor(TEST_YAML.replace("MODE: [make]", "MODUS: [make]")), '"MODUS"');
  assertStringIncludes(
    messageFor(TEST_YAML.replace('"^[a-z]+$"', '"["')),
    "not a regular expression",
  );
  assertStringIncludes(
    messageFor("a: 1\na: 2"),
    "line 2, column 1: not valid YAML: duplicated key",
  );
  assertStringIncludes(messageFor("a: [1"), "not valid YAML");
  assertStringIncludes(messageFor("\n- a"), "x.yaml: line 2: must be a mapping");
});

Deno.test("the control plane declares itself like a component, a manager needs no ports and no health", () => {
  const withoutServer = (type: string) =>
    TEST_YAML.replace("type: PROCESSOR", `type: ${type}`)
      .replace(/^ports:.*\n/m, "").replace(/^health_endpoint:.*\n/m, "");
  const plane = parseDeclaration(TEST_YAML.replace("type: PROCESSOR", "type: CONTROL_PLANE"));
  assertEquals([plane.type, plane.healthEndpoint], ["CONTROL_PLANE", "/health"]);
  const manager = parseDeclaration(withoutServer("MANAGER"));
  assertEquals([manager.type, manager.ports, manager.healthEndpoint], ["MANAGER", {}, ""]);
  for (const type of ["PROCESSOR", "CONTROL_PLANE"]) {
    assertStringIncludes(messageFor(withoutServer(type)), "ports: must name the variable");
    assertStringIncludes(messageFor(withoutServer(type)), "health_endpoint: is missing");
  }
});

Deno.test("variables that components share are declared alike, but for what must differ", () => {
  const declarations = COMPONENT_NAMES.map(productDeclaration);
  const [source] = declarations;
  const differing = ["PORT", "HEALTH_PORT", "TLS_CA_FILE", "FLOWCTL_COMPONENT_ID", "BATCH_SIZE"];
  const shared = [...source!.variables.keys()].filter((name) =>
    !differing.includes(name) && declarations.every(({ variables }) => variables.has(name))
  );
  assertEquals(shared.length, 26);
  for (const name of shared) {
    const [first, ...rest] = declarations.map((declaration) => declaration.variables.get(name));
    for (const other of rest) assertEquals(other, first, name);
  }
});

Deno.test("the product's ports are those of the design and differ from one another", () => {
  const ports = COMPONENT_NAMES.map(productDeclaration).flatMap((declaration) =>
    Object.values(declaration.ports).map((name) => declaration.variables.get(name)!.default)
  );
  assertEquals(ports, ["8815", "8088", "8816", "8089", "8817", "8090"]);
});

Deno.test("built-in profiles set only declared variables", () => {
  const root = new URL("../../", import.meta.url);
  const declarations = DECLARATION_FILES.map((file) =>
    parseDeclaration(Deno.readTextFileSync(new URL(file, root)), file)
  );
  for (const name of builtInProfiles()) {
    const profile = loadProfile(name);
    for (const variable of Object.keys(profile.variables)) {
      assertEquals(
        declarations.some((d) => d.variables.has(variable)),
        true,
        `${name}: ${variable}`,
      );
    }
    for (const component of Object.keys(profile.components)) {
      assertEquals(declarations.some((d) => d.name === component), true, `${name}: ${component}`);
    }
  }
});
