/**
 * Thrown for bytes that are not the XDR they should be.
 *
 * The message names the path of types from the outermost to the innermost, the byte offset and what is
 * wrong there, for example
 * `LedgerCloseMeta > LedgerCloseMetaV1 > TransactionResultPair at byte 812: 4 bytes due, 2 left`.
 */
export class XdrError extends Error {
  override readonly name = "XdrError";
  /** Byte offset, from the start of the bytes that were given to the reader. */
  readonly offset: number;
  /** What is wrong, without path and offset. */
  readonly reason: string;
  readonly #path: string[];

  constructor(reason: string, offset: number, path: readonly string[] = []) {
    super();
    this.reason = reason;
    this.offset = offset;
    this.#path = [...path];
    this.#describe();
  }

  /** Types from the outermost to the innermost. */
  get path(): readonly string[] {
    return this.#path;
  }

  /** Adds the type around the ones known so far; called while the error travels outwards. */
  within(type: string): this {
    // A deeply nested value would otherwise put a thousand names into one sentence.
    if (this.#path[0] !== type && this.#path.length < MAX_PATH_LENGTH) {
      this.#path.unshift(type);
      this.#describe();
    }
    return this;
  }

  #describe(): void {
    const path = this.#path.length === 0 ? "" : `${this.#path.join(" > ")} at `;
    const text = `${path}byte ${this.offset}: ${this.reason}`;
    this.message = text[0]!.toUpperCase() + text.slice(1);
  }
}

/** Names kept in an error's path. Real nesting outside contract values is about 20 deep. */
const MAX_PATH_LENGTH = 32;
