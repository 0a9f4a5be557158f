import { type ConfigProblem, describeProblem } from "../config_error.ts";
import { portConflicts } from "../cross_field_rules.ts";
import { type LoadOptions, type Resolution, resolveConfig } from "../load_config.ts";
import { type ComponentDeclaration, parseDeclaration } from "../component_declaration.ts";
import { unknownNameWarnings } from "../unknown_names.ts";
import { upstreamTlsProblems } from "../upstream_tls.ts";

/** A wrong configuration, and where what it says of it is found. */
interface Sample extends Omit<Partial<LoadOptions>, "env" | "declaration" | "readText"> {
  /** Of the component; the whole pipeline where it is absent. */
  readonly component?: "SOURCE" | "PROCESSOR" | "SINK";
  readonly env?: Readonly<Record<string, string>>;
  /** Files that can be read, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** One for each kind of mistake, by the name with which the guide asks for the message. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  "required": { component: "SOURCE", profile: "production" },
  "boolean": { component: "SINK", env: { ENABLE_FLOWCTL: "yes" } },
  "integer": { component: "SOURCE", env: { BATCH_SIZE: "0" } },
  "number": { component: "SINK", env: { FLOW_CONTROL_BACKPRESSURE_THRESHOLD: "80%" } },
  "duration": { component: "SINK", env: { FLUSH_INTERVAL: "30" } },
  "bytes": { component: "SINK", env: { MAX_INFLIGHT_BYTES: "64M" } },
  "endpoint": { component: "SINK", env: { PROCESSOR_ENDPOINT: "http://127.0.0.1:8816" } },
  "enum": { component: "SOURCE", env: { SOURCE_TYPE: "files" } },
  "list": { component: "SINK", env: { OUTPUT_FORMATS: "parquet;csv" } },
  "pattern": { component: "PROCESSOR", env: { ASSET_FILTERS: "USD COIN" } },
  "override": { component: "SINK", env: { ARROW_ANALYTICS_SINK_FLOWCTL_ENDPOINT: "localhost" } },
  "ledger-range": { component: "SINK", env: { START_LEDGER: "1000", END_LEDGER: "500" } },
  "amount-range": { component: "PROCESSOR", env: { MIN_AMOUNT: "100", MAX_AMOUNT: "10" } },
  "same-port": { component: "SOURCE", env: { PORT: "9000", HEALTH_PORT: "9000" } },
  "pool-range": {
    component: "SINK",
    env: { CONNECTION_POOL_MIN_CONNECTIONS: "5", CONNECTION_POOL_MAX_CONNECTIONS: "3" },
  },
  "thresholds": { component: "SINK", env: { FLOW_CONTROL_RECOVERY_THRESHOLD: "0.9" } },
  "tls-key": { component: "SINK", env: { TLS_CERT_FILE: "server.crt" } },
  "tls-certificate": { component: "SINK", env: { TLS_KEY_FILE: "server.key" } },
  "loopback": { component: "SOURCE", env: { BIND_ADDRESS: "0.0.0.0" } },
  "token-away": {
    component: "SINK",
    env: { AUTH_TOKEN_FILE: "token.txt", PROCESSOR_ENDPOINT: "processor.example.com:8816" },
  },
  "port-conflict": { env: { TTP_ARROW_PROCESSOR_PORT: "8815" } },
  "tls-authority": { env: { TLS_CERT_FILE: "server.crt", TLS_KEY_FILE: "server.key" } },
  "tls-server": { env: { TLS_CA_FILE: "ca.crt" } },
  "tls-client": {
    env: {
      STELLAR_ARROW_SOURCE_TLS_CERT_FILE: "server.crt",
      STELLAR_ARROW_SOURCE_TLS_KEY_FILE: "server.key",
      TLS_CA_FILE: "ca.crt",
      TTP_ARROW_PROCESSOR_BIND_ADDRESS: "localhost",
      PROCESSOR_ENDPOINT: "localhost:8816",
    },
  },
  "tls-name": {
    env: {
      TLS_CERT_FILE: "server.crt",
      TLS_KEY_FILE: "server.key",
      TLS_CA_FILE: "ca.crt",
      STELLAR_ARROW_SOURCE_BIND_ADDRESS: "10.0.0.5",
    },
  },
  "unknown-flag": { component: "SINK", args: ["--output-pat", "./out"] },
  "flag-without-value": { component: "SINK", args: ["--output-path"] },
  "stray-argument": { component: "SINK", args: ["production"] },
  "config-file-missing": { component: "SOURCE", configFile: "my.env" },
  "config-file-line": {
    component: "SOURCE",
    configFile: "my.env",
    files: { "my.env": "SOURCE_TYPE=simulated\nBATCH_SIZE 50\n" },
  },
  "config-file-shell": {
    component: "SINK",
    configFile: "my.env",
    files: { "my.env": "export OUTPUT_PATH=$HOME/out\n" },
  },
  "config-file-yaml": {
    component: "SOURCE",
    configFile: "my.yaml",
    files: { "my.yaml": "BATCH_SIZE: { value: 50 }\n" },
  },
  "unknown-profile": { component: "SOURCE", profile: "prod" },
  "profile-missing": { component: "SOURCE", profile: "./mine.yaml" },
  "profile-key": {
    component: "SOURCE",
    profile: "./mine.yaml",
    files: { "./mine.yaml": "extends: local\nvariable: {}\n" },
  },
  "profile-loop": {
    component: "SOURCE",
    profile: "/etc/a.yaml",
    files: { "/etc/a.yaml": "extends: ./b.yaml\n", "/etc/b.yaml": "extends: ./a.yaml\n" },
  },
  "simulated-production": {
    component: "SOURCE",
    profile: "production",
    env: { SOURCE_TYPE: "simulated" },
  },
};

/** Names that nobody declares, where a person may have written them. */
const UNKNOWN_NAMES: Readonly<Record<string, Sample>> = {
  "near-name": { env: { OUTPUT_PTH: "./out" } },
  "name-in-file": { configFile: "my.env", files: { "my.env": "OUTPUT_PTH=./out\n" } },
  "name-in-profile": {
    profile: "./mine.yaml",
    files: {
      "./mine.yaml": "variables: { OUTPUT_PTH: ./out }\ncomponents: { snk: { PORT: 1 } }\n",
    },
  },
};

/**
 * What the product says of each kind of mistake, by name: the real words, made by resolving a wrong
 * configuration of the declared components.
 *
 * @throws {Error} when one of them is found right
 */
export function problemSamples(
  declarations: readonly ComponentDeclaration[],
): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const { problems, warnings } = sampleProblems(declarations, sample);
    messages[name] = text(name, [...problems, ...warnings].map(describeProblem));
  }
  for (const [name, sample] of Object.entries(UNKNOWN_NAMES)) {
    const { env = {}, profile, configFile } = sample;
    const warnings = unknownNameWarnings(declarations, {
      environment: Object.keys(env),
      readText: reader(sample),
      ...(profile === undefined ? {} : { profile }),
      ...(configFile === undefined ? {} : { configFile }),
    });
    messages[name] = text(name, warnings);
  }
  messages["declaration"] = text(
    "declaration",
    [brokenDeclaration()].filter((line) => line !== ""),
  );
  return messages;
}

function text(name: string, lines: readonly string[]): string {
  if (lines.length === 0) throw new Error(`The sample "${name}" is found to be right`);
  // Two components may say the same.
  return [...new Set(lines)].join("\n");
}

function sampleProblems(
  declarations: readonly ComponentDeclaration[],
  sample: Sample,
): { problems: readonly ConfigProblem[]; warnings: readonly ConfigProblem[] } {
  const { component } = sample;
  if (component !== undefined) {
    return resolveSample(declarations.find(({ type }) => type === component)!, sample);
  }
  const members = declarations.filter(({ type }) => ["SOURCE", "PROCESSOR", "SINK"].includes(type))
    .map((declaration) => ({ declaration, ...resolveSample(declaration, sample) }));
  return { problems: [...portConflicts(members), ...upstreamTlsProblems(members)], warnings: [] };
}

function resolveSample(declaration: ComponentDeclaration, sample: Sample): Resolution {
  const { env = {}, component, files: _, ...options } = sample;
  return resolveConfig({
    // What is shown is one mistake: nothing else may be missing.
    profile: "local",
    ...options,
    declaration,
    env: { get: (name) => env[name] },
    readText: reader(sample),
    inPipeline: component === undefined,
  });
}

function reader({ files = {} }: Sample): (path: string) => string {
  return (path) => {
    const found = files[path];
    if (found !== undefined) return found;
    throw new Deno.errors.NotFound(`No such file or directory (os error 2): readfile '${path}'`);
  };
}

/** A component of somebody else's with one mistake. */
const BROKEN_DECLARATION = `name: my-component
description: Mine.
type: PROCESSOR
version: 1.0.0
ports: { health: HEALTH_PORT }
health_endpoint: /health
variables:
  - { name: HEALTH_PORT, description: Port., type: integer, default: 80, group: Network, since: 1.0.0 }
  - { name: SIZE, description: Size., type: integer, maximum: 10, default: 20, group: A, since: 1.0.0 }
`;

function brokenDeclaration(): string {
  try {
    parseDeclaration(BROKEN_DECLARATION, "component.yaml");
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
