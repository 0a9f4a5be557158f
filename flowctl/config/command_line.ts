import type { ComponentDeclaration } from "./component_declaration.ts";
import type { ConfigProblem } from "./config_error.ts";
import { nearestName } from "./near_miss.ts";
import { flagOf } from "./variable_declaration.ts";

/** What the command line of a component asks for. */
export interface CommandLine {
  /** `--help` or `-h` is among the flags. */
  readonly help: boolean;
  /** `--version` is among the flags. */
  readonly version: boolean;
  /** Path given with `--config`. */
  readonly config?: string;
  /** Name or path given with `--profile`. */
  readonly profile?: string;
  /** Variable name to its text. */
  readonly flags: ReadonlyMap<string, string>;
  /** Arguments that are no flags, and flags without value. */
  readonly problems: readonly ConfigProblem[];
}

/** Flags that every component has beside one for each of its variables. */
export const GENERAL_FLAGS = ["--help", "--version", "--config", "--profile"] as const;

/**
 * Reads `--name value` and `--name=value`; a boolean may stand alone for true. The last of a
 * repeated flag counts.
 */
export function parseCommandLine(
  declaration: ComponentDeclaration,
  args: readonly string[],
): CommandLine {
  const byFlag = new Map<string, string>();
  for (const { name, overrides } of declaration.variables.values()) {
    if (overrides === undefined) byFlag.set(flagOf(name), name);
  }
  const flags = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  const line: { help: boolean; version: boolean; config?: string; profile?: string } = {
    help: false,
    version: false,
  };
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    const equals = argument.indexOf("=");
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    let value = equals < 0 ? undefined : argument.slice(equals + 1);
    if (argument === "--help" || argument === "-h") {
      line.help = true;
      continue;
    }
    if (argument === "--version") {
      line.version = true;
      continue;
    }
    const variable = byFlag.get(flag);
    if (variable === undefined && flag !== "--config" && flag !== "--profile") {
      problems.push(unknownArgument(argument, flag, [...byFlag.keys(), ...GENERAL_FLAGS]));
      // What follows an unknown flag is taken for its value, so that one mistake is one problem.
      if (flag.startsWith("--") && value === undefined && isValue(args[at + 1])) at++;
      continue;
    }
    if (value === undefined) {
      const next = args[at + 1];
      const type = variable === undefined ? "path" : declaration.variables.get(variable)!.type;
      if (type === "boolean" && next !== "true" && next !== "false") value = "true";
      else if (isValue(next)) value = args[++at]!;
    }
    if (value === undefined || value === "") {
      const example = variable === undefined
        ? "x.yaml"
        : declaration.variables.get(variable)!.example;
      problems.push({
        variable: flag,
        origin: { kind: "flag", name: flag },
        rule: "needs a value",
        example: `${flag} ${example}`,
      });
    } else if (variable !== undefined) flags.set(variable, value);
    else if (flag === "--config") line.config = value;
    else line.profile = value;
  }
  return { ...line, flags, problems };
}

/** A negative number is a value, another flag is none. */
function isValue(argument: string | undefined): boolean {
  return argument !== undefined && (!argument.startsWith("-") || /^-[0-9]/.test(argument));
}

function unknownArgument(argument: string, flag: string, known: readonly string[]): ConfigProblem {
  const near = nearestName(flag, known);
  const hint = near === undefined ? "see --help" : `did you mean ${near}?`;
  return {
    variable: argument,
    origin: { kind: "flag", name: flag },
    rule: flag.startsWith("-") ? `is not a flag; ${hint}` : `is not expected here; ${hint}`,
    example: "",
  };
}
