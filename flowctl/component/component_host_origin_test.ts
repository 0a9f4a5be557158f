import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  childEnvironment,
  ConfigError,
  type LoadOptions,
  parseDeclaration,
  resolveConfig,
} from "../config/mod.ts";
import { FakeProcess } from "./_fake_process.ts";
import { runComponent } from "./component_host.ts";

const declaration = parseDeclaration(
  await Deno.readTextFile(new URL("./testdata/component.yaml", import.meta.url)),
);

/** What a component of a pipeline says that finds only at its start that SOURCE_TYPE cannot be. */
async function told(options: Partial<LoadOptions>): Promise<string> {
  const env = { get: () => undefined };
  const { config } = resolveConfig({ declaration, env, inPipeline: true, ...options });
  const process = new FakeProcess({
    ...childEnvironment(declaration, config),
    PIPELINE_CHILD: "1",
  });
  await runComponent(declaration, ({ config }) => {
    throw new ConfigError(config.component, [{
      variable: "SOURCE_TYPE",
      value: config.shown("SOURCE_TYPE"),
      origin: config.origin("SOURCE_TYPE"),
      rule: "cannot be read here",
      example: "",
    }]);
  }, { process });
  assertEquals(process.codes, [2]);
  return process.err.join("\n");
}

Deno.test("a component of a pipeline names the --set that the user wrote, not what the manager made of it", async () => {
  const text = await told({ settings: new Map([["SOURCE_TYPE", "filesystem"]]) });
  assertStringIncludes(
    text,
    'SOURCE_TYPE: "filesystem" (--set SOURCE_TYPE) cannot be read here',
  );
});

Deno.test("a component of a pipeline names line and path of the profile that the manager read", async () => {
  const text = await told({
    profile: "./mine.yaml",
    readText: () => "components:\n  test-arrow-component:\n    SOURCE_TYPE: filesystem\n",
  });
  assertStringIncludes(
    text,
    "(components.test-arrow-component.SOURCE_TYPE, line 3 in profile ./mine.yaml) cannot",
  );
});

Deno.test("a wrong value that a manager hands over is told by the user's own name and origin", async () => {
  const process = new FakeProcess({
    PIPELINE_CHILD: "1",
    TEST_ARROW_COMPONENT_SOURCE_TYPE: "magic",
    PIPELINE_ORIGINS: '{"SOURCE_TYPE":{"kind":"setting","name":"SOURCE_TYPE"}}',
  });
  await runComponent(declaration, () => {
    throw new Error("never built");
  }, { process });
  assertEquals(process.codes, [2]);
  assertStringIncludes(process.err.join("\n"), 'SOURCE_TYPE: "magic" (--set SOURCE_TYPE) must be');
});

Deno.test("a process that no manager started takes no origins", async () => {
  const process = new FakeProcess({
    TEST_ARROW_COMPONENT_SOURCE_TYPE: "magic",
    PIPELINE_ORIGINS: '{"SOURCE_TYPE":{"kind":"setting","name":"SOURCE_TYPE"}}',
  });
  await runComponent(declaration, () => {
    throw new Error("never built");
  }, { process });
  assertStringIncludes(
    process.err.join("\n"),
    "(environment variable TEST_ARROW_COMPONENT_SOURCE_TYPE)",
  );
});
