import type { ComponentDeclaration } from "./component_declaration.ts";
import type { ConfigProblem } from "./config_error.ts";
import type { ResolvedConfig } from "./resolved_config.ts";
import { isFedBy, upstreamVariable } from "./upstream.ts";

/** A component of a pipeline with its configuration. */
interface Member {
  readonly declaration: ComponentDeclaration;
  readonly config: ResolvedConfig;
}

/** Addresses that this machine reaches as `localhost`. */
const LOCALHOST: readonly string[] = ["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"];

/**
 * Where a component of a pipeline on one machine is reached by its client: the address it is bound
 * to, and for TLS a host name, since a certificate is checked against one.
 *
 * @returns the host as it stands before the port; `undefined` when TLS has no name for it
 */
export function pipelineHost(bindAddress: string, tls: boolean): string | undefined {
  if (tls) {
    if (LOCALHOST.includes(bindAddress)) return "localhost";
    return isAddress(bindAddress) ? undefined : bindAddress;
  }
  // By name, localhost may mean ::1, where nothing listens.
  if (bindAddress === "localhost" || bindAddress === "0.0.0.0") return "127.0.0.1";
  if (bindAddress === "::") return "[::1]";
  return bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^[\d.]+$/.test(host);
}

/**
 * What keeps the components of a pipeline from talking TLS with one another: each client must know
 * the authority of the server before it, and show a certificate where that server asks for one.
 * A client whose upstream the user names is left alone, since nothing is known of that upstream.
 */
export function upstreamTlsProblems(components: readonly Member[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [at, client] of components.entries()) {
    const server = components[at - 1];
    const variable = upstreamVariable(client.declaration);
    if (server === undefined || variable === undefined) continue;
    // A component may be left out of the run, and what is next to it then reads from elsewhere.
    if (!isFedBy(client.declaration, server.declaration)) continue;
    if (client.config.values[variable] !== undefined) continue;
    const found = linkProblem(server, client, variable);
    if (found !== undefined) problems.push(found);
  }
  return problems;
}

function linkProblem(
  server: Member,
  client: Member,
  endpoint: string,
): ConfigProblem | undefined {
  const has = ({ config }: Member, name: string) => config.values[name] !== undefined;
  const serves = has(server, "TLS_CERT_FILE");
  const verifies = has(client, "TLS_CA_FILE");
  if (serves && !verifies) {
    const rule = "must be set in a pipeline with TLS_CERT_FILE: each component verifies the " +
      "certificate of the one before it by the authority that signed it";
    return problem(client, "TLS_CA_FILE", rule, "TLS_CA_FILE=ca.crt");
  }
  if (!serves && verifies) {
    const rule = "must be set, with TLS_KEY_FILE, in a pipeline with TLS_CA_FILE: each component " +
      "then speaks TLS with the one before it";
    return problem(server, "TLS_CERT_FILE", rule, "TLS_CERT_FILE=server.crt");
  }
  if (!serves) return undefined;
  if (has(server, "TLS_CA_FILE") && !has(client, "TLS_CERT_FILE")) {
    const rule = "must be set, with TLS_KEY_FILE, in a pipeline with TLS_CA_FILE: each component " +
      "shows its certificate to the one before it";
    return problem(client, "TLS_CERT_FILE", rule, "TLS_CERT_FILE=server.crt");
  }
  const address = server.config.optionalString("BIND_ADDRESS");
  if (address === undefined || pipelineHost(address, true) !== undefined) return undefined;
  const rule = "must be a host name of the certificate, or loopback, in a pipeline with TLS " +
    `(or name the address of the component before with ${client.declaration.prefix}_${endpoint})`;
  return problem(server, "BIND_ADDRESS", rule, "BIND_ADDRESS=node1.example.com");
}

function problem(
  { config }: Member,
  variable: string,
  rule: string,
  example: string,
): ConfigProblem {
  const value = config.shown(variable);
  const origin = config.origin(variable);
  return { variable, ...(value === "" ? {} : { value }), origin, rule, example };
}
