import { ConfigError, type ConfigProblem, type ResolvedConfig } from "../config/mod.ts";
import { describeError } from "./describe_error.ts";
import type { Logger } from "./logger.ts";

/** Options of a Flight server that make it safe; absent ones are not asked for. */
export interface ServerSecurity {
  /** Certificate and key (PEM) of the server. */
  readonly tls?: {
    readonly certificate: Uint8Array;
    readonly key: Uint8Array;
    /** Clients must show a certificate that this authority signed. */
    readonly clientCa?: Uint8Array;
  };
  /** Clients must send this bearer token. */
  readonly token?: string;
}

/** Options of a Flight client for an upstream that is as safe. */
export interface ClientSecurity {
  /** Authority (PEM) that signed the upstream's certificate; with it the client uses TLS. */
  readonly tlsCa?: Uint8Array;
  /** Certificate (PEM) that the client shows. */
  readonly clientCertificate?: Uint8Array;
  /** Its key (PEM). */
  readonly clientKey?: Uint8Array;
  /** Bearer token that the client sends. */
  readonly token?: string;
}

/** What keeps secrets out of whatever is written. */
export type SecretMask = Pick<Logger, "addSecret">;

/** Largest certificate, key or token file; a longer one is some other file. */
const MAX_FILE_BYTES = 1 << 20;

/**
 * Loads TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE and AUTH_TOKEN_FILE for the Flight server, and for
 * the client of the upstream (TLS when TLS_CA_FILE is set). The token goes into the log's mask.
 *
 * @throws {ConfigError} for files that cannot be read or hold something else
 */
export async function loadFlightSecurity(
  config: ResolvedConfig,
  log: SecretMask,
): Promise<{ server: ServerSecurity; client: ClientSecurity }> {
  const { certificate, key, authority, token } = await readFiles(config, log, "TLS_CA_FILE");
  const credentials = token === undefined ? {} : { token };
  const hasPair = certificate !== undefined && key !== undefined;
  return {
    server: {
      ...credentials,
      ...(hasPair
        ? { tls: { certificate, key, ...(authority === undefined ? {} : { clientCa: authority }) } }
        : {}),
    },
    client: {
      ...credentials,
      ...(authority === undefined ? {} : {
        tlsCa: authority,
        ...(hasPair ? { clientCertificate: certificate, clientKey: key } : {}),
      }),
    },
  };
}

/**
 * Loads what the control plane is spoken to with: TLS when FLOWCTL_TLS_CA_FILE is set, then with the
 * component's own certificate, and the token of AUTH_TOKEN_FILE, which goes into the log's mask.
 *
 * @throws {ConfigError} for files that cannot be read or hold something else
 */
export async function loadControlPlaneSecurity(
  config: ResolvedConfig,
  log: SecretMask,
): Promise<ClientSecurity> {
  const { certificate, key, authority, token } = await readFiles(
    config,
    log,
    "FLOWCTL_TLS_CA_FILE",
  );
  return {
    ...(token === undefined ? {} : { token }),
    ...(authority === undefined ? {} : {
      tlsCa: authority,
      ...(certificate !== undefined && key !== undefined
        ? { clientCertificate: certificate, clientKey: key }
        : {}),
    }),
  };
}

/** What the files hold; the token goes into the mask. Throws ConfigError. */
async function readFiles(
  config: ResolvedConfig,
  log: SecretMask,
  authorityFile: "TLS_CA_FILE" | "FLOWCTL_TLS_CA_FILE",
) {
  const problems: ConfigProblem[] = [];
  const load = (name: string, what: string) => readFile(config, name, what, problems);
  const [certificate, key, authority, tokenFile] = await Promise.all([
    load("TLS_CERT_FILE", "-----BEGIN CERTIFICATE-----"),
    load("TLS_KEY_FILE", "PRIVATE KEY-----"),
    load(authorityFile, "-----BEGIN CERTIFICATE-----"),
    load("AUTH_TOKEN_FILE", ""),
  ]);
  const token = tokenFile === undefined ? undefined : new TextDecoder().decode(tokenFile).trim();
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    problems.push(
      problem(config, "AUTH_TOKEN_FILE", "must hold one line of visible ASCII characters"),
    );
  }
  if (problems.length > 0) throw new ConfigError(config.component, problems);
  if (token !== undefined) log.addSecret(token);
  return { certificate, key, authority, token };
}

async function readFile(
  config: ResolvedConfig,
  name: string,
  mark: string,
  problems: ConfigProblem[],
): Promise<Uint8Array | undefined> {
  const path = config.optionalString(name);
  if (path === undefined) return undefined;
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_FILE_BYTES) {
      problems.push(problem(config, name, `must be a file of at most ${MAX_FILE_BYTES} bytes`));
      return undefined;
    }
    const bytes = await Deno.readFile(path);
    if (new TextDecoder().decode(bytes).includes(mark)) return bytes;
    problems.push(problem(config, name, `must be a PEM file that holds "${mark}"`));
  } catch (error) {
    problems.push(problem(config, name, `cannot be read: ${describeError(error)}`));
  }
  return undefined;
}

function problem(config: ResolvedConfig, name: string, rule: string): ConfigProblem {
  return {
    variable: name,
    value: config.shown(name),
    origin: config.origin(name),
    rule,
    example: "",
  };
}
