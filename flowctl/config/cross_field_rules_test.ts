import { assertEquals, assertStringIncludes } from "@std/assert";
import { environmentOf, productDeclaration } from "./_test_declaration.ts";
import { isLoopback, portConflicts } from "./cross_field_rules.ts";
import { resolveConfig } from "./load_config.ts";

/** Component, variables, and the variables in whose problems they end. */
const CASES: readonly [string, string, Record<string, string>, readonly string[]][] = [
  [
    "arrow-analytics-sink",
    "END_LEDGER below START_LEDGER",
    { START_LEDGER: "5", END_LEDGER: "4" },
    ["END_LEDGER"],
  ],
  ["arrow-analytics-sink", "END_LEDGER equal to START_LEDGER", {
    START_LEDGER: "5",
    END_LEDGER: "5",
  }, []],
  ["arrow-analytics-sink", "END_LEDGER 0", { START_LEDGER: "5", END_LEDGER: "0" }, []],
  [
    "ttp-arrow-processor",
    "MAX_AMOUNT below MIN_AMOUNT beyond 2^53",
    { MIN_AMOUNT: "9007199254740993", MAX_AMOUNT: "9007199254740992" },
    ["MAX_AMOUNT"],
  ],
  ["ttp-arrow-processor", "amounts in order", { MIN_AMOUNT: "-1", MAX_AMOUNT: "-1" }, []],
  ["ttp-arrow-processor", "a pool's most connections below its least", {
    CONNECTION_POOL_MAX_CONNECTIONS: "3",
    CONNECTION_POOL_MIN_CONNECTIONS: "4",
  }, ["CONNECTION_POOL_MAX_CONNECTIONS"]],
  ["ttp-arrow-processor", "a pool's most connections below its least by default", {
    CONNECTION_POOL_MAX_CONNECTIONS: "1",
  }, ["CONNECTION_POOL_MAX_CONNECTIONS"]],
  ["ttp-arrow-processor", "a pool of one size", {
    CONNECTION_POOL_MAX_CONNECTIONS: "4",
    CONNECTION_POOL_MIN_CONNECTIONS: "4",
  }, []],
  ["stellar-arrow-source", "a recovery threshold at the backpressure threshold", {
    SOURCE_TYPE: "simulated",
    FLOW_CONTROL_BACKPRESSURE_THRESHOLD: "0.6",
  }, ["FLOW_CONTROL_RECOVERY_THRESHOLD"]],
  ["stellar-arrow-source", "a recovery threshold just below the backpressure threshold", {
    SOURCE_TYPE: "simulated",
    FLOW_CONTROL_BACKPRESSURE_THRESHOLD: "0.6",
    FLOW_CONTROL_RECOVERY_THRESHOLD: "0.59",
  }, []],
  ["ttp-arrow-processor", "every address of a machine as the one to be reached at", {
    ADVERTISE_ADDRESS: "0.0.0.0:8816",
  }, ["ADVERTISE_ADDRESS"]],
  ["ttp-arrow-processor", "every IPv6 address as the one to be reached at", {
    ADVERTISE_ADDRESS: "[::]",
  }, ["ADVERTISE_ADDRESS"]],
  ["ttp-arrow-processor", "a host to be reached at", { ADVERTISE_ADDRESS: "10.0.0.5:9" }, []],
  ["ttp-arrow-processor", "a token for a control plane elsewhere without TLS", {
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: "plane.example:8080",
    AUTH_TOKEN_FILE: "t",
  }, ["FLOWCTL_TLS_CA_FILE"]],
  ["ttp-arrow-processor", "a token for a control plane elsewhere with TLS", {
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: "plane.example:8080",
    FLOWCTL_TLS_CA_FILE: "ca",
    AUTH_TOKEN_FILE: "t",
  }, []],
  ["ttp-arrow-processor", "a token for a control plane on this machine", {
    ENABLE_FLOWCTL: "true",
    AUTH_TOKEN_FILE: "t",
  }, []],
  ["ttp-arrow-processor", "a token and a control plane elsewhere that is not used", {
    FLOWCTL_ENDPOINT: "plane.example:8080",
    AUTH_TOKEN_FILE: "t",
  }, []],
  ["ttp-arrow-processor", "two equal ports", { PORT: "9000", HEALTH_PORT: "9000" }, [
    "HEALTH_PORT",
  ]],
  ["ttp-arrow-processor", "two ports of 0", { PORT: "0", HEALTH_PORT: "0" }, []],
  ["ttp-arrow-processor", "a certificate without its key", { TLS_CERT_FILE: "a" }, [
    "TLS_KEY_FILE",
  ]],
  ["ttp-arrow-processor", "a key without its certificate", { TLS_KEY_FILE: "a" }, [
    "TLS_CERT_FILE",
  ]],
  ["ttp-arrow-processor", "an open address", { BIND_ADDRESS: "0.0.0.0" }, ["BIND_ADDRESS"]],
  [
    "ttp-arrow-processor",
    "an open address with TLS but no token",
    { BIND_ADDRESS: "0.0.0.0", TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" },
    ["BIND_ADDRESS"],
  ],
  [
    "ttp-arrow-processor",
    "an open address with a token but no TLS",
    { BIND_ADDRESS: "::", AUTH_TOKEN_FILE: "a" },
    ["BIND_ADDRESS"],
  ],
  [
    "ttp-arrow-processor",
    "an open address with TLS and token",
    { BIND_ADDRESS: "0.0.0.0", TLS_CERT_FILE: "a", TLS_KEY_FILE: "b", AUTH_TOKEN_FILE: "c" },
    [],
  ],
  [
    "ttp-arrow-processor",
    "an open address that is allowed",
    { BIND_ADDRESS: "0.0.0.0", ALLOW_INSECURE: "true" },
    [],
  ],
  [
    "ttp-arrow-processor",
    "a token for another machine without TLS",
    { AUTH_TOKEN_FILE: "a", SOURCE_ENDPOINT: "source.example.com:8815" },
    ["TLS_CA_FILE"],
  ],
  [
    "arrow-analytics-sink",
    "a token for this machine and then another without TLS",
    { AUTH_TOKEN_FILE: "a", PROCESSOR_ENDPOINT: "127.0.0.1:8816,processor.example.com:8816" },
    ["TLS_CA_FILE"],
  ],
  [
    "arrow-analytics-sink",
    "a token for another machine's address without TLS",
    { AUTH_TOKEN_FILE: "a", PROCESSOR_ENDPOINT: "[fd00::1]:8816" },
    ["TLS_CA_FILE"],
  ],
  [
    "ttp-arrow-processor",
    "a token for another machine with TLS",
    { AUTH_TOKEN_FILE: "a", TLS_CA_FILE: "b", SOURCE_ENDPOINT: "source.example.com:8815" },
    [],
  ],
  [
    "ttp-arrow-processor",
    "a token for another machine without TLS that is allowed",
    {
      AUTH_TOKEN_FILE: "a",
      ALLOW_INSECURE: "true",
      SOURCE_ENDPOINT: "source.example.com:8815",
    },
    [],
  ],
  [
    "arrow-analytics-sink",
    "a token for whoever discovery finds on another machine without TLS",
    { AUTH_TOKEN_FILE: "a", ENABLE_FLOWCTL: "true", DISCOVERY_ALLOW: "localhost,other.example" },
    ["TLS_CA_FILE"],
  ],
  [
    "ttp-arrow-processor",
    "a token for whoever discovery finds on another machine with TLS",
    {
      AUTH_TOKEN_FILE: "a",
      TLS_CA_FILE: "b",
      ENABLE_FLOWCTL: "true",
      DISCOVERY_ALLOW: "other.example:8815",
    },
    [],
  ],
  [
    "arrow-analytics-sink",
    "a token for whoever discovery finds on this machine without TLS",
    { AUTH_TOKEN_FILE: "a", ENABLE_FLOWCTL: "true", DISCOVERY_ALLOW: "[::1],127.0.0.2:8816" },
    [],
  ],
  [
    "arrow-analytics-sink",
    "a token without TLS where discovery might find another machine but is not used",
    {
      AUTH_TOKEN_FILE: "a",
      ENABLE_FLOWCTL: "true",
      DISCOVERY_ALLOW: "other.example",
      PROCESSOR_ENDPOINT: "127.0.0.1:8816",
    },
    [],
  ],
  [
    "ttp-arrow-processor",
    "a token for this machine without TLS",
    { AUTH_TOKEN_FILE: "a", SOURCE_ENDPOINT: "[::1]:8815" },
    [],
  ],
];

for (const [component, what, variables, expected] of CASES) {
  const verdict = expected.length === 0 ? "accepted" : "refused";
  Deno.test(`${what}: ${verdict}`, () => {
    const declaration = productDeclaration(component);
    const { problems } = resolveConfig({ declaration, env: environmentOf(variables) });
    assertEquals(problems.map((problem) => problem.variable), expected);
  });
}

Deno.test("only addresses of this machine are loopback", () => {
  for (const address of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assertEquals(isLoopback(address), true, address);
  }
  for (const address of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com", "127.example.com"]) {
    assertEquals(isLoopback(address), false, address);
  }
});

Deno.test("two components of a pipeline on one port are told with both names, and where each port comes from", () => {
  const components = ["stellar-arrow-source", "ttp-arrow-processor"].map((name) => {
    const declaration = productDeclaration(name);
    const env = environmentOf({ TTP_ARROW_PROCESSOR_PORT: "8088" });
    return { declaration, config: resolveConfig({ declaration, env }).config };
  });
  const [problem, ...more] = portConflicts(components);
  assertEquals(more, []);
  assertEquals(problem!.variable, "TTP_ARROW_PROCESSOR_PORT");
  assertStringIncludes(
    problem!.rule,
    "STELLAR_ARROW_SOURCE_HEALTH_PORT, which is 8088 too (default)",
  );
});

Deno.test("a problem and its example have the name under which a person can correct it", () => {
  const cases: [Record<string, string>, string][] = [
    [
      { ARROW_ANALYTICS_SINK_END_LEDGER: "4", START_LEDGER: "5" },
      "ARROW_ANALYTICS_SINK_END_LEDGER=5",
    ],
    [{ END_LEDGER: "4", START_LEDGER: "5" }, "END_LEDGER=5"],
    // In a pipeline the plain HEALTH_PORT does not count.
    [{ ARROW_ANALYTICS_SINK_PORT: "8090" }, "ARROW_ANALYTICS_SINK_HEALTH_PORT=8091"],
  ];
  for (const [env, example] of cases) {
    const { problems } = resolveConfig({
      declaration: productDeclaration("arrow-analytics-sink"),
      env: environmentOf(env),
      inPipeline: true,
    });
    assertEquals(problems.map((problem) => problem.example), [example]);
    assertEquals(problems[0]!.variable, example.split("=")[0]);
  }
});
