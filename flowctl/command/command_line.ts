import { type ComponentDeclaration, flagOf, nearestName } from "../config/mod.ts";
import type { Command, CommandLine } from "./command.ts";

/** A command line that is not understood; the message says what is wrong and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "USAGE";
}

/**
 * Reads what follows the name of a command: its options (`--flag value`, `--flag=value`), flags of
 * the program's own variables, and arguments.
 *
 * @param program whose variables have flags; without it only the options of the command are known
 * @throws {UsageError}
 */
export function parseCommandLine(
  command: Command,
  program: ComponentDeclaration | undefined,
  args: readonly string[],
): CommandLine {
  const options = new Map<string, string[]>();
  const settings = new Map<string, string>();
  const positional: string[] = [];
  const names = [...program?.variables.keys() ?? []];
  const variables = new Map(names.map((name) => [flagOf(name), name]));
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (!argument.startsWith("-")) {
      positional.push(argument);
      continue;
    }
    const equals = argument.indexOf("=");
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const option = command.options.find((each) => `--${each.flag}` === flag);
    const variable = variables.get(flag);
    if (option === undefined && variable === undefined) {
      const known = [...command.options.map((each) => `--${each.flag}`), ...variables.keys()];
      const near = nearestName(flag, known);
      const hint = near === undefined ? unknownHint(command, flag) : `did you mean ${near}?`;
      throw new UsageError(`${command.name} has no option "${flag}"; ${hint}`);
    }
    if (option !== undefined && option.value === undefined) {
      if (equals >= 0) throw new UsageError(`${flag} takes no value`);
      options.set(option.flag, []);
      continue;
    }
    // What follows may be a negative number, but another option is no value.
    const isNext = equals < 0 && args[at + 1]?.startsWith("--") === false;
    const value = equals >= 0 ? argument.slice(equals + 1) : isNext ? args[++at] : undefined;
    if (value === undefined || value === "") {
      throw new UsageError(
        `${flag} needs a value, for example ${flag} ${option?.value ?? "VALUE"}`,
      );
    }
    if (variable !== undefined) settings.set(variable, value);
    else if (option!.flag === "set") addSetting(value, settings);
    else if (option!.repeats) {
      options.set(option!.flag, [...options.get(option!.flag) ?? [], value]);
    } else options.set(option!.flag, [value]);
  }
  const extra = positional.slice(command.arguments.length);
  if (extra.length > 0) {
    const text = extra.map((argument) => `"${argument}"`).join(", ");
    throw new UsageError(`${command.name} does not take ${text}; see --help`);
  }
  return { arguments: positional, options, settings };
}

/** Components have a flag for each variable, the manager has `--set`: many try the flag first. */
function unknownHint(command: Command, flag: string): string {
  const isFlag = /^--[a-z][a-z0-9-]*$/.test(flag);
  if (!isFlag || !command.options.some((option) => option.flag === "set")) return "see --help";
  const name = flag.slice(2).replaceAll("-", "_").toUpperCase();
  return `see --help; a component's variable is set by --set ${name}=VALUE`;
}

function addSetting(text: string, settings: Map<string, string>): void {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text);
  if (match === null) {
    throw new UsageError(`--set "${text}" must be NAME=VALUE, for example --set BATCH_SIZE=50`);
  }
  settings.set(match[1]!, match[2]!);
}
