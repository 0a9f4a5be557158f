import { ValueLookup } from "./_value_lookup.ts";
import { parseCommandLine } from "./command_line.ts";
import type { ComponentDeclaration } from "./component_declaration.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { configWarnings } from "./config_warnings.ts";
import { crossFieldProblems } from "./cross_field_rules.ts";
import type { HandedOrigins } from "./handed_origins.ts";
import { isWritten, type Origin } from "./origin.ts";
import type { Profile } from "./profile.ts";
import { ResolvedConfig, type ResolvedVariable } from "./resolved_config.ts";
import { MASK } from "./secret.ts";
import type { VariableDeclaration } from "./variable_declaration.ts";
import { checkText, describeRule } from "./variable_value.ts";

/** Where a configuration comes from. */
export interface LoadOptions {
  /** The component whose variables are resolved. */
  readonly declaration: ComponentDeclaration;
  /** The command line without program and script. */
  readonly args?: readonly string[];
  /** The environment, `Deno.env` in a process. */
  readonly env: { get(name: string): string | undefined };
  /** Name, path, or a profile already loaded; `--profile` beats it. Absent: no profile. */
  readonly profile?: string | Profile;
  /** Path of a `--config` file; the flag beats it. */
  readonly configFile?: string;
  /** What a command line sets for whole pipelines by name (`--set NAME=VALUE`), ranking as flags. */
  readonly settings?: ReadonlyMap<string, string>;
  /** Where those of the settings come from that no `--set` wrote, by name. */
  readonly settingOrigins?: ReadonlyMap<string, Origin>;
  /** In a pipeline the plain PORT and HEALTH_PORT do not count, only their prefixed forms. */
  readonly inPipeline?: boolean;
  /**
   * Where the values were set that a pipeline manager hands over as prefixed environment variables. A
   * default that is not among them is one.
   */
  readonly handedOrigins?: HandedOrigins;
  /** Reads a configuration file or profile. */
  readonly readText?: (path: string) => string;
}

/** A configuration and all that is wrong with it; the values that are wrong are left unset. */
export interface Resolution {
  /** What could be resolved. */
  readonly config: ResolvedConfig;
  /** Empty when the configuration can be used. */
  readonly problems: readonly ConfigProblem[];
  /** What can be used and is probably not meant. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Resolves all declared variables of a component: flag, component override, environment,
 * configuration file, profile, default; the first that is set wins, and empty is not set.
 *
 * @throws {ConfigError} with every problem
 */
export function loadConfig(options: LoadOptions): ResolvedConfig {
  const { config, problems } = resolveConfig(options);
  if (problems.length > 0) throw new ConfigError(options.declaration.name, problems);
  return config;
}

/** As {@linkcode loadConfig}, but answers the problems beside whatever could be resolved. */
export function resolveConfig(options: LoadOptions): Resolution {
  const { declaration } = options;
  const line = parseCommandLine(declaration, options.args ?? []);
  const problems: ConfigProblem[] = [...line.problems];
  const lookup = new ValueLookup(options, line, problems);
  const variables = new Map<string, ResolvedVariable>();
  for (const variable of declaration.variables.values()) {
    const { resolved, problem } = resolveVariable(variable, lookup);
    variables.set(variable.name, resolved);
    // A declared override tells its own mistake; the variable that it sets need not repeat it.
    const isTold = problem !== undefined && problem.variable !== variable.name &&
      declaration.variables.has(problem.variable);
    if (problem !== undefined && !isTold) problems.push(problem);
  }
  const config = new ResolvedConfig(declaration, variables);
  problems.push(...crossFieldProblems(declaration, config));
  return { config, problems, warnings: configWarnings(declaration, config, lookup.profile) };
}

function resolveVariable(
  variable: VariableDeclaration,
  lookup: ValueLookup,
): { resolved: ResolvedVariable; problem?: ConfigProblem } {
  const found = lookup.find(variable);
  if (found === undefined) {
    const origin: Origin = { kind: "unset", name: variable.name };
    const resolved = { value: undefined, text: undefined, origin };
    // It may well be set in the file or profile that could not be read, which is told already.
    if (!variable.required || !lookup.isWhole) return { resolved };
    const rule = `is not set and must be ${describeRule(variable)}`;
    const example = `${variable.name}=${variable.example}`;
    return { resolved, problem: { variable: variable.name, origin, rule, example } };
  }
  const { text, origin } = found;
  const value = checkText(variable, text);
  const resolved = { value, text, origin };
  if (value !== undefined) return { resolved };
  // A person looks for the name that they wrote.
  const name = isWritten(origin) && origin.kind !== "flag" ? origin.name : variable.name;
  const problem = {
    variable: name,
    value: variable.secret ? MASK : text.slice(0, MAX_SHOWN_LENGTH),
    origin,
    rule: `must be ${describeRule(variable)}`,
    example: `${name}=${variable.example}`,
  };
  return { resolved, problem };
}

/** How much of a wrong value an error shows. */
const MAX_SHOWN_LENGTH = 200;
