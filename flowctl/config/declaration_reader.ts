import { YamlLines, type YamlPath } from "./_yaml_lines.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a text must look like. */
interface TextRule {
  readonly pattern?: RegExp;
  readonly hint?: string;
}

/** The document that readers of its parts share. */
interface Origin {
  readonly source: string;
  readonly problems: string[];
  /** Made when the first line is asked for: most documents need none. */
  lines?: YamlLines;
}

/**
 * Reads one mapping of a YAML document by key and collects what is wrong with it, each with line
 * and path, so that a person who wrote several mistakes sees all of them.
 */
export class DeclarationReader {
  readonly #value: Json;
  readonly #path: YamlPath;
  readonly #origin: Origin;

  private constructor(value: unknown, path: YamlPath, origin: Origin) {
    this.#path = path;
    this.#origin = origin;
    this.#value = isMapping(value) ? value : {};
    if (!isMapping(value)) this.#note([], "must be a mapping of keys to values");
  }

  /** The document's outermost mapping; an empty document is an empty one. */
  static open(document: unknown, source: string, problems: string[]): DeclarationReader {
    return new DeclarationReader(document ?? {}, [], { source, problems });
  }

  /** Notes a problem with the value of a key. */
  problem(key: string, what: string): void {
    this.#note([key], what);
  }

  /** Whether the key has a value. */
  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  /** The value of the key, whatever it is. */
  raw(key: string): unknown {
    return this.#value[key];
  }

  /** The keys that are written. */
  keys(): string[] {
    return Object.keys(this.#value);
  }

  /** The line on which the key stands, from 1. */
  lineOf(key: string): number {
    return this.#lines.lineOf([...this.#path, key]);
  }

  /** A key that no one reads is a mistake in writing. */
  onlyKeys(keys: readonly string[]): void {
    for (const key of this.keys()) {
      if (!keys.includes(key)) this.problem(key, `unknown key; known are ${keys.join(", ")}`);
    }
  }

  /** A text that must be there. */
  text(key: string, rule: TextRule = {}): string {
    const value = this.#value[key];
    if (value === undefined || value === null || value === "") {
      this.problem(key, "is missing");
      return "";
    }
    return this.optionalText(key, rule) ?? "";
  }

  /** A text that may be left out. */
  optionalText(key: string, rule: TextRule = {}): string | undefined {
    const value = this.#value[key];
    if (value === undefined) return undefined;
    if (typeof value !== "string") {
      this.problem(key, "must be a text");
      return undefined;
    }
    const { pattern, hint } = rule;
    if (pattern !== undefined && !pattern.test(value)) {
      this.problem(key, `"${value}" must be ${hint ?? `text that matches ${pattern}`}`);
    }
    return value;
  }

  /** The value of a variable, which may be written as a number, true or false too. */
  optionalScalar(key: string): string | undefined {
    const value = this.#value[key];
    if (value === undefined) return undefined;
    if (isScalar(value)) return String(value);
    this.problem(key, "must be a text, a number, true or false");
    return undefined;
  }

  /** A number that may be left out. */
  optionalNumber(key: string): number | undefined {
    const value = this.#value[key];
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.problem(key, "must be a number");
    return undefined;
  }

  /** One of some words. */
  choice<T extends string>(key: string, allowed: readonly T[]): T {
    const value = this.text(key);
    if (value !== "" && !allowed.includes(value as T)) {
      this.problem(key, `"${value}" must be one of ${allowed.join(", ")}`);
    }
    return value as T;
  }

  /** True or false; false when left out. */
  flag(key: string): boolean {
    const value = this.#value[key];
    if (value !== undefined && typeof value !== "boolean") {
      this.problem(key, "must be true or false");
    }
    return value === true;
  }

  /** A list of values of variables; empty when left out. */
  scalarList(key: string): string[] {
    const value = this.#value[key];
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every(isScalar)) return value.map(String);
    this.problem(key, "must be a list of texts");
    return [];
  }

  /** A mapping of names to texts; empty when left out. */
  textMap(key: string): Record<string, string> {
    if (!this.has(key)) return {};
    const reader = this.child(key);
    return Object.fromEntries(
      reader.keys().map((name) => [name, reader.optionalText(name) ?? ""]),
    );
  }

  /**
   * All keys as names of variables with their values: a list is written with commas, as in a variable,
   * and what has no value is empty.
   */
  variables(): Record<string, string> {
    const texts: Record<string, string> = {};
    for (const name of this.keys()) {
      const value = this.#value[name] ?? "";
      const items = Array.isArray(value) ? value : [value];
      if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
        this.problem(name, "must be the name of a variable, in UPPER_CASE");
      } else if (items.every(isScalar)) {
        texts[name] = items.join(",");
      } else {
        this.problem(name, "must be a text, a number, true, false or a list of them");
      }
    }
    return texts;
  }

  /** The mappings of a list. */
  *items(key: string): Generator<DeclarationReader> {
    const value = this.#value[key];
    if (!Array.isArray(value)) {
      this.problem(key, value === undefined ? "is missing" : "must be a list");
      return;
    }
    for (const [index, item] of value.entries()) {
      const reader = new DeclarationReader(item, [...this.#path, key, index], this.#origin);
      if (isMapping(item)) yield reader;
    }
  }

  /** The mapping below a key; empty when left out. */
  child(key: string): DeclarationReader {
    return new DeclarationReader(this.#value[key] ?? {}, [...this.#path, key], this.#origin);
  }

  get #lines(): YamlLines {
    return this.#origin.lines ??= new YamlLines(this.#origin.source);
  }

  #note(inner: YamlPath, what: string): void {
    const path = [...this.#path, ...inner];
    const place = `line ${this.#lines.lineOf(path)}`;
    const shown = pathText(path);
    this.#origin.problems.push(`${place}${shown === "" ? "" : `, ${shown}`}: ${what}`);
  }
}

/** `variables[3].permission.read`. */
function pathText(path: YamlPath): string {
  return path
    .map((part, at) => typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`)
    .join("");
}

function isMapping(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
