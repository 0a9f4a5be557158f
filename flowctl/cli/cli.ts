import {
  type Command,
  type CommandContext,
  EXIT,
  helpText,
  parseCommandLine,
  say,
  UsageError,
} from "../command/mod.ts";
import { ConfigError, nearestName } from "../config/mod.ts";
import { ControlPlaneError } from "../controller/mod.ts";
import { cliDeclaration } from "./cli_declaration.ts";
import { listCommand } from "./list_command.ts";
import { statusCommand } from "./status_command.ts";
import { topologyCommand } from "./topology_command.ts";

/** All commands; each is a task, `flowctl:list` and so on. */
export const COMMANDS: readonly Command[] = [listCommand, statusCommand, topologyCommand];

const EXIT_CODES =
  `Exit codes: 0 shown; 1 the control plane cannot be asked, or the pipeline is unhealthy (status);
2 wrong command or configuration; 3 no service is registered.`;

/** Runs a command line, such as `list --json`, and answers the exit code. */
export async function runFlowctl(
  [name, ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    say(context, name === undefined ? programHelp() : unknownCommand(name));
    return EXIT.usage;
  }
  if (args.includes("--help") || args.includes("-h")) {
    say(context, commandHelp(command));
    return EXIT.ok;
  }
  try {
    return await command.run(parseCommandLine(command, undefined, args), context);
  } catch (error) {
    const code = exitCodeOf(error);
    if (code === undefined) throw error;
    say(context, sentenceOf(error as Error));
    return code;
  }
}

/** The help of one command. */
function commandHelp(command: Command): string {
  const variables = [...cliDeclaration().variables.values()];
  return helpText(command, {
    usage: `deno task flowctl:${command.name}`,
    rows: variables.map((each) => [
      each.name,
      each.default === undefined
        ? each.description
        : `${each.description} Default ${each.default}.`,
    ]),
    examples: command.examples,
    exitCodes: EXIT_CODES,
  });
}

function programHelp(): string {
  return [
    "Asks a control plane for its services.",
    "",
    ...COMMANDS.map(({ name, summary }) => `  deno task flowctl:${name.padEnd(8)}  ${summary}`),
    "",
    "Each tells more with --help.",
  ].join("\n");
}

function unknownCommand(name: string): string {
  const names = COMMANDS.map((each) => each.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  return `"${name}" is not a command; ${hint}`;
}

/** What went wrong, and for a token what would be right. */
function sentenceOf(error: Error): string {
  const isToken = error instanceof ControlPlaneError && error.code === "UNAUTHENTICATED";
  if (!isToken) return error.message;
  return `${error.message.replace(/\.$/, "")}; AUTH_TOKEN_FILE must name the file with its token`;
}

/** The exit code of an error that is told with its message alone; `undefined` for any other. */
function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof UsageError || error instanceof ConfigError) return EXIT.usage;
  return error instanceof ControlPlaneError ? EXIT.failed : undefined;
}
