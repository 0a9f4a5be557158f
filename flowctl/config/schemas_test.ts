import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/yaml";
import { Ajv } from "ajv";
import { environmentOf, TEST_YAML } from "./_test_declaration.ts";
import { OVERRIDE_KEYS, PERMISSION_KEYS, VARIABLE_KEYS } from "./_variable_reader.ts";
import { COMPONENT_KEYS, DeclarationError, parseDeclaration } from "./component_declaration.ts";
import { componentSchema } from "./component_schema.ts";
import { resolveConfig } from "./load_config.ts";
import { builtInProfiles, parseProfile, PROFILE_KEYS } from "./profile.ts";
import { DECLARATION_FILES } from "./product_components.ts";
import { profileSchema } from "./profile_schema.ts";
import { schemaFiles } from "./schemas.ts";
import { unknownNameWarnings } from "./unknown_names.ts";

const root = new URL("../../", import.meta.url);
const declarations = DECLARATION_FILES.map((file) =>
  parseDeclaration(Deno.readTextFileSync(new URL(file, root)), file)
);
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const isComponent = ajv.compile(componentSchema());
const isProfile = ajv.compile(profileSchema(declarations));

Deno.test("the schemas in docs/ follow from the declarations (deno run -q -A flowctl/config/schemas.ts)", async () => {
  for (const [file, schema] of Object.entries(await schemaFiles(root))) {
    assertEquals(JSON.parse(await Deno.readTextFile(new URL(file, root))), schema, file);
  }
});

Deno.test("every component.yaml and profile of the product keeps its schema, and names it for editors", async () => {
  const files: [string, typeof isComponent, string][] = [
    ...DECLARATION_FILES.map((file) =>
      [file, isComponent, "component"] as [string, typeof isComponent, string]
    ),
    ...builtInProfiles().map((name) =>
      [`profiles/${name}.yaml`, isProfile, "profile"] as [string, typeof isComponent, string]
    ),
  ];
  for (const [file, isValid, schema] of files) {
    const url = new URL(file, root);
    const text = await Deno.readTextFile(url);
    isValid(parse(text));
    assertEquals(isValid.errors ?? [], [], file);
    const [, path] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)!;
    const named = new URL(path!, url).pathname;
    assertEquals(named, new URL(`docs/schemas/${schema}.schema.json`, root).pathname);
  }
});

Deno.test("the schemas know the same keys as the loader", () => {
  // deno-lint-ignore no-explicit-any
  const schema = componentSchema() as any;
  const { then: override, else: variable } = schema.properties.variables.items;
  const keys = (part: { properties: object }) => Object.keys(part.properties).toSorted();
  assertEquals(keys(schema), COMPONENT_KEYS.toSorted());
  assertEquals(keys(variable), VARIABLE_KEYS.toSorted());
  assertEquals(keys(override), OVERRIDE_KEYS.toSorted());
  assertEquals(keys(variable.properties.permission), [...PERMISSION_KEYS].toSorted());
  // deno-lint-ignore no-explicit-any
  assertEquals(keys(profileSchema(declarations) as any), PROFILE_KEYS.toSorted());
});

/** What is replaced in a right component.yaml, and by what wrong thing. */
const COMPONENT_MISTAKES: Readonly<Record<string, [string, string]>> = {
  "an unknown key": ["version: 1.2.3", "version: 1.2.3\nvresion: 1"],
  "an unknown key of a variable": ["secret: true", "secrte: true"],
  "no name": ["name: test-arrow-component", ""],
  "a name in capitals": ["name: test-arrow-component", "name: TEST"],
  "no description": ["description: For tests.", ""],
  "an empty description": ["description: For tests.", 'description: ""'],
  "a description that is a list": ["description: For tests.", "description: [a]"],
  "an unknown type": ["type: PROCESSOR", "type: FILTER"],
  "a version of two parts": ["version: 1.2.3", "version: 1.2"],
  "no ports": ["ports: { flight: PORT, health: HEALTH_PORT }", ""],
  "empty ports": ["ports: { flight: PORT, health: HEALTH_PORT }", "ports: {}"],
  "no health endpoint": ["health_endpoint: /health", ""],
  "a health endpoint without slash": ["health_endpoint: /health", "health_endpoint: health"],
  "event types that are a text": ["input_event_types: [a]", "input_event_types: a"],
  "a variable that is a text": ["variables:\n", "variables:\n  - SIZE\n"],
  "a variable without description": ["SIZE, description: d,", "SIZE,"],
  "a variable without type": ["type: integer, default: 10,", "default: 10,"],
  "a variable without group": ["maximum: 100, group: A,", "maximum: 100,"],
  "a variable without since": ["maximum: 100, group: A, since: 1.0.0", "maximum: 100, group: A"],
  "a variable in lower case": ["name: SIZE", "name: size"],
  "a variable of an unknown type": ["type: duration", "type: time"],
  "a default that is a list": ["default: 10,", "default: [10],"],
  "a default of nothing": ["default: 10,", "default: ,"],
  "required that is a text": ["default: 10,", 'default: 10, required: "yes",'],
  "an enum without values": ["values: [read, make], default: read,", "default: read,"],
  "a list of an enum without values": [
    'items: enum, values: [x, y], example: "x,y"',
    "items: enum, example: x",
  ],
  "values that are a text": ["values: [read, make]", "values: read"],
  "a list of lists": ["items: enum", "items: list"],
  "no default and no example": ['example: "localhost:1", ', ""],
  "an unknown permission": ["{ connect: true }", "{ conect: true }"],
  "a condition that is a text": ["write: { MODE: [make] }", "write: MODE"],
  "an override with rules of its own": [
    "variables:\n",
    "variables:\n  - { name: TEST_ARROW_COMPONENT_SIZE, overrides: SIZE, description: d, since: 1.0.0, default: 5 }\n",
  ],
  "an override without description": [
    "variables:\n",
    "variables:\n  - { name: TEST_ARROW_COMPONENT_SIZE, overrides: SIZE, since: 1.0.0 }\n",
  ],
};

Deno.test("a right component.yaml is taken by schema and loader, also a manager's and one with an override", () => {
  const manager = TEST_YAML.replace("PROCESSOR", "MANAGER")
    .replace(/^ports:.*\n/m, "").replace(/^health_endpoint:.*\n/m, "");
  const override = TEST_YAML +
    "  - { name: TEST_ARROW_COMPONENT_SIZE, overrides: SIZE, description: d, since: 1.0.0 }\n";
  for (const text of [TEST_YAML, manager, override]) {
    isComponent(parse(text));
    assertEquals(isComponent.errors ?? [], []);
    parseDeclaration(text);
  }
});

for (const [what, [right, wrong]] of Object.entries(COMPONENT_MISTAKES)) {
  Deno.test(`a component.yaml with ${what} is refused by schema and loader`, () => {
    const text = TEST_YAML.replace(right, wrong);
    assertEquals(text === TEST_YAML, false);
    assertEquals(isComponent(parse(text)), false);
    assertThrows(() => parseDeclaration(text), DeclarationError);
  });
}

/** Wrong profiles. */
const PROFILE_MISTAKES: Readonly<Record<string, string>> = {
  "an unknown key": "variable: { BATCH_SIZE: 1 }",
  "extends that is a list": "extends: [local]",
  "a description that is a mapping": "description: { a: b }",
  "variables that are a list": "variables: [BATCH_SIZE]",
  "components that are a text": "components: x",
  "a component that is a list": "components: { ttp-arrow-processor: [BATCH_SIZE] }",
  "an unknown component": "components: { processor: { BATCH_SIZE: 1 } }",
  "an unknown name": "variables: { BATCH_SISE: 1 }",
  "a name of another component": "components: { stellar-arrow-source: { OUTPUT_PATH: x } }",
  "a prefix with another component's name": "variables: { STELLAR_ARROW_SOURCE_OUTPUT_PATH: x }",
  "a name in lower case": "variables: { batch_size: 1 }",
  "a value that is a mapping": "variables: { BATCH_SIZE: { a: 1 } }",
  "a number that is too low": "variables: { BATCH_SIZE: 0 }",
  "a number that is too high": "variables: { BATCH_SIZE: 10001 }",
  "a number too high for a component": "components: { ttp-arrow-processor: { BATCH_SIZE: 10001 } }",
  "a number too high in a prefixed name": "variables: { TTP_ARROW_PROCESSOR_BATCH_SIZE: 10001 }",
  "a number too high in a declared override":
    "variables: { TTP_ARROW_PROCESSOR_CONNECTION_POOL_MAX_CONNECTIONS: 51 }",
  "a number too high in a prefixed name of a component":
    "components: { ttp-arrow-processor: { TTP_ARROW_PROCESSOR_BATCH_SIZE: 10001 } }",
  "a number that is none": "variables: { BATCH_SIZE: many }",
  "a whole number that is none": "variables: { BATCH_SIZE: 1.5 }",
  "true for a number": "variables: { BATCH_SIZE: true }",
  "a boolean that is none": "variables: { ENABLE_FLOWCTL: maybe }",
  "a time without unit": "variables: { FLOWCTL_HEARTBEAT_INTERVAL: 10 }",
  "a time of another unit": "variables: { FLOWCTL_HEARTBEAT_INTERVAL: 500ms }",
  "a time of zero": "variables: { FLOWCTL_HEARTBEAT_INTERVAL: 00s }",
  "an endpoint without port": "variables: { FLOWCTL_ENDPOINT: localhost }",
  "a choice that there is not": "variables: { FLOW_CONTROL_POLICY: fastest }",
  "a list with a wrong item": "variables: { OUTPUT_FORMATS: [parquet, xml] }",
  "a wrong size": "variables: { MAX_INFLIGHT_BYTES: 64mib }",
};

/** Whether loading a profile tells something of it, as an error or as a warning. */
function isTold(text: string): boolean {
  try {
    const profile = parseProfile(text, "x.yaml");
    const given = { environment: [], profile };
    const env = environmentOf({ SOURCE_TYPE: "simulated" });
    return unknownNameWarnings(declarations, given).length > 0 ||
      declarations.some((declaration) =>
        resolveConfig({ declaration, env, profile }).problems.length > 0
      );
  } catch (error) {
    if (error instanceof DeclarationError) return true;
    throw error;
  }
}

for (const [what, text] of Object.entries(PROFILE_MISTAKES)) {
  Deno.test(`a profile with ${what} is told by schema and loader`, () => {
    assertEquals(isProfile(parse(text)), false);
    assertEquals(isTold(text), true);
  });
}

Deno.test("a right profile is taken by schema and loader, in every form in which values are written", () => {
  const text = `
extends: local
description: Mine
variables:
  BATCH_SIZE: 10
  TTP_ARROW_PROCESSOR_BATCH_SIZE: "20"
  ARROW_ANALYTICS_SINK_FLOWCTL_HEARTBEAT_INTERVAL: 1m
  ENABLE_FLOWCTL: "true"
  OUTPUT_FORMATS: [parquet, json]
  MAX_INFLIGHT_BYTES: 64MiB
  MAX_MESSAGE_BYTES: 2097152
  FLOW_CONTROL_RECOVERY_THRESHOLD: 0.5
  VERIFY_LEDGERS: off
  SIMULATED_SEED: 7
  START_LEDGER:
  LOG_LEVEL: ""
components:
  arrow-analytics-sink: { PORT: 9000, OUTPUT_FORMATS: "parquet,csv" }
  ttp-arrow-processor:
`;
  isProfile(parse(text));
  assertEquals(isProfile.errors ?? [], []);
  assertEquals(isTold(text), false);
  for (const empty of ["variables:\ncomponents:\n", "{}"]) {
    assertEquals([isProfile(parse(empty)), isTold(empty)], [true, false]);
  }
});
