import { type CommandLine, parseCommandLine } from "./command_line.ts";
import { type ComponentDeclaration, DeclarationError } from "./component_declaration.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { ConfigFileError, type FileVariables, parseConfigFile } from "./config_file.ts";
import { crossFieldProblems } from "./cross_field_rules.ts";
import type { Origin } from "./origin.ts";
import { loadProfile, type Profile } from "./profile.ts";
import { ResolvedConfig, type ResolvedVariable } from "./resolved_config.ts";
import { MASK } from "./secret.ts";
import type { VariableDeclaration } from "./variable_declaration.ts";
import { flagOf } from "./variable_declaration.ts";
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
  /** In a pipeline the plain PORT and HEALTH_PORT do not count, only their prefixed forms. */
  readonly inPipeline?: boolean;
  /** Reads a configuration file or profile. */
  readonly readText?: (path: string) => string;
}

/** A configuration and all that is wrong with it; the values that are wrong are left unset. */
export interface Resolution {
  /** What could be resolved. */
  readonly config: ResolvedConfig;
  /** Empty when the configuration can be used. */
  readonly problems: readonly ConfigProblem[];
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
  const lookup = new Lookup(options, line, problems);
  const variables = new Map<string, ResolvedVariable>();
  for (const variable of declaration.variables.values()) {
    variables.set(variable.name, resolveVariable(variable, lookup, problems));
  }
  const config = new ResolvedConfig(declaration, variables);
  problems.push(...crossFieldProblems(declaration, config));
  return { config, problems };
}

function resolveVariable(
  variable: VariableDeclaration,
  lookup: Lookup,
  problems: ConfigProblem[],
): ResolvedVariable {
  const found = lookup.find(variable);
  const example = `${variable.name}=${variable.example}`;
  if (found === undefined) {
    const origin: Origin = { kind: "unset", name: variable.name };
    // It may well be set in the file or profile that could not be read, which is told already.
    if (variable.required && lookup.isWhole) {
      const rule = `is not set and must be ${describeRule(variable)}`;
      problems.push({ variable: variable.name, origin, rule, example });
    }
    return { value: undefined, text: undefined, origin };
  }
  const value = checkText(variable, found.text);
  if (value === undefined) {
    const rule = `must be ${describeRule(variable)}`;
    const shown = variable.secret ? MASK : found.text.slice(0, MAX_SHOWN_LENGTH);
    problems.push({ variable: variable.name, value: shown, origin: found.origin, rule, example });
    return { value: undefined, text: found.text, origin: found.origin };
  }
  return { value, text: found.text, origin: found.origin };
}

/** How much of a wrong value an error shows. */
const MAX_SHOWN_LENGTH = 200;

/** The six places, in their order. */
class Lookup {
  readonly #prefix: string;
  readonly #component: string;
  readonly #line: CommandLine;
  readonly #env: LoadOptions["env"];
  readonly #inPipeline: boolean;
  readonly #problems: ConfigProblem[];
  readonly #file: FileVariables;
  readonly #fileName: string;
  readonly #profile: Profile | undefined;
  #envDenied = false;
  #isWhole = true;

  constructor(options: LoadOptions, line: CommandLine, problems: ConfigProblem[]) {
    this.#prefix = options.declaration.prefix;
    this.#component = options.declaration.name;
    this.#line = line;
    this.#env = options.env;
    this.#inPipeline = options.inPipeline ?? false;
    this.#problems = problems;
    this.#fileName = line.config ?? options.configFile ?? "";
    const readText = options.readText ?? Deno.readTextFileSync;
    this.#file = this.#fileName === "" ? new Map() : this.#readFile(readText);
    this.#profile = this.#readProfile(line.profile ?? options.profile, readText);
  }

  /** Whether every place could be looked into. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  find(variable: VariableDeclaration): { text: string; origin: Origin } | undefined {
    const { name } = variable;
    const plain = !(this.#inPipeline && variable.perComponent);
    const override = `${this.#prefix}_${name}`;
    const profile = this.#profile;
    const steps: [string | undefined, () => Origin][] = [
      [this.#line.flags.get(name), () => ({ kind: "flag", name: flagOf(name) })],
      [this.#environment(override), () => ({ kind: "override", name: override })],
      [plain ? this.#environment(name) : undefined, () => ({ kind: "environment", name })],
      [this.#file.get(override), () => ({ kind: "file", name: override, source: this.#fileName })],
      [
        plain ? this.#file.get(name) : undefined,
        () => ({ kind: "file", name, source: this.#fileName }),
      ],
    ];
    for (const [text, origin] of steps) if (isSet(text)) return { text, origin: origin() };
    if (profile !== undefined) {
      const texts = [
        profile.components[this.#component]?.[name],
        profile.variables[override],
        plain ? profile.variables[name] : undefined,
      ];
      const text = texts.find(isSet);
      if (text !== undefined) {
        return { text, origin: { kind: "profile", name, source: profile.name } };
      }
    }
    if (variable.default === undefined) return undefined;
    return { text: variable.default, origin: { kind: "default", name } };
  }

  #environment(name: string): string | undefined {
    if (this.#envDenied) return undefined;
    try {
      return this.#env.get(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      // One sentence: a process that may not read one variable may mostly read none.
      this.#envDenied = true;
      this.#problems.push({
        variable: name,
        origin: { kind: "environment", name },
        rule: "this process may not read the environment variable",
        example: `deno run --allow-env=${this.#prefix}_*,${name} …`,
      });
      return undefined;
    }
  }

  #readFile(readText: (path: string) => string): FileVariables {
    try {
      return parseConfigFile(readText(this.#fileName), this.#fileName);
    } catch (error) {
      const rule = error instanceof ConfigFileError
        ? error.message
        : `cannot read ${this.#fileName}: ${error instanceof Error ? error.message : error}`;
      this.#isWhole = false;
      this.#problems.push({
        variable: "--config",
        origin: { kind: "flag", name: "--config" },
        rule,
        example: "",
      });
      return new Map();
    }
  }

  #readProfile(
    profile: string | Profile | undefined,
    readText: (path: string) => string,
  ): Profile | undefined {
    if (profile === undefined || typeof profile !== "string") return profile;
    try {
      return loadProfile(profile, readText);
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      this.#isWhole = false;
      const origin: Origin = { kind: "flag", name: "--profile" };
      this.#problems.push({ variable: "--profile", origin, rule: error.message, example: "" });
      return undefined;
    }
  }
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
