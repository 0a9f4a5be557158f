/** What stands after `NAME=` on a line, as a shell reads it; or why the line is refused. */
export type ShellValue = { readonly value: string } | { readonly problem: string };

/** What to do about a character that a shell does not take as it is written. */
const ADVICE = "put it in single quotes, or write the value itself";

/** Characters that end a command, start another one or redirect it; braces, `export` of bash expands. */
const OPERATORS = ";&|<>(){}";

/** A value that is refused while it is read. */
class Refusal extends Error {}

/**
 * Reads the rest of a line after `NAME=` as a shell that sources it: quotes, backslashes, a comment.
 * What a shell would expand, cut off or run is refused, since this program has not what it takes to do
 * the same. Problems never show the value, which may be a secret.
 */
export function readShellValue(text: string): ShellValue {
  try {
    return { value: new ShellWord(text).read() };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message };
    throw error;
  }
}

/** One word of a shell, followed by nothing but a comment. */
class ShellWord {
  readonly #text: string;
  #at = 0;
  #value = "";

  constructor(text: string) {
    this.#text = text;
  }

  read(): string {
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at]!;
      if (next === " " || next === "\t") {
        this.#onlyComment();
        break;
      }
      this.#at += 1;
      if (next === "'") this.#single();
      else if (next === '"') this.#double();
      else if (next === "\\") this.#escaped();
      else this.#plain(next);
    }
    return this.#value;
  }

  /** After a blank a shell sees another word: only a comment is none. */
  #onlyComment(): void {
    if (/^[ \t]+(?:#|$)/.test(this.#text.slice(this.#at))) return;
    throw new Refusal(`a shell ends the value at the blank; ${ADVICE}`);
  }

  #plain(next: string): void {
    refuseExpansion(next);
    if (OPERATORS.includes(next)) {
      throw new Refusal(`${next} outside quotes has a meaning of its own in a shell; ${ADVICE}`);
    }
    // A shell looks for a home folder at the start of a value, and after each colon in it.
    if (next === "~" && /(?:^|[:=])$/.test(this.#value)) {
      throw new Refusal(`a shell replaces ~ by a home folder; ${ADVICE}`);
    }
    this.#value += next;
  }

  #escaped(): void {
    if (this.#at >= this.#text.length) {
      throw new Refusal(`a value ends on its line; leave out the backslash, or ${ADVICE}`);
    }
    this.#value += this.#text[this.#at++];
  }

  #single(): void {
    const end = this.#text.indexOf("'", this.#at);
    if (end < 0) throw unclosed("single");
    this.#value += this.#text.slice(this.#at, end);
    this.#at = end + 1;
  }

  #double(): void {
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at++]!;
      if (next === '"') return;
      refuseExpansion(next);
      // Before any other character a backslash in double quotes is one itself.
      const isEscape = next === "\\" && /^["\\$`]/.test(this.#text.slice(this.#at, this.#at + 1));
      this.#value += isEscape ? this.#text[this.#at++] : next;
    }
    throw unclosed("double");
  }
}

function refuseExpansion(next: string): void {
  if (next !== "$" && next !== "`") return;
  throw new Refusal(`a shell replaces what follows ${next}; ${ADVICE}`);
}

function unclosed(kind: string): Refusal {
  return new Refusal(`the ${kind} quotes are not closed on the line; close them`);
}
