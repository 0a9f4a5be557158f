import type { ComponentDeclaration } from "./component_declaration.ts";
import { handedOriginsText, PIPELINE_ORIGINS } from "./handed_origins.ts";
import type { Origin } from "./origin.ts";
import type { ResolvedConfig } from "./resolved_config.ts";
import { findsUpstream, upstreamEndpoints, upstreamVariable } from "./upstream.ts";
import type { PermissionCondition, VariablePermission } from "./variable_declaration.ts";

/** What the gRPC library reads when it is loaded. The clients are told to use no proxy. */
const GRPC_ENVIRONMENT: readonly string[] = ["GRPC_*"];

/** Set by the manager for the processes that it starts. */
const CHILD_ENVIRONMENT: readonly string[] = ["PIPELINE_CHILD", PIPELINE_ORIGINS];

/** Stands where a database could be named, and needs no permission. */
const NO_FILE = ":memory:";

/** Names hosts that may be found; where the upstream is known, nothing is looked for. */
const DISCOVERY_VARIABLE = "DISCOVERY_ALLOW";

/** What the flags cannot take from the configuration. */
export interface PermissionOptions {
  /** A file given with `--config`, and profiles given by path. */
  readonly readFiles?: readonly string[];
}

/**
 * The Deno permission flags with which a component runs under a configuration: its own ports, its
 * upstreams, its files and folders, its variables, and nothing else.
 */
export function permissionFlags(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  options: PermissionOptions = {},
): string[] {
  const granted = (kind: keyof VariablePermission) =>
    permittedValues(declaration, config, kind).map(({ value }) => value);
  const net = new Set([
    ...granted("listen").map((port) => listenAddress(config.string("BIND_ADDRESS"), port)),
    ...granted("connect").map(connectAddress),
  ]);
  const read = new Set([...options.readFiles ?? [], ...granted("read")]);
  const write = new Set(granted("write"));
  const upstream = upstreamVariable(declaration);
  if (upstream !== undefined) {
    for (const endpoint of upstreamEndpoints(config, upstream)) net.add(endpoint);
  }
  return [
    flag("net", net),
    ...(read.size === 0 ? [] : [flag("read", read)]),
    ...(write.size === 0 ? [] : [flag("write", write)]),
    flag("env", environmentNames(declaration)),
  ];
}

/**
 * What the variables of a component let it listen on (ports), connect to (endpoints), read or write
 * (paths) under a configuration, with the variable that says so.
 */
export function permittedValues(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  kind: keyof VariablePermission,
): { variable: string; value: string }[] {
  const upstream = upstreamVariable(declaration);
  const discovers = upstream !== undefined && findsUpstream(config, upstream);
  return [...declaration.variables.values()]
    .filter(({ name, permission }) =>
      applies(permission[kind], config) && (name !== DISCOVERY_VARIABLE || discovers)
    )
    .flatMap(({ name }) => texts(config, name).map((value) => ({ variable: name, value })))
    .filter(({ value }) => value !== NO_FILE);
}

/** Names of the environment that a component may read. */
export function environmentNames(declaration: ComponentDeclaration): string[] {
  return [
    ...plainNames(declaration),
    `${declaration.prefix}_*`,
    ...CHILD_ENVIRONMENT,
    ...GRPC_ENVIRONMENT,
  ];
}

/**
 * The environment that hands a resolved configuration to a child process: each value in its
 * prefixed form, so that nothing else in the environment can change it, and where the user set them.
 *
 * @param origin of a value, where it is another than in the configuration
 */
export function childEnvironment(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  origin: (name: string) => Origin = (name) => config.origin(name),
): Record<string, string> {
  const names = plainNames(declaration).filter((name) => config.text(name) !== undefined);
  return {
    ...Object.fromEntries(
      names.map((name) => [`${declaration.prefix}_${name}`, config.text(name)!]),
    ),
    [PIPELINE_ORIGINS]: handedOriginsText(names, origin),
  };
}

/** The names without the declared overrides, which have the component's prefix. */
function plainNames(declaration: ComponentDeclaration): string[] {
  const variables = [...declaration.variables.values()];
  return variables.filter(({ overrides }) => overrides === undefined).map(({ name }) => name);
}

function texts(config: ResolvedConfig, name: string): readonly string[] {
  const value = config.values[name];
  if (value === undefined) return [];
  return typeof value === "object" ? value : [String(value)];
}

function applies(condition: PermissionCondition | undefined, config: ResolvedConfig): boolean {
  if (condition === undefined || condition === true) return condition === true;
  return Object.entries(condition).every(([name, allowed]) =>
    texts(config, name).some((value) => allowed.includes(value))
  );
}

/** Of a URL only host and port: its path may be a secret, and flags are seen by everybody. */
function connectAddress(value: string): string {
  const url = /^https?:\/\//.test(value) ? URL.parse(value) : null;
  if (url === null) return value;
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
}

function listenAddress(address: string, port: string): string {
  // An IPv6 address stands in brackets before its port.
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Deno divides the values of a flag at commas; one that belongs to a path is written twice. */
function flag(kind: string, values: Iterable<string>): string {
  return `--allow-${kind}=${[...values].map((value) => value.replaceAll(",", ",,")).join(",")}`;
}
