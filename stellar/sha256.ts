import { createHash, type Hash, hash as hashOnce } from "node:crypto";

/** Length of a SHA-256 digest in bytes. */
export const SHA256_BYTES = 32;

/**
 * Streamed input up to this size is gathered and hashed by one call; beyond it a streaming hasher
 * takes over. 64 KiB holds every transaction envelope but the largest Soroban uploads.
 */
const GATHER_BYTES = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** Value of a lower-case hex digit by its character code. */
const HEX_VALUE: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (let digit = 0; digit < 16; digit++) table[digit.toString(16).charCodeAt(0)] = digit;
  return table;
})();

/**
 * SHA-256 over byte ranges, synchronous, into a buffer of the caller's.
 *
 * It calls node:crypto's one-shot hash and asks for hex: that is the only form whose answer
 * comes back by a fast call, so that the processor's SHA instructions are worth their call
 * (docs/decisions/0002-sha256.md has the figures of the alternatives).
 *
 * One instance is not re-entrant: the streaming form keeps what it has gathered so far.
 *
 * @example
 * ```ts
 * import { Sha256 } from "./sha256.ts";
 *
 * const out = new Uint8Array(32);
 * new Sha256().hash(new TextEncoder().encode("abc"), 0, 3, out, 0);
 * console.assert(out[0] === 0xba && out[31] === 0xad);
 * ```
 */
export class Sha256 {
  /** Made by the first update: whoever only calls `hash` needs none. */
  #gathered: Uint8Array = NOTHING;
  #length = 0;
  #stream: Hash | undefined;

  /**
   * Writes the digest of `bytes[start, end)` into `out` at `outAt` (32 bytes).
   * Does not disturb what `update` has gathered. Throws RangeError when a range does not fit.
   */
  hash(bytes: Uint8Array, start: number, end: number, out: Uint8Array, outAt: number): void {
    checkRange(bytes, start, end);
    writeHex(hashOnce("sha256", bytes.subarray(start, end), "hex"), out, outAt);
  }

  /** Forgets what was gathered, so that the next `update` begins a new digest. */
  reset(): this {
    this.#length = 0;
    this.#stream = undefined;
    return this;
  }

  /** Adds `bytes[start, end)`, by default all of it. Throws RangeError when the range does not fit. */
  update(bytes: Uint8Array, start = 0, end: number = bytes.length): this {
    checkRange(bytes, start, end);
    const size = end - start;
    if (this.#stream === undefined && this.#length + size <= GATHER_BYTES) {
      if (this.#gathered === NOTHING) this.#gathered = new Uint8Array(GATHER_BYTES);
      this.#gathered.set(bytes.subarray(start, end), this.#length);
      this.#length += size;
      return this;
    }
    if (this.#stream === undefined) {
      this.#stream = createHash("sha256");
      this.#stream.update(this.#gathered.subarray(0, this.#length));
    }
    this.#stream.update(bytes.subarray(start, end));
    return this;
  }

  /** Writes the digest of everything since `reset` into `out` (32 bytes) and resets. */
  digestInto(out: Uint8Array, outAt = 0): void {
    const hex = this.#stream === undefined
      ? hashOnce("sha256", this.#gathered.subarray(0, this.#length), "hex")
      : this.#stream.digest("hex");
    this.reset();
    writeHex(hex, out, outAt);
  }
}

function checkRange(bytes: Uint8Array, start: number, end: number): void {
  // subarray would clamp a wrong range in silence and give the digest of other bytes.
  if (start < 0 || end < start || end > bytes.length) {
    throw new RangeError(
      `Cannot hash bytes ${start} to ${end}: the buffer holds ${bytes.length} bytes.`,
    );
  }
}

function writeHex(hex: string, out: Uint8Array, outAt: number): void {
  if (outAt < 0 || outAt + SHA256_BYTES > out.length) {
    throw new RangeError(
      `Cannot write a digest at ${outAt}: it needs ${SHA256_BYTES} bytes and the buffer holds ${out.length}.`,
    );
  }
  for (let i = 0, at = outAt; i < 2 * SHA256_BYTES; i += 2, at++) {
    out[at] = (HEX_VALUE[hex.charCodeAt(i)]! << 4) | HEX_VALUE[hex.charCodeAt(i + 1)]!;
  }
}
