type Json = Readonly<Record<string, unknown>>;

/** What a text must look like. */
interface TextRule {
  readonly pattern?: RegExp;
  readonly hint?: string;
}

/**
 * Reads one mapping of a YAML document by key and collects what is wrong with it, each with line
 * and path, so that a person who wrote several mistakes sees all of them.
 */
export class DeclarationReader {
  readonly #value: Json;
  readonly #path: string;
  readonly #line: number | undefined;
  readonly #source: string;
  readonly #problems: string[];

  private constructor(
    value: Json,
    path: string,
    line: number | undefined,
    source: string,
    problems: string[],
  ) {
    this.#value = value;
    this.#path = path;
    this.#line = line;
    this.#source = source;
    this.#problems = problems;
  }

  /** The document's outermost mapping. */
  static open(document: unknown, source: string, problems: string[]): DeclarationReader {
    if (!isMapping(document)) problems.push("must be a mapping of keys to values");
    return new DeclarationReader(
      isMapping(document) ? document : {},
      "",
      undefined,
      source,
      problems,
    );
  }

  /** Notes a problem with the value of a key. */
  problem(key: string, what: string): void {
    const path = this.#path === "" ? key : `${this.#path}.${key}`;
    const line = this.#line ?? lineOf(this.#source, key.split(".")[0] ?? key);
    this.#problems.push(line === undefined ? `${path}: ${what}` : `line ${line}, ${path}: ${what}`);
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  raw(key: string): unknown {
    return this.#value[key];
  }

  /** A key that no one reads is a mistake in writing. */
  onlyKeys(keys: readonly string[]): void {
    for (const key of Object.keys(this.#value)) {
      if (!keys.includes(key)) this.problem(key, `unknown key; known are ${keys.join(", ")}`);
    }
  }

  text(key: string, rule: TextRule = {}): string {
    const value = this.#value[key];
    if (value === undefined || value === null || value === "") {
      this.problem(key, "is missing");
      return "";
    }
    return this.#checked(key, value, rule) ?? "";
  }

  optionalText(key: string, rule: TextRule = {}): string | undefined {
    return this.has(key) ? this.#checked(key, this.#value[key], rule) : undefined;
  }

  choice<T extends string>(key: string, allowed: readonly T[]): T {
    const value = this.text(key);
    if (value !== "" && !allowed.includes(value as T)) {
      this.problem(key, `"${value}" must be one of ${allowed.join(", ")}`);
    }
    return value as T;
  }

  flag(key: string): boolean {
    const value = this.#value[key];
    if (value !== undefined && typeof value !== "boolean") {
      this.problem(key, "must be true or false");
    }
    return value === true;
  }

  textList(key: string): string[] {
    const value = this.#value[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value) || !value.every(isScalar)) {
      this.problem(key, "must be a list of texts");
      return [];
    }
    return value.map(String);
  }

  textMap(key: string): Record<string, string> {
    const value = this.#value[key];
    if (value === undefined || value === null) return {};
    if (!isMapping(value) || !Object.values(value).every(isScalar)) {
      this.problem(key, "must be a mapping of names to texts");
      return {};
    }
    return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
  }

  /** The mappings of a list. */
  *items(key: string): Generator<DeclarationReader> {
    const value = this.#value[key];
    if (!Array.isArray(value)) {
      this.problem(key, "must be a list");
      return;
    }
    for (const [index, item] of value.entries()) {
      const path = `${this.#path}${key}[${index}]`;
      if (!isMapping(item)) {
        this.#problems.push(`${path}: must be a mapping of keys to values`);
        continue;
      }
      const line = lineOf(this.#source, "- name", String(item.name));
      yield new DeclarationReader(item, path, line, this.#source, this.#problems);
    }
  }

  /** The mapping below a key. */
  child(key: string): DeclarationReader {
    const value = this.#value[key] ?? {};
    if (!isMapping(value)) this.problem(key, "must be a mapping of keys to values");
    const path = this.#path === "" ? key : `${this.#path}.${key}`;
    const line = this.#line ?? lineOf(this.#source, key);
    const inner = isMapping(value) ? value : {};
    return new DeclarationReader(inner, path, line, this.#source, this.#problems);
  }

  keys(): string[] {
    return Object.keys(this.#value);
  }

  #checked(key: string, value: unknown, rule: TextRule): string | undefined {
    if (!isScalar(value)) {
      this.problem(key, "must be a text, a number, true or false");
      return undefined;
    }
    const text = String(value);
    if (rule.pattern !== undefined && !rule.pattern.test(text)) {
      this.problem(key, `"${text}" must be ${rule.hint ?? `text that matches ${rule.pattern}`}`);
    }
    return text;
  }
}

function isMapping(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The first line that holds a key (and value); the YAML reader keeps no positions. */
function lineOf(source: string, key: string, value?: string): number | undefined {
  const start = `${key}:`;
  const lines = source.split("\n");
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (!text.startsWith(start)) continue;
    if (value === undefined || text.slice(start.length).trim() === value) return index + 1;
  }
  return undefined;
}
