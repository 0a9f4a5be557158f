import { ConfigError } from "./config_error.ts";
import type { ComponentDeclaration } from "./component_declaration.ts";
import { type Origin } from "./origin.ts";
import { MASK } from "./secret.ts";
import type { ConfigValue } from "./variable_value.ts";
import { describeRule } from "./variable_value.ts";

/** One variable after resolution. */
export interface ResolvedVariable {
  /** In its type; `undefined` when nothing sets it or the text breaks its rule. */
  readonly value: ConfigValue;
  /** The value as it was written (`10m`, not 600000); `undefined` when nothing sets it. */
  readonly text: string | undefined;
  /** Which of the six steps set it. */
  readonly origin: Origin;
}

/**
 * The configuration of one component: typed, frozen, with the origin of every value. Looking up a
 * value parses nothing. Asking for a name that is not declared is a mistake in the program.
 */
export class ResolvedConfig {
  /** The component's name. */
  readonly component: string;
  /** All values by name of the variable. */
  readonly values: Readonly<Record<string, ConfigValue>>;
  readonly #declaration: ComponentDeclaration;
  readonly #variables: ReadonlyMap<string, ResolvedVariable>;

  /** Takes one entry for each declared variable. */
  constructor(
    declaration: ComponentDeclaration,
    variables: ReadonlyMap<string, ResolvedVariable>,
  ) {
    this.component = declaration.name;
    this.#declaration = declaration;
    this.#variables = variables;
    const values: Record<string, ConfigValue> = {};
    for (const [name, variable] of variables) values[name] = variable.value;
    this.values = Object.freeze(values);
    Object.freeze(this);
  }

  /** Where the value came from. */
  origin(name: string): Origin {
    return this.#variable(name).origin;
  }

  /** The value as it was written, or `undefined` when nothing sets it. Secrets are not masked. */
  text(name: string): string | undefined {
    return this.#variable(name).text;
  }

  /** The value as it may be shown: secrets masked, empty when nothing sets it. */
  shown(name: string): string {
    const text = this.text(name);
    if (text === undefined) return "";
    return this.#declaration.variables.get(name)!.secret ? MASK : text;
  }

  /** Whether any of the six steps sets the variable. */
  isSet(name: string): boolean {
    return this.#variable(name).value !== undefined;
  }

  /** Text of a string, path, endpoint or enum. */
  string(name: string): string {
    return this.#required(name, "string") as string;
  }

  /** As `string`, `undefined` when nothing sets it. */
  optionalString(name: string): string | undefined {
    return this.#optional(name, "string") as string | undefined;
  }

  /** A whole number. */
  integer(name: string): number {
    return this.#required(name, "number") as number;
  }

  /** As `integer`, `undefined` when nothing sets it. */
  optionalInteger(name: string): number | undefined {
    return this.#optional(name, "number") as number | undefined;
  }

  /** A number, whole or not. */
  number(name: string): number {
    return this.#required(name, "number") as number;
  }

  /** True or false. */
  boolean(name: string): boolean {
    return this.#required(name, "boolean") as boolean;
  }

  /** A duration in milliseconds. */
  durationMs(name: string): number {
    return this.#required(name, "number") as number;
  }

  /** A size in bytes. */
  bytes(name: string): number {
    return this.#required(name, "number") as number;
  }

  /** The items of a list; empty when nothing sets it. */
  list(name: string): readonly string[] {
    return (this.#optional(name, "object") ?? EMPTY_LIST) as readonly string[];
  }

  /** Values of the variables that are secrets, for masking them in logs. */
  secrets(): string[] {
    const secrets: string[] = [];
    for (const [name, { text }] of this.#variables) {
      if (text !== undefined && this.#declaration.variables.get(name)!.secret) secrets.push(text);
    }
    return secrets;
  }

  #variable(name: string): ResolvedVariable {
    const variable = this.#variables.get(name);
    if (variable === undefined) throw undeclared(this.component, name);
    return variable;
  }

  #optional(name: string, type: string): ConfigValue {
    const value = this.values[name];
    if (value === undefined) {
      if (!this.#variables.has(name)) throw undeclared(this.component, name);
      return undefined;
    }
    const found = typeof value;
    if (found !== type) {
      throw new TypeError(`${name} of ${this.component} is a ${found}, not a ${type}`);
    }
    return value;
  }

  #required(name: string, type: string): ConfigValue {
    const value = this.#optional(name, type);
    if (value !== undefined) return value;
    const variable = this.#declaration.variables.get(name)!;
    throw new ConfigError(this.component, [{
      variable: name,
      origin: this.origin(name),
      rule: `is not set and must be ${describeRule(variable)}`,
      example: `${name}=${variable.example}`,
    }]);
  }
}

const EMPTY_LIST: readonly string[] = Object.freeze([]);

function undeclared(component: string, name: string): TypeError {
  return new TypeError(`"${name}" is not declared in component.yaml of ${component}`);
}
