import type { ComponentDeclaration } from "./component_declaration.ts";
import type { ConfigProblem } from "./config_error.ts";
import { isWritten, locateOrigin, type Origin } from "./origin.ts";
import type { ResolvedConfig } from "./resolved_config.ts";
import { UPSTREAM_VARIABLES } from "./upstream.ts";
import { parseEndpoint } from "./variable_value.ts";
import { isWildcard } from "./wildcard.ts";

/** Reads variables that a component may or may not declare. */
type Read = (name: string) => unknown;
type Rule = (read: Read, report: (variable: string, rule: string, example: string) => void) => void;

/** Rules between variables; a variable that a component does not declare counts as not set. */
const RULES: readonly Rule[] = [
  (read, report) => {
    const [start, end] = [read("START_LEDGER"), read("END_LEDGER")];
    if (typeof start === "number" && typeof end === "number" && end !== 0 && end < start) {
      report(
        "END_LEDGER",
        `must be 0 or at least START_LEDGER, which is ${start}`,
        `END_LEDGER=${start}`,
      );
    }
  },
  (read, report) => {
    const [least, most] = [read("MIN_AMOUNT"), read("MAX_AMOUNT")];
    if (typeof least === "string" && typeof most === "string" && BigInt(most) < BigInt(least)) {
      report("MAX_AMOUNT", `must be at least MIN_AMOUNT, which is ${least}`, `MAX_AMOUNT=${least}`);
    }
  },
  (read, report) => {
    const [port, health] = [read("PORT"), read("HEALTH_PORT")];
    if (typeof port === "number" && port !== 0 && port === health) {
      report("HEALTH_PORT", "must differ from PORT", `HEALTH_PORT=${port + 1}`);
    }
  },
  (read, report) => {
    const [most, least] = [
      read("CONNECTION_POOL_MAX_CONNECTIONS"),
      read("CONNECTION_POOL_MIN_CONNECTIONS"),
    ];
    if (typeof most === "number" && typeof least === "number" && most < least) {
      report(
        "CONNECTION_POOL_MAX_CONNECTIONS",
        `must be at least CONNECTION_POOL_MIN_CONNECTIONS, which is ${least}`,
        `CONNECTION_POOL_MAX_CONNECTIONS=${least}`,
      );
    }
  },
  (read, report) => {
    const [recovery, backpressure] = [
      read("FLOW_CONTROL_RECOVERY_THRESHOLD"),
      read("FLOW_CONTROL_BACKPRESSURE_THRESHOLD"),
    ];
    if (
      typeof recovery === "number" && typeof backpressure === "number" && recovery >= backpressure
    ) {
      report(
        "FLOW_CONTROL_RECOVERY_THRESHOLD",
        `must be below FLOW_CONTROL_BACKPRESSURE_THRESHOLD, which is ${backpressure}`,
        // The distance of the defaults.
        `FLOW_CONTROL_RECOVERY_THRESHOLD=${(backpressure * 0.75).toFixed(2)}`,
      );
    }
  },
  (read, report) => {
    const [certificate, key] = [read("TLS_CERT_FILE"), read("TLS_KEY_FILE")];
    if (certificate !== undefined && key === undefined) {
      report("TLS_KEY_FILE", "must be set when TLS_CERT_FILE is", "TLS_KEY_FILE=server.key");
    }
    if (key !== undefined && certificate === undefined) {
      report("TLS_CERT_FILE", "must be set when TLS_KEY_FILE is", "TLS_CERT_FILE=server.crt");
    }
  },
  (read, report) => {
    const address = read("BIND_ADDRESS");
    if (typeof address !== "string" || isLoopback(address) || read("ALLOW_INSECURE") === true) {
      return;
    }
    const encrypted = read("TLS_CERT_FILE") !== undefined && read("TLS_KEY_FILE") !== undefined;
    // A certificate that clients must show proves who they are as well as a token does.
    const authenticated = read("AUTH_TOKEN_FILE") !== undefined ||
      read("TLS_CA_FILE") !== undefined;
    if (encrypted && authenticated) return;
    report(
      "BIND_ADDRESS",
      "can be reached from other machines: set TLS_CERT_FILE, TLS_KEY_FILE and AUTH_TOKEN_FILE " +
        "(in a pipeline TLS_CA_FILE too), or ALLOW_INSECURE=true to accept anyone, or use a " +
        "loopback address",
      "BIND_ADDRESS=127.0.0.1",
    );
  },
  (read, report) => {
    const address = read("ADVERTISE_ADDRESS");
    if (typeof address !== "string" || !isWildcard(hostOf(address))) return;
    report(
      "ADVERTISE_ADDRESS",
      "must be an address that others can connect to, which every address of a machine is not",
      "ADVERTISE_ADDRESS=node1.example.com",
    );
  },
  (read, report) => {
    if (read("AUTH_TOKEN_FILE") === undefined || read("TLS_CA_FILE") !== undefined) return;
    if (read("ALLOW_INSECURE") === true) return;
    for (const variable of whereUpstreamsAre(read)) {
      const away = textsOf(read(variable)).find((address) => !isLoopback(hostOf(address)));
      if (away === undefined) continue;
      report(
        "TLS_CA_FILE",
        `must be set: the token of AUTH_TOKEN_FILE would travel unencrypted to another machine, ` +
          `${variable} ${away} (ALLOW_INSECURE=true allows that)`,
        "TLS_CA_FILE=ca.crt",
      );
    }
  },
  (read, report) => {
    // A program that only asks control planes has no variable that turns that off.
    if (read("ENABLE_FLOWCTL") === false || read("AUTH_TOKEN_FILE") === undefined) return;
    if (read("FLOWCTL_TLS_CA_FILE") !== undefined || read("ALLOW_INSECURE") === true) return;
    const endpoint = read("FLOWCTL_ENDPOINT");
    if (typeof endpoint !== "string") return;
    if (isLoopback(parseEndpoint(endpoint)?.host ?? "")) return;
    report(
      "FLOWCTL_TLS_CA_FILE",
      `must be set: the token of AUTH_TOKEN_FILE would travel unencrypted to another machine, ` +
        `FLOWCTL_ENDPOINT ${endpoint} (ALLOW_INSECURE=true allows that)`,
      "FLOWCTL_TLS_CA_FILE=flowctl-ca.crt",
    );
  },
];

/** Variables that say which upstreams a component connects to: their addresses, or where discovery may find them. */
function whereUpstreamsAre(read: Read): readonly string[] {
  const isNamed = UPSTREAM_VARIABLES.some((name) => textsOf(read(name)).length > 0);
  const isFound = read("ENABLE_FLOWCTL") === true && !isNamed;
  return isFound ? ["DISCOVERY_ALLOW"] : UPSTREAM_VARIABLES;
}

/** The texts of a list, or of a single value. */
function textsOf(value: unknown): string[] {
  return [value].flat().filter((each) => typeof each === "string");
}

/** The host of `host:port`, or of a host alone, without the brackets of an IPv6 address. */
function hostOf(address: string): string {
  return parseEndpoint(address)?.host ?? address.replace(/^\[(.*)\]$/, "$1");
}

/** Whether only processes on this machine can reach an address. */
export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}

/** What is wrong between the variables of one component. */
export function crossFieldProblems(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const read: Read = (name) => config.values[name];
  const report = (variable: string, rule: string, example: string) => {
    if (!declaration.variables.has(variable)) return;
    const text = config.shown(variable);
    const origin = config.origin(variable);
    const name = nameToSet(declaration, variable, origin);
    problems.push({
      variable: name,
      ...(text === "" ? {} : { value: text }),
      origin,
      rule,
      example: example.replace(`${variable}=`, `${name}=`),
    });
  };
  for (const rule of RULES) rule(read, report);
  return problems;
}

/**
 * The name under which a person corrects a variable: as they wrote it, since another name might not win
 * over it. Where they wrote none, a variable of one component alone has the form that also counts in a
 * pipeline.
 */
function nameToSet(
  { prefix, variables }: ComponentDeclaration,
  name: string,
  origin: Origin,
): string {
  if (origin.kind === "flag") return name;
  if (isWritten(origin)) return origin.name;
  return variables.get(name)!.perComponent ? `${prefix}_${name}` : name;
}

/** Ports that two listeners of one pipeline share; port 0 picks a free one and never conflicts. */
export function portConflicts(
  components: readonly { declaration: ComponentDeclaration; config: ResolvedConfig }[],
): ConfigProblem[] {
  const taken = new Map<number, { name: string; origin: Origin }>();
  const problems: ConfigProblem[] = [];
  for (const { declaration, config } of components) {
    for (const variable of Object.values(declaration.ports)) {
      const port = config.values[variable];
      if (typeof port !== "number" || port === 0) continue;
      const name = `${declaration.prefix}_${variable}`;
      const other = taken.get(port);
      taken.set(port, { name, origin: config.origin(variable) });
      // Within one component the component's own rule has said it.
      if (other === undefined || other.name.startsWith(`${declaration.prefix}_`)) continue;
      problems.push({
        variable: name,
        value: String(port),
        origin: config.origin(variable),
        rule: `must differ from ${other.name}, which is ${port} too (${
          locateOrigin(other.origin)
        })`,
        example: `${name}=0`,
      });
    }
  }
  return problems;
}
