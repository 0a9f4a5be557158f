import { lookup } from "node:dns/promises";
import { type ComponentDeclaration, ConfigError, type ResolvedConfig } from "../../flowctl/mod.ts";

/**
 * The IP address that a component listens on, also where its BIND_ADDRESS is a name. A process with
 * exact permissions may open an address, but not look one up.
 *
 * @throws {ConfigError} when nobody knows the name
 */
export async function listenAddress(config: ResolvedConfig): Promise<string> {
  const named = config.string("BIND_ADDRESS");
  // Whatever the hosts file says: this name must never open more than loopback.
  if (named === "localhost") return "127.0.0.1";
  if (named.includes(":") || /^[\d.]+$/.test(named)) return named;
  let reason: string;
  try {
    const found = await lookup(named, { all: true });
    const best = found.find(({ family }) => family === 4) ?? found[0];
    if (best !== undefined) return best.address;
    reason = "the name has no address";
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new ConfigError(config.component, [{
    variable: "BIND_ADDRESS",
    value: named,
    origin: config.origin("BIND_ADDRESS"),
    rule: `must be an address or name of this machine: ${reason}`,
    example: "BIND_ADDRESS=127.0.0.1",
  }]);
}

/**
 * The name that a component registers under although it opens the address of that name; `undefined`
 * where its variables say what to register.
 *
 * @param listen what {@linkcode listenAddress} has answered
 */
export function advertisedName(
  { variables }: ComponentDeclaration,
  config: ResolvedConfig,
  listen: string,
): string | undefined {
  const named = config.string("BIND_ADDRESS");
  if (named === listen || named === "localhost") return undefined;
  if (!variables.has("ADVERTISE_ADDRESS") || config.isSet("ADVERTISE_ADDRESS")) return undefined;
  return named;
}
