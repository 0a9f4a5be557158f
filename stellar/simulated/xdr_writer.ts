/** Bytes of a writer's first buffer: most writers hold one operation or one result. */
const FIRST_CAPACITY_BYTES = 512;
/** How much larger the next buffer is: making buffers costs more than filling them. */
const GROWTH = 4;
/** What a writer has before the first write; many are never written to. */
const NOTHING = new Uint8Array(0), NO_VIEW = new DataView(NOTHING.buffer);

/**
 * Writes XDR (RFC 4506) into one growing buffer: big-endian words, opaques padded with zeros to
 * four bytes. The simulated network writes its ledgers with it, because the object codecs of the
 * SDK are some fifteen times slower; the tests hold its output against these codecs.
 */
export class XdrWriter {
  /** The buffer; bytes from `length` on are meaningless. Replaced whenever the writer grows. */
  bytes: Uint8Array = NOTHING;
  /** Bytes written so far. */
  length = 0;
  #view: DataView = NO_VIEW;

  /** Forgets what was written and keeps the buffer. */
  clear(): this {
    this.length = 0;
    return this;
  }

  /** An unsigned or signed 32-bit integer, an enum value, a union discriminant, an array length. */
  word(value: number): this {
    this.#reserve(4);
    this.#view.setInt32(this.length, value);
    this.length += 4;
    return this;
  }

  /** Replaces the word at `at`, for an array length that is known only after the elements. */
  patchWord(at: number, value: number): this {
    this.#view.setInt32(at, value);
    return this;
  }

  /** A boolean, or the mark in front of an optional value. */
  flag(value: boolean): this {
    return this.word(value ? 1 : 0);
  }

  /** A signed or unsigned 64-bit integer. */
  hyper(value: bigint): this {
    this.#reserve(8);
    this.#view.setBigInt64(this.length, value);
    this.length += 8;
    return this;
  }

  /** An opaque of fixed length. */
  opaque(value: Uint8Array): this {
    const padded = (value.length + 3) & ~3;
    this.#reserve(padded);
    this.bytes.set(value, this.length);
    this.bytes.fill(0, this.length + value.length, this.length + padded);
    this.length += padded;
    return this;
  }

  /** An opaque of variable length, with its length in front. */
  variableOpaque(value: Uint8Array): this {
    return this.word(value.length).opaque(value);
  }

  /** A string of ASCII characters, with its length in front. */
  ascii(value: string): this {
    const length = value.length, padded = (length + 3) & ~3;
    this.word(length).#reserve(padded);
    const bytes = this.bytes, at = this.length;
    for (let i = 0; i < length; i++) bytes[at + i] = value.charCodeAt(i);
    bytes.fill(0, at + length, at + padded);
    this.length += padded;
    return this;
  }

  /** Bytes that are XDR already. */
  raw(source: Uint8Array, start = 0, end: number = source.length): this {
    const count = end - start;
    this.#reserve(count);
    // Copying inside one buffer needs no care: a range to copy lies in front of the end.
    this.bytes.set(
      start === 0 && end === source.length ? source : source.subarray(start, end),
      this.length,
    );
    this.length += count;
    return this;
  }

  /** Everything another writer holds. */
  append(other: XdrWriter): this {
    return this.raw(other.bytes, 0, other.length);
  }

  /** A copy of the bytes written from `start` on. */
  slice(start = 0): Uint8Array {
    return this.bytes.slice(start, this.length);
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    let capacity = Math.max(FIRST_CAPACITY_BYTES, this.bytes.length * GROWTH);
    while (capacity < needed) capacity *= GROWTH;
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
