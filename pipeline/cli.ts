import {
  type Command,
  type CommandContext,
  EXIT,
  parseCommandLine,
  say,
  UsageError,
} from "../flowctl/command/mod.ts";
import { builtInProfiles, ConfigError, DeclarationError, nearestName } from "../flowctl/mod.ts";
import { commandHelp, COMMANDS, NotRunningError, programHelp } from "./commands/mod.ts";
import { ControlError } from "./control/mod.ts";
import { managerDeclaration } from "./plan/mod.ts";

/** Runs a command line and answers the exit code. */
export async function runCli(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  const wantsHelp = rest.includes("--help") || rest.includes("-h");
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    say(context, programHelp(COMMANDS));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    const near = nearestName(name, COMMANDS.map((each) => each.name));
    const known = COMMANDS.map((each) => each.name).join(", ");
    const hint = near === undefined ? `there are ${known}` : `did you mean ${near}?`;
    say(context, `"${name}" is not a command; ${hint}`);
    return EXIT.usage;
  }
  if (wantsHelp) {
    say(context, commandHelp(command, managerDeclaration(), taskOf(args)));
    return EXIT.ok;
  }
  return await runCommand(command, rest, context);
}

async function runCommand(
  command: Command,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    const line = parseCommandLine(command, managerDeclaration(), args);
    return await command.run(line, context);
  } catch (error) {
    const code = exitCodeOf(error);
    if (code === undefined) throw error;
    say(context, (error as Error).message);
    return code;
  }
}

/** `deno task pipeline:local` puts these two before what the user wrote. */
function taskOf([command, profile]: readonly string[]): string | undefined {
  const isTask = command === "start" && builtInProfiles().includes(profile ?? "");
  return isTask ? `pipeline:${profile}` : undefined;
}

/** The exit code of an error that is told with its message alone; `undefined` for any other. */
function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof NotRunningError) return EXIT.nothing;
  const isUsage = error instanceof UsageError || error instanceof ConfigError ||
    error instanceof DeclarationError;
  if (isUsage) return EXIT.usage;
  // As of the state folder of another user; the message names the file.
  const isFailure = error instanceof ControlError || error instanceof Deno.errors.PermissionDenied;
  return isFailure ? EXIT.failed : undefined;
}
