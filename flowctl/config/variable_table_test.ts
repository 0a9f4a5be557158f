import { assertEquals, assertStringIncludes } from "@std/assert";
import { COMPONENT_NAMES, environmentOf, productDeclaration } from "./_test_declaration.ts";
import { describeProblem } from "./config_error.ts";
import { type LoadOptions, resolveConfig } from "./load_config.ts";
import type { ConfigValue } from "./variable_value.ts";

/** One row of the table of variables that every component declares. */
interface Row {
  readonly name: string;
  readonly fallback: [string, ConfigValue];
  /** Texts at the limits and between them, with their values. */
  readonly valid: Readonly<Record<string, ConfigValue>>;
  readonly tooLow: readonly string[];
  readonly tooHigh: readonly string[];
  readonly wrongType: readonly string[];
  readonly wrongPattern: readonly string[];
  /** Part of the rule that every refusal says. */
  readonly rule: string;
}

const DURATION = {
  valid: { "1s": 1_000, "90m": 5_400_000, "1h": 3_600_000, "24h": 86_400_000 },
  tooLow: ["0s", "0m", "000h"],
  // A timer of more than 24 days would go off at once, again and again.
  tooHigh: ["25h", "86401s", "1000h"],
  wrongType: ["5", "soon", "true"],
  wrongPattern: ["500ms", "1.5s", "-1s", " 1s", "1d", "1S"],
  rule: "a time in s, m or h, above zero and 24h at most",
};

const FLOWCTL_ROWS: readonly Row[] = [
  {
    name: "ENABLE_FLOWCTL",
    fallback: ["false", false],
    valid: { true: true, false: false },
    tooLow: [],
    tooHigh: [],
    wrongType: ["1", "yes", "on"],
    wrongPattern: ["TRUE", "True", " true"],
    rule: "true or false",
  },
  {
    name: "FLOWCTL_ENDPOINT",
    fallback: ["localhost:8080", "localhost:8080"],
    valid: { "a-1.example.com:1": "a-1.example.com:1", "10.0.0.1:65535": "10.0.0.1:65535" },
    tooLow: ["localhost:0"],
    tooHigh: ["localhost:65536", "localhost:99999999999999999999"],
    wrongType: ["8080", "true"],
    wrongPattern: ["localhost", ":8080", "http://localhost:8080", "[::1]:8080", "a_b:1", "a:1 "],
    rule: "host:port with a port from 1 to 65535",
  },
  { name: "FLOWCTL_HEARTBEAT_INTERVAL", fallback: ["10s", 10_000], ...DURATION },
  {
    name: "CONNECTION_POOL_MAX_CONNECTIONS",
    fallback: ["10", 10],
    valid: { "2": 2, "25": 25, "50": 50 },
    tooLow: ["0", "-1"],
    tooHigh: ["51", "9007199254740993"],
    wrongType: ["many", "true", "10s"],
    wrongPattern: ["1.5", "1e1", " 5", "0x10"],
    rule: "a whole number from 1 to 50",
  },
  {
    name: "CONNECTION_POOL_MIN_CONNECTIONS",
    fallback: ["2", 2],
    valid: { "1": 1, "5": 5, "10": 10 },
    tooLow: ["0", "-1"],
    tooHigh: ["11"],
    wrongType: ["few", "false"],
    wrongPattern: ["1.5", "+2"],
    rule: "a whole number from 1 to 10",
  },
  { name: "CONNECTION_POOL_IDLE_TIMEOUT", fallback: ["5m", 300_000], ...DURATION },
  { name: "MONITORING_INTERVAL", fallback: ["5s", 5_000], ...DURATION },
];

/** The overrides that every component declares. */
const DECLARED_OVERRIDES = [
  "ENABLE_FLOWCTL",
  "FLOWCTL_ENDPOINT",
  "FLOWCTL_HEARTBEAT_INTERVAL",
  "CONNECTION_POOL_MAX_CONNECTIONS",
];

const CHOICE = { tooLow: [], tooHigh: [], wrongType: ["1", "true"] };
const FURTHER_ROWS: readonly Row[] = [
  {
    name: "FLOW_CONTROL_BACKPRESSURE_THRESHOLD",
    fallback: ["0.8", 0.8],
    valid: { "0.61": 0.61, "0.95": 0.95, "1": 1 },
    tooLow: ["0", "0.09", "-1"],
    tooHigh: ["1.01", "80"],
    wrongType: ["high", "true"],
    wrongPattern: ["80%", ".8", "8e-1"],
    rule: "a number from 0.1 to 1",
  },
  {
    name: "FLOW_CONTROL_RECOVERY_THRESHOLD",
    fallback: ["0.6", 0.6],
    valid: { "0.05": 0.05, "0.79": 0.79 },
    tooLow: ["0", "0.04"],
    tooHigh: ["0.96", "1"],
    wrongType: ["low"],
    wrongPattern: ["60%", "0,6"],
    rule: "a number from 0.05 to 0.95",
  },
  {
    name: "FLOW_CONTROL_POLICY",
    fallback: ["slowest", "slowest"],
    valid: { slowest: "slowest", independent: "independent" },
    ...CHOICE,
    wrongPattern: ["Slowest", "fastest"],
    rule: "one of slowest, independent",
  },
  {
    name: "MAX_INFLIGHT",
    fallback: ["1000", 1000],
    valid: { "1": 1, "1000000": 1_000_000 },
    tooLow: ["0"],
    tooHigh: ["1000001"],
    wrongType: ["all"],
    wrongPattern: ["1k", "1_000"],
    rule: "a whole number from 1 to 1000000",
  },
  {
    name: "CONNECTION_POOL_HEALTH_CHECK_INTERVAL",
    fallback: ["30s", 30_000],
    valid: { "1s": 1_000, "1h": 3_600_000 },
    tooLow: ["999ms", "0s"],
    tooHigh: ["61m"],
    wrongType: ["30"],
    wrongPattern: ["30sec"],
    rule: "a time in ms, s, m or h from 1s to 1h",
  },
  {
    name: "CONNECTION_POOL_CONNECT_TIMEOUT",
    fallback: ["10s", 10_000],
    valid: { "100ms": 100, "10m": 600_000 },
    tooLow: ["99ms"],
    tooHigh: ["601s"],
    wrongType: ["10"],
    wrongPattern: ["10 s"],
    rule: "a time in ms, s, m or h from 100ms to 10m",
  },
  {
    name: "CONNECTION_POOL_LOAD_BALANCING",
    fallback: ["round_robin", "round_robin"],
    valid: { round_robin: "round_robin", least_loaded: "least_loaded" },
    ...CHOICE,
    wrongPattern: ["round-robin"],
    rule: "one of round_robin, least_loaded",
  },
  {
    name: "FLOWCTL_PROTOCOL",
    fallback: ["auto", "auto"],
    valid: { auto: "auto", v1: "v1", legacy: "legacy" },
    ...CHOICE,
    wrongPattern: ["V1", "v2"],
    rule: "one of auto, v1, legacy",
  },
  {
    name: "MAX_INFLIGHT_BYTES",
    fallback: ["64MiB", 67_108_864],
    valid: { "1MiB": 1_048_576, "4GiB": 4_294_967_296, "2000000": 2_000_000 },
    tooLow: ["1048575"],
    tooHigh: ["5GiB"],
    wrongType: ["much"],
    wrongPattern: ["64mib", "1.5MiB"],
    rule: "a size such as 4096, 64KiB or 16MiB from 1MiB to 4GiB",
  },
];

function resolve(
  component: string,
  variables: Record<string, string>,
  options: Partial<LoadOptions> = {},
) {
  // What the source cannot start without.
  const env = environmentOf({ SOURCE_TYPE: "simulated", ...variables });
  return resolveConfig({ declaration: productDeclaration(component), env, ...options });
}

function profileOf(variables: Record<string, string>) {
  return { name: "mine", description: "", variables, components: {} };
}

for (const component of COMPONENT_NAMES) {
  const { prefix } = productDeclaration(component);

  for (const { name, fallback, valid, rule, ...wrong } of [...FLOWCTL_ROWS, ...FURTHER_ROWS]) {
    const override = `${prefix}_${name}`;
    const [text, value] = fallback;
    const [other, otherValue] = Object.entries(valid)[0]!;

    Deno.test(`${component}: ${name} is ${text} by default, also where it is empty`, () => {
      for (const variables of [{}, { [name]: "" }, { [name]: "", [override]: "" }]) {
        const { config, problems } = resolve(component, variables, { profile: profileOf({}) });
        assertEquals(problems, []);
        assertEquals([config.values[name], config.text(name)], [value, text]);
        assertEquals(config.origin(name), { kind: "default", name });
      }
    });

    Deno.test(`${component}: ${name} takes what its rule allows`, () => {
      for (const [written, meant] of Object.entries(valid)) {
        const { config, problems } = resolve(component, { [name]: written });
        assertEquals(problems, []);
        assertEquals([config.values[name], config.text(name)], [meant, written]);
        assertEquals(config.origin(name), { kind: "environment", name });
      }
    });

    for (const [kind, texts] of Object.entries(wrong)) {
      if (texts.length === 0) continue;
      Deno.test(`${component}: ${name} refuses ${kind}, once, with value, origin, rule and example`, () => {
        for (const written of texts) {
          const { problems } = resolve(component, { [name]: written });
          assertEquals(problems.length, 1, `${written}: ${problems.map(describeProblem)}`);
          const told = describeProblem(problems[0]!);
          const start = `${name}: ${
            JSON.stringify(written)
          } (environment variable ${name}) must be`;
          assertStringIncludes(told, `${start} ${rule}; for example ${name}=${text}`);
        }
      });
    }

    Deno.test(`${component}: ${name} is set by its override first, and told by that name`, () => {
      const { config } = resolve(component, { [name]: text, [override]: other });
      assertEquals(config.values[name], otherValue);
      assertEquals(config.origin(name), { kind: "override", name: override });
      const isDeclared = DECLARED_OVERRIDES.includes(name);
      assertEquals(Object.hasOwn(config.values, override), isDeclared);
      if (isDeclared) assertEquals(config.values[override], otherValue);
      const { problems } = resolve(component, { [override]: "?" });
      assertEquals(problems.map(({ variable }) => variable), [override]);
    });

    Deno.test(`${component}: ${name} is set by a flag, then the environment, a file, a profile`, () => {
      const args = [`--${name.toLowerCase().replaceAll("_", "-")}=${other}`];
      const file = { configFile: "my.env", readText: () => `${name}=${other}` };
      const profile = profileOf({ [name]: other });
      const kinds = [
        resolve(component, { [override]: other }, { args, ...file, profile }),
        resolve(component, { [name]: other }, { ...file, profile }),
        resolve(component, {}, { ...file, profile }),
        resolve(component, {}, { profile }),
      ].map(({ config }) => [config.origin(name).kind, config.values[name]]);
      const order = ["flag", "environment", "file", "profile"];
      assertEquals(kinds, order.map((kind) => [kind, otherValue]));
    });
  }

  Deno.test(`${component} declares the 11 variables of the table, four of them overrides`, () => {
    const { variables } = productDeclaration(component);
    const names = [
      ...FLOWCTL_ROWS.map(({ name }) => name),
      ...DECLARED_OVERRIDES.map((name) => `${prefix}_${name}`),
    ];
    assertEquals(names.length, 11);
    assertEquals(names.filter((name) => !variables.has(name)), []);
    const overrides = [...variables.values()].filter(({ overrides }) => overrides !== undefined);
    assertEquals(overrides.map(({ overrides }) => overrides), DECLARED_OVERRIDES);
  });
}

Deno.test("the id of a component counts in a pipeline only with the component's prefix", () => {
  const variables = { FLOWCTL_COMPONENT_ID: "plain", TTP_ARROW_PROCESSOR_FLOWCTL_COMPONENT_ID: "" };
  const id = (inPipeline: boolean, own = "") =>
    resolve("ttp-arrow-processor", {
      ...variables,
      TTP_ARROW_PROCESSOR_FLOWCTL_COMPONENT_ID: own,
    }, { inPipeline }).config.optionalString("FLOWCTL_COMPONENT_ID");
  assertEquals([id(false), id(true), id(true, "own")], ["plain", undefined, "own"]);
});

Deno.test("discovery allows hosts and host:port, and nothing else", () => {
  const found = (text: string) =>
    resolve("ttp-arrow-processor", { DISCOVERY_ALLOW: text }).config.values.DISCOVERY_ALLOW;
  assertEquals(found(""), ["127.0.0.1", "localhost"]);
  assertEquals(found("a.example, b.example:65535,[::1]:1,[::1]"), [
    "a.example",
    "b.example:65535",
    "[::1]:1",
    "[::1]",
  ]);
  for (const text of ["a.example:0", "a.example:65536", "a b", "*", "http://a", "::1", "a:"]) {
    assertEquals(found(text), undefined, text);
  }
});
