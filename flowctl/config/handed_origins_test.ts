import { assertEquals } from "@std/assert";
import { environmentOf, testDeclaration } from "./_test_declaration.ts";
import { handedOriginsText, MAX_ORIGINS_LENGTH, readHandedOrigins } from "./handed_origins.ts";
import { resolveConfig } from "./load_config.ts";
import type { Origin } from "./origin.ts";
import { childEnvironment } from "./permission_flags.ts";

const declaration = testDeclaration();

/** What a child of the manager resolves, with what the manager resolved. */
function resolvedTwice(options: Partial<Parameters<typeof resolveConfig>[0]>) {
  const common = { declaration, env: environmentOf({}), inPipeline: true };
  const parent = resolveConfig({ ...common, ...options }).config;
  const environment = childEnvironment(declaration, parent);
  const handedOrigins = readHandedOrigins(declaration, environment.PIPELINE_ORIGINS!);
  const env = environmentOf(environment);
  return { parent, environment, child: resolveConfig({ ...common, env, handedOrigins }).config };
}

Deno.test("a child's values have the origins that they have for the manager, defaults too", () => {
  const { parent, child } = resolvedTwice({
    settings: new Map([["SIZE", "7"]]),
    env: environmentOf({ KINDS: "x,y", TEST_ARROW_COMPONENT_PORT: "0" }),
    configFile: "my.env",
    profile: "./mine.yaml",
    readText: (path) => path === "my.env" ? "WAIT=10m\n" : "variables:\n  MODE: make\n",
  });
  const kinds = new Set<string>();
  for (const name of declaration.variables.keys()) {
    assertEquals(child.origin(name), parent.origin(name), name);
    kinds.add(child.origin(name).kind);
  }
  const all = ["default", "environment", "file", "override", "profile", "setting", "unset"];
  assertEquals([...kinds].sort(), all);
});

Deno.test("origins that are handed over hold no value", () => {
  const { environment } = resolvedTwice({ settings: new Map([["FOLDER", "open-sesame"]]) });
  assertEquals(
    environment.PIPELINE_ORIGINS,
    '{"FOLDER":{"kind":"setting","name":"FOLDER"}}',
  );
});

Deno.test("origins that would be too long together are left out", () => {
  const source = "x".repeat(MAX_ORIGINS_LENGTH / 2);
  const origin = (name: string): Origin => ({ kind: "profile", name, source });
  const text = handedOriginsText(["SIZE", "WAIT", "MODE"], origin);
  assertEquals([...readHandedOrigins(declaration, text).keys()], ["SIZE"]);
  assertEquals(text.length <= MAX_ORIGINS_LENGTH, true);
});

const NO_ORIGINS: readonly string[] = [
  "",
  "{",
  "[]",
  "null",
  '{"SIZE":null}',
  '{"SIZE":{"kind":"oracle","name":"SIZE"}}',
  '{"SIZE":{"kind":"file"}}',
  '{"SIZE":{"kind":"file","name":"SIZE","source":1}}',
  '{"SIZE":{"kind":"file","name":"SIZE","place":{"path":"SIZE","line":"1","source":"a"}}}',
  '{"OTHER":{"kind":"setting","name":"OTHER"}}',
  `{"SIZE":{"kind":"setting","name":"${"x".repeat(MAX_ORIGINS_LENGTH)}"}}`,
];

for (const text of NO_ORIGINS) {
  Deno.test(`${text.slice(0, 80)} hands no origin over`, () => {
    assertEquals(readHandedOrigins(declaration, text).size, 0);
  });
}
