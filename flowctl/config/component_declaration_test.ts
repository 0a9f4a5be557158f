import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  COMPONENT_NAMES,
  productDeclaration,
  TEST_YAML,
  testDeclaration,
} from "./_test_declaration.ts";
import { DeclarationError, parseDeclaration } from "./component_declaration.ts";
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

Deno.test("a mistake in a declaration is named with file, line and path", () => {
  const message = messageFor(TEST_YAML.replace("maximum: 100", "maximum: many"));
  assertStringIncludes(message, "x.yaml: ");
  const yaml = `name: a\nvariables:\n  - name: SIZE\n    type: integr\n`;
  assertStringIncludes(messageFor(yaml), "line 3, variables[0].type");
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
  assertStringIncludes(messageFor("a: [1"), "not valid YAML");
  assertStringIncludes(messageFor("- a"), "must be a mapping");
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
  assertEquals(shared.length, 25);
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
  const declarations = COMPONENT_NAMES.map(productDeclaration);
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
