/** Keys and indexes from the outermost mapping of a document to one of its values. */
export type YamlPath = readonly (string | number)[];

/** Deepest nesting that is followed; what lies deeper counts to the line of what holds it. */
const MAX_DEPTH = 64;

/** A key before its colon: in double quotes, in single quotes, or plain. */
const BLOCK_KEY =
  /(?:("(?:[^"\\\n]|\\.)*")|'((?:[^'\n]|'')*)'|([^\s"'{}[\],&*!|>%@`#](?:(?! #)[^\n])*?))[ \t]*:(?=\s|$)/uy;
const FLOW_KEY =
  /(?:("(?:[^"\\]|\\.)*")\s*:?|'((?:[^']|'')*)'\s*:?|((?:(?!:[\s,[\]{}]|:$)[^,[\]{}\n])+):?)/uy;
const QUOTED = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'/uy;
const FLOW_PLAIN = /(?:(?!\s#)[^,[\]{}])+/uy;
/** An anchor or a tag before a value. */
const PROPERTY = /[&!][^\s,[\]{}]*/uy;
const BLANK = /(?:[ \t\r\n]+|(?<=^|\s)#[^\n]*|^(?:---|\.\.\.)(?=\s|$)|^%[^\n]*)+/uym;

/**
 * The lines on which the keys and items of a YAML text stand. `@std/yaml` keeps no positions, so this
 * follows a text that it has read: block and flow style, quotes, comments, block scalars. What it
 * does not follow (aliases, keys that are mappings) counts to the line of what holds it.
 */
export class YamlLines {
  readonly #text: string;
  readonly #lines = new Map<string, number>();
  #at = 0;
  /** Up to where the lines have been counted. */
  #counted = 0;
  #line = 1;

  /** Follows a text that is known to be valid YAML. */
  constructor(source: string) {
    this.#text = source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
    this.#skip(BLANK);
    this.#note([]);
    this.#block(0, [], false);
  }

  /** The line of the key or item at the end of a path, or of the nearest that holds it. */
  lineOf(path: YamlPath): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.#lines.get(keyOf(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return this.#lines.get(keyOf([]))!;
  }

  /**
   * A value at or right of a column, on this line or a later one.
   *
   * @param ofKey it is the value of a key: a list may then stand one column further left
   */
  #block(column: number, path: YamlPath, ofKey: boolean): void {
    this.#skip(BLANK);
    if (path.length > MAX_DEPTH) this.#giveUp();
    const start = this.#column();
    const isDash = /^-(?=\s|$)/.test(this.#text.slice(this.#at, this.#at + 2));
    if (this.#ended || start < (ofKey && isDash ? column - 1 : column)) return;
    if (this.#skip(PROPERTY)) return this.#block(column, path, ofKey);
    const next = this.#text[this.#at];
    if (isDash) this.#list(start, path);
    else if (next === "{" || next === "[") this.#flow(path);
    else if (this.#peek(BLOCK_KEY) !== null) this.#mapping(start, path);
    else if (next === "?") this.#giveUp();
    else if (!this.#skip(QUOTED)) this.#skipIndented(column);
  }

  #mapping(column: number, path: YamlPath): void {
    while (!this.#ended && this.#column() === column) {
      const match = this.#peek(BLOCK_KEY);
      if (match === null) return;
      const inner = [...path, keyText(match)];
      this.#note(inner);
      this.#at += match[0].length;
      this.#block(column + 1, inner, true);
      this.#skip(BLANK);
    }
  }

  #list(column: number, path: YamlPath): void {
    for (let index = 0; !this.#ended && this.#column() === column; index++) {
      if (this.#text[this.#at] !== "-") return;
      const inner = [...path, index];
      this.#note(inner);
      this.#at += 1;
      this.#block(column + 1, inner, false);
      this.#skip(BLANK);
    }
  }

  /** `{ … }` or `[ … ]`. */
  #flow(path: YamlPath): void {
    const isMapping = this.#text[this.#at] === "{";
    this.#at += 1;
    if (path.length > MAX_DEPTH) this.#giveUp();
    for (let index = 0; !this.#ended;) {
      this.#skip(BLANK);
      const next = this.#text[this.#at];
      if (next === ",") {
        this.#at += 1;
        continue;
      }
      if (next === "}" || next === "]") {
        this.#at += 1;
        return;
      }
      const before = this.#at;
      const key = isMapping ? this.#peek(FLOW_KEY) : null;
      const inner = [...path, key === null ? index++ : keyText(key)];
      this.#note(inner);
      if (key !== null) this.#at += key[0].length;
      this.#flowValue(inner);
      if (this.#at === before) this.#giveUp();
    }
  }

  #flowValue(path: YamlPath): void {
    this.#skip(BLANK);
    while (this.#skip(PROPERTY)) this.#skip(BLANK);
    const next = this.#text[this.#at];
    if (next === "{" || next === "[") this.#flow(path);
    else if (!this.#skip(QUOTED)) this.#skip(FLOW_PLAIN);
  }

  /** The rest of this line, and the lines after it that stand at or right of a column. */
  #skipIndented(column: number): void {
    do {
      const end = this.#text.indexOf("\n", this.#at);
      if (end < 0) return this.#giveUp();
      this.#at = end;
      this.#skip(/\s+/uy);
    } while (!this.#ended && this.#column() >= Math.max(column, 1));
  }

  #note(path: YamlPath): void {
    for (; this.#counted < this.#at; this.#counted++) {
      if (this.#text[this.#counted] === "\n") this.#line += 1;
    }
    const key = keyOf(path);
    if (!this.#lines.has(key)) this.#lines.set(key, this.#line);
  }

  #peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #skip(pattern: RegExp): boolean {
    const length = this.#peek(pattern)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #column(): number {
    return this.#at - this.#text.lastIndexOf("\n", this.#at - 1) - 1;
  }

  get #ended(): boolean {
    return this.#at >= this.#text.length;
  }

  #giveUp(): void {
    this.#at = this.#text.length;
  }
}

function keyOf(path: YamlPath): string {
  return path.map(String).join("\0");
}

function keyText([, double, single, plain]: RegExpExecArray): string {
  if (double === undefined) return (single?.replaceAll("''", "'") ?? plain ?? "").trim();
  try {
    return JSON.parse(double);
  } catch {
    // An escape that only YAML knows: such a key is found by what holds it.
    return double;
  }
}
