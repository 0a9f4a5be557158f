import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { environmentOf, productDeclaration, testDeclaration } from "./_test_declaration.ts";
import { ConfigError } from "./config_error.ts";
import { loadConfig, type LoadOptions, resolveConfig } from "./load_config.ts";
import { describeOrigin } from "./origin.ts";
import type { Profile } from "./profile.ts";

const declaration = testDeclaration();

const profile: Profile = {
  name: "mine",
  description: "",
  variables: { SIZE: "55", WAIT: "3s", PORT: "1055", TEST_ARROW_COMPONENT_MODE: "make" },
  components: { "test-arrow-component": { WAIT: "5s" }, other: { WAIT: "7s" } },
};

function load(
  options: Partial<LoadOptions> & { variables?: Record<string, string>; file?: string },
) {
  const { variables, file, ...rest } = options;
  return loadConfig({
    declaration,
    env: environmentOf(variables ?? {}),
    ...(file === undefined ? {} : { configFile: "my.env", readText: () => file }),
    ...rest,
  });
}

Deno.test("a value comes from the first of the six places that sets it, and tells which", () => {
  const places: [Parameters<typeof load>[0], number, string][] = [
    [{ args: ["--size", "11"] }, 11, "flag --size"],
    [
      { variables: { TEST_ARROW_COMPONENT_SIZE: "22" } },
      22,
      "environment variable TEST_ARROW_COMPONENT_SIZE",
    ],
    [{ variables: { SIZE: "33" } }, 33, "environment variable SIZE"],
    [{ file: "SIZE=44" }, 44, "SIZE in my.env"],
    [{ profile }, 55, "profile mine"],
    [{}, 10, "default"],
  ];
  for (let first = 0; first < places.length; first++) {
    const variables: Record<string, string> = {};
    let all: Parameters<typeof load>[0] = {};
    for (const [place] of places.slice(first)) {
      Object.assign(variables, place.variables);
      all = { ...all, ...place, variables };
    }
    const config = load(all);
    assertEquals(config.integer("SIZE"), places[first]![1]);
    assertEquals(describeOrigin(config.origin("SIZE")), places[first]![2]);
  }
});

Deno.test("prefixed names rank as overrides within a file, and a component's part within a profile", () => {
  assertEquals(load({ file: "TEST_ARROW_COMPONENT_SIZE=1\nSIZE=2" }).integer("SIZE"), 1);
  assertEquals(load({ profile }).durationMs("WAIT"), 5000);
  assertEquals(load({ profile }).string("MODE"), "make");
});

Deno.test("an empty text counts as not set, wherever it stands", () => {
  const variables = { TEST_ARROW_COMPONENT_SIZE: "", SIZE: "" };
  assertEquals(load({ variables, file: "SIZE=", profile }).integer("SIZE"), 55);
});

Deno.test("in a pipeline only prefixed ports count", () => {
  const variables = { PORT: "1", TEST_ARROW_COMPONENT_HEALTH_PORT: "2", HEALTH_PORT: "3" };
  const file = "PORT=4";
  const alone = load({ variables, file, profile });
  assertEquals([alone.integer("PORT"), alone.integer("HEALTH_PORT")], [1, 2]);
  const inPipeline = load({ variables, file, profile, inPipeline: true });
  assertEquals([inPipeline.integer("PORT"), inPipeline.integer("HEALTH_PORT")], [8816, 2]);
});

Deno.test("all problems are reported at once, with value, origin, rule and example", () => {
  const error = assertThrows(
    () =>
      load({
        args: ["--size", "0", "--wiat", "3s"],
        variables: { MODE: "write" },
        file: "WAIT=0s",
      }),
    ConfigError,
  );
  assertEquals(error.problems.length, 4);
  assertStringIncludes(error.message, "test-arrow-component: 4 problems in the configuration");
  assertStringIncludes(error.message, "--wiat: is not a flag; did you mean --wait?");
  assertStringIncludes(
    error.message,
    'SIZE: "0" (flag --size) must be a whole number from 1 to 100; for example SIZE=10',
  );
  assertStringIncludes(
    error.message,
    'MODE: "write" (environment variable MODE) must be one of read, make; for example MODE=read',
  );
  assertStringIncludes(error.message, 'WAIT: "0s" (WAIT, line 1 in my.env) must be a time');
});

Deno.test("a wrong secret is not shown, neither is a right one", () => {
  const error = assertThrows(() => load({ variables: { TOKEN: "S3CRET" } }), ConfigError);
  assertEquals(error.message.includes("S3CRET"), false);
  assertStringIncludes(error.message, 'TOKEN: "***"');
  const config = load({ variables: { TOKEN: "sesame" } });
  assertEquals([config.shown("TOKEN"), config.string("TOKEN")], ["***", "sesame"]);
  assertEquals(config.secrets(), ["sesame"]);
});

Deno.test("a value with line ends cannot make a line of its own in the report", () => {
  const error = assertThrows(() => load({ variables: { MODE: "a\nSIZE: fine" } }), ConfigError);
  assertEquals(error.message.split("\n").length, 2);
});

Deno.test("a required variable that nothing sets is a problem with an example", () => {
  const source = productDeclaration("stellar-arrow-source");
  const error = assertThrows(
    () => loadConfig({ declaration: source, env: environmentOf({}) }),
    ConfigError,
  );
  assertStringIncludes(
    error.message,
    "SOURCE_TYPE: is not set and must be one of simulated, filesystem; for example SOURCE_TYPE=filesystem",
  );
});

Deno.test("the result is frozen, typed, and keeps the text as it was written", () => {
  const config = load({ variables: { WAIT: "10m", KINDS: "y, x", STRICT: "true" } });
  assertEquals([config.durationMs("WAIT"), config.text("WAIT")], [600_000, "10m"]);
  assertEquals(config.list("KINDS"), ["y", "x"]);
  assertEquals(config.boolean("STRICT"), true);
  assertEquals([config.bytes("MEMORY"), config.number("RATIO")], [1 << 20, 0.5]);
  assertEquals([config.optionalString("SOURCE_ENDPOINT"), config.isSet("SOURCE_ENDPOINT")], [
    undefined,
    false,
  ]);
  assertThrows(() => Object.assign(config.values, { SIZE: 1 }), TypeError);
  assertThrows(() => (config.list("KINDS") as string[]).push("z"), TypeError);
});

Deno.test("asking for a variable that is not declared, or as another type, is a mistake of the program", () => {
  const config = load({});
  assertThrows(() => config.string("NOTHING"), TypeError, "not declared");
  assertThrows(() => config.string("SIZE"), TypeError, "is a number, not a string");
  assertThrows(() => config.string("SOURCE_ENDPOINT"), ConfigError, "is not set");
});

Deno.test("a file or profile that cannot be read is a problem beside the others", () => {
  const readText = () => {
    throw new Deno.errors.NotFound("no such file");
  };
  const { problems } = resolveConfig({
    declaration,
    args: ["--config", "gone.env", "--profile", "gone.yaml"],
    env: environmentOf({ SIZE: "0" }),
    readText,
  });
  assertEquals(problems.map((problem) => problem.variable), ["--config", "--profile", "SIZE"]);
  assertStringIncludes(problems[0]!.rule, "cannot read gone.env: no such file");
});

Deno.test("a process that may not read its environment says so once", () => {
  const env = {
    get(): string | undefined {
      throw new Deno.errors.NotCapable("denied");
    },
  };
  const { problems } = resolveConfig({ declaration, env });
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0]!.example, "--allow-env");
});
