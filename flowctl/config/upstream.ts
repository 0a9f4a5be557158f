import type { ComponentDeclaration } from "./component_declaration.ts";
import type { ResolvedConfig } from "./resolved_config.ts";

/** Variables that name the component before this one, and the port where it listens by default. */
const UPSTREAMS: Readonly<Record<string, number>> = {
  SOURCE_ENDPOINT: 8815,
  PROCESSOR_ENDPOINT: 8816,
};

/** Names of those variables. */
export const UPSTREAM_VARIABLES: readonly string[] = Object.keys(UPSTREAMS);

/** The variable with which a component is told its upstream; `undefined` for a source. */
export function upstreamVariable(declaration: ComponentDeclaration): string | undefined {
  return UPSTREAM_VARIABLES.find((name) => declaration.variables.has(name));
}

/** Whether a component finds its upstream by discovery: flowctl is on and no address is configured. */
export function findsUpstream(config: ResolvedConfig, variable: string): boolean {
  return config.values.ENABLE_FLOWCTL === true && config.list(variable).length === 0;
}

/**
 * Where a component reads from, in the order in which it is tried: what is configured, each address
 * once, or the default port of the component before it on this machine. None where that is left to
 * discovery.
 *
 * @param variable SOURCE_ENDPOINT or PROCESSOR_ENDPOINT
 */
export function upstreamEndpoints(config: ResolvedConfig, variable: string): readonly string[] {
  const named = config.list(variable);
  if (named.length > 0) return [...new Set(named)];
  if (findsUpstream(config, variable)) return [];
  // A certificate is checked against a name.
  const host = config.values.TLS_CA_FILE === undefined ? "127.0.0.1" : "localhost";
  return [`${host}:${UPSTREAMS[variable]}`];
}

/** Whether a component reads what another one hands on. */
export function isFedBy(client: ComponentDeclaration, server: ComponentDeclaration): boolean {
  return client.inputEventTypes.some((type) => server.outputEventTypes.includes(type));
}
