import type { CommandLine } from "./command_line.ts";
import { DeclarationError } from "./component_declaration.ts";
import type { ConfigProblem } from "./config_error.ts";
import { ConfigFileError, type FileVariables, parseConfigFile } from "./config_file.ts";
import type { LoadOptions } from "./load_config.ts";
import type { Origin } from "./origin.ts";
import { loadProfile, type Profile, profilePath } from "./profile.ts";
import { flagOf, type VariableDeclaration } from "./variable_declaration.ts";

/** A text and the place that it was found in. */
export interface FoundText {
  readonly text: string;
  readonly origin: Origin;
}

/** Where a variable may be set, and under which names; the first of them that is set counts. */
interface Place {
  readonly names: readonly string[];
  readonly read: (name: string) => string | undefined;
  readonly origin: (name: string, text: string) => Origin;
}

/** Looks a variable up in the six places, in their order. */
export class ValueLookup {
  readonly #prefix: string;
  readonly #component: string;
  readonly #line: CommandLine;
  readonly #env: LoadOptions["env"];
  readonly #inPipeline: boolean;
  readonly #settings: LoadOptions["settings"];
  readonly #settingOrigins: LoadOptions["settingOrigins"];
  readonly #handedOrigins: LoadOptions["handedOrigins"];
  readonly #problems: ConfigProblem[];
  readonly #file: FileVariables;
  readonly #fileName: string;
  readonly #profile: Profile | undefined;
  #envDenied = false;
  #isWhole = true;

  /** Reads the file and the profile; one that cannot be read goes to `problems`. */
  constructor(options: LoadOptions, line: CommandLine, problems: ConfigProblem[]) {
    this.#prefix = options.declaration.prefix;
    this.#component = options.declaration.name;
    this.#line = line;
    this.#env = options.env;
    this.#inPipeline = options.inPipeline ?? false;
    this.#settings = options.settings;
    this.#settingOrigins = options.settingOrigins;
    this.#handedOrigins = options.handedOrigins;
    this.#problems = problems;
    this.#fileName = line.config ?? options.configFile ?? "";
    const readText = options.readText ?? Deno.readTextFileSync;
    this.#file = this.#fileName === "" ? new Map() : this.#readFile(readText);
    // Whoever reads a command line of its own may take the profile as an argument.
    const named = line.profile === undefined ? "profile" : "--profile";
    this.#profile = this.#readProfile(line.profile ?? options.profile, named, readText);
  }

  /** Whether every place could be looked into. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The profile, with those that it extends merged in. */
  get profile(): Profile | undefined {
    return this.#profile;
  }

  /** The first place that sets the variable, with the name that is written there. */
  find(variable: VariableDeclaration): FoundText | undefined {
    const { name, overrides } = variable;
    if (overrides === undefined) {
      const text = this.#line.flags.get(name);
      if (isSet(text)) return { text, origin: { kind: "flag", name: flagOf(name) } };
    }
    const found = this.#inPlaces(variable);
    if (found !== undefined || variable.default === undefined) return found;
    return { text: variable.default, origin: { kind: "default", name } };
  }

  #inPlaces(variable: VariableDeclaration): FoundText | undefined {
    for (const { names, read, origin } of this.#places(variable)) {
      for (const name of names) {
        const text = read(name);
        if (isSet(text)) return { text, origin: origin(name, text) };
      }
    }
    return undefined;
  }

  #places(variable: VariableDeclaration): readonly Place[] {
    const { name, overrides, perComponent } = variable;
    const override = overrides === undefined ? `${this.#prefix}_${name}` : name;
    const own = overrides === undefined ? [override, name] : [override];
    const shared = this.#inPipeline && perComponent ? [override] : own;
    const component = this.#profile?.components[this.#component];
    const variables = this.#profile?.variables;
    return [
      {
        names: shared,
        read: (key) => this.#settings?.get(key),
        origin: (key) => this.#settingOrigins?.get(key) ?? { kind: "setting", name: key },
      },
      {
        names: shared,
        read: (key) => this.#environment(key),
        origin: (key, text) =>
          key === override
            ? this.#overrideOrigin(key, variable, text)
            : { kind: "environment", name: key },
      },
      {
        names: shared,
        read: (key) => this.#file.get(key)?.text,
        origin: (key) => this.#fileOrigin(key),
      },
      {
        names: own,
        read: (key) => component?.[key],
        origin: (key) => this.#profileOrigin(key, this.#component),
      },
      {
        names: shared,
        read: (key) => variables?.[key],
        origin: (key) => this.#profileOrigin(key),
      },
    ];
  }

  /** What a manager hands over has the prefixed name, which mostly nobody wrote. */
  #overrideOrigin(key: string, variable: VariableDeclaration, text: string): Origin {
    const name = variable.overrides ?? variable.name;
    const handed = this.#handedOrigins?.get(name);
    if (handed !== undefined) return handed;
    const isDefault = this.#handedOrigins !== undefined && text === variable.default;
    return isDefault ? { kind: "default", name } : { kind: "override", name: key };
  }

  #fileOrigin(name: string): Origin {
    const source = this.#fileName;
    const { line } = this.#file.get(name)!;
    return { kind: "file", name, source, place: { path: name, line, source } };
  }

  #profileOrigin(name: string, component?: string): Origin {
    const { name: source, places } = this.#profile!;
    const place = places?.get(profilePath(name, component));
    return { kind: "profile", name, source, ...(place === undefined ? {} : { place }) };
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
    named: string,
    readText: (path: string) => string,
  ): Profile | undefined {
    if (profile === undefined || typeof profile !== "string") return profile;
    try {
      return loadProfile(profile, readText);
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      this.#isWhole = false;
      const origin: Origin = { kind: "flag", name: named };
      this.#problems.push({ variable: named, origin, rule: error.message, example: "" });
      return undefined;
    }
  }
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
