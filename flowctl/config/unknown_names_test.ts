import { assertEquals, assertThrows } from "@std/assert";
import { COMPONENT_NAMES, productDeclaration } from "./_test_declaration.ts";
import { parseDeclaration } from "./component_declaration.ts";
import { DECLARATION_FILES } from "./product_components.ts";
import { builtInProfiles } from "./profile.ts";
import { type NameSources, unknownNameWarnings } from "./unknown_names.ts";

const declarations = COMPONENT_NAMES.map(productDeclaration);

function told(sources: Partial<NameSources>, text = ""): string[] {
  return unknownNameWarnings(declarations, { environment: [], readText: () => text, ...sources });
}

Deno.test("of the environment only names near to a declared one are told", () => {
  const environment = ["PATH", "SSL_CERT_FILE", "START_LEGDER", "SINK_START_LEDGER", "BATCH_SIZE"];
  assertEquals(told({ environment }), [
    "START_LEGDER is set but no component knows it; did you mean START_LEDGER?",
  ]);
});

Deno.test("of a configuration file every name that no component declares is told", () => {
  const text = "BATCH_SIZE=1\nTTP_ARROW_PROCESSOR_BATCH_SIZE=1\nBATCH_SISE=1\nDATABASE_URL=x\n" +
    "TTP_ARROW_PROCESSOR_ENABLE_FLOWCTL=true\nTTP_ARROW_PROCESSOR_SOURCE_TYPE=x";
  assertEquals(told({ configFile: "my.env" }, text), [
    "BATCH_SISE, line 3 in my.env: no component declares it; did you mean BATCH_SIZE?",
    "DATABASE_URL, line 4 in my.env: no component declares it",
    "TTP_ARROW_PROCESSOR_SOURCE_TYPE, line 6 in my.env: no component declares it",
  ]);
});

Deno.test("of a profile every name, component and component's name that is not declared is told", () => {
  const text = `
variables: { BATCH_SIZE: 1, PROT: 1, DATABASE_URL: x }
components:
  stellar-arrow-source: { SOURCE_TYPE: filesystem, PORT: 1, OUTPUT_PATH: x, PROT: 2 }
  stellar-arrow-sorce: { PORT: 1 }
  sink: { PORT: 1 }
`;
  assertEquals(told({ profile: "./mine.yaml" }, text), [
    "variables.PROT, line 2 in profile ./mine.yaml: no component declares it; did you mean PORT?",
    "variables.DATABASE_URL, line 2 in profile ./mine.yaml: no component declares it",
    "components.stellar-arrow-source.OUTPUT_PATH, line 4 in profile ./mine.yaml: stellar-arrow-source does " +
    "not declare it",
    "components.stellar-arrow-source.PROT, line 4 in profile ./mine.yaml: stellar-arrow-source does not " +
    "declare it; did you mean PORT?",
    "components.stellar-arrow-sorce, line 5 in profile ./mine.yaml: no component has this name; " +
    "did you mean stellar-arrow-source?",
    "components.sink, line 6 in profile ./mine.yaml: no component has this name; known are " +
    "stellar-arrow-source, ttp-arrow-processor, arrow-analytics-sink",
  ]);
});

Deno.test("of the built-in profiles nothing is told", () => {
  const root = new URL("../../", import.meta.url);
  const all = DECLARATION_FILES.map((file) =>
    parseDeclaration(Deno.readTextFileSync(new URL(file, root)), file)
  );
  for (const profile of builtInProfiles()) {
    assertEquals(unknownNameWarnings(all, { environment: [], profile }), []);
  }
});

Deno.test("what cannot be read is passed over, a mistake of the program is not", () => {
  const failing = (error: Error) => () => {
    throw error;
  };
  const readText = failing(new Deno.errors.NotFound("no such file"));
  assertEquals(told({ configFile: "gone.env", profile: "./gone.yaml", readText }), []);
  assertEquals(told({ configFile: "my.yaml", profile: "nowhere" }, "a: ["), []);
  const broken = failing(new TypeError("broken"));
  assertThrows(() => told({ configFile: "my.env", readText: broken }), TypeError, "broken");
});
