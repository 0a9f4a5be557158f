import { type CommandContext, type CommandLine, optionOf, UsageError } from "../command/mod.ts";
import type { CommandOption } from "../command/mod.ts";
import { loadControlPlaneSecurity } from "../component/mod.ts";
import { checkText, describeRule, loadConfig } from "../config/mod.ts";
import { connectControlPlane, type ConnectOptions } from "../controller/mod.ts";
import type { ControlPlaneClient } from "../controller/mod.ts";
import { cliDeclaration } from "./cli_declaration.ts";

/** Which control plane is asked. */
export const CONNECTION_OPTIONS: readonly CommandOption[] = [
  { flag: "endpoint", value: "HOST:PORT", help: "the control plane (default: FLOWCTL_ENDPOINT)" },
  {
    flag: "protocol",
    value: "NAME",
    help: "auto, v1 or legacy (default: FLOWCTL_PROTOCOL)",
  },
];

/** The variable in whose place each of them stands. */
const VARIABLES: Readonly<Record<string, string>> = {
  endpoint: "FLOWCTL_ENDPOINT",
  protocol: "FLOWCTL_PROTOCOL",
};

/** A client, and whom it asks. */
export interface Connection {
  readonly endpoint: string;
  readonly client: ControlPlaneClient;
}

/**
 * A client of the control plane that the command line or the environment names; it connects with
 * its first call.
 *
 * @throws {UsageError} for options
 * @throws {ConfigError} for variables and files
 */
export async function openConnection(
  line: CommandLine,
  { env }: Pick<CommandContext, "env">,
): Promise<Connection> {
  const config = loadConfig({ declaration: cliDeclaration(), env, settings: settingsOf(line) });
  const endpoint = config.string("FLOWCTL_ENDPOINT");
  // Nothing is logged here, and no sentence of a client holds its token.
  const security = await loadControlPlaneSecurity(config, { addSecret: () => {} });
  const protocol = config.string("FLOWCTL_PROTOCOL") as NonNullable<ConnectOptions["protocol"]>;
  return { endpoint, client: await connectControlPlane({ endpoint, protocol, ...security }) };
}

function settingsOf(line: CommandLine): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [flag, name] of Object.entries(VARIABLES)) {
    const text = optionOf(line, flag);
    if (text === undefined) continue;
    const variable = cliDeclaration().variables.get(name)!;
    if (checkText(variable, text) === undefined) {
      const example = `--${flag} ${variable.example}`;
      const rule = `must be ${describeRule(variable)}`;
      throw new UsageError(`--${flag} ${JSON.stringify(text)} ${rule}; for example ${example}`);
    }
    settings.set(name, text);
  }
  return settings;
}
