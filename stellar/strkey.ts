/** Version bytes of the strkey kinds that ledgers and events name (SEP-23). */
export const StrkeyVersion: {
  /** G…: 32 bytes, an ed25519 public key. */
  readonly account: number;
  /** M…: 40 bytes, an ed25519 public key and a big-endian uint64 id. */
  readonly muxedAccount: number;
  /** C…: 32 bytes, a contract id. */
  readonly contract: number;
  /** B…: 33 bytes, the type byte 0 and the hash of a claimable balance id. */
  readonly claimableBalance: number;
  /** L…: 32 bytes, a liquidity pool id. */
  readonly liquidityPool: number;
} = {
  account: 6 << 3,
  muxedAccount: 12 << 3,
  contract: 2 << 3,
  claimableBalance: 1 << 3,
  liquidityPool: 11 << 3,
};

/** Payload length by version byte; 0 where the version is not one of `StrkeyVersion`. */
const PAYLOAD_BYTES: Uint8Array = (() => {
  const lengths = new Uint8Array(256);
  lengths[StrkeyVersion.account] = 32;
  lengths[StrkeyVersion.muxedAccount] = 40;
  lengths[StrkeyVersion.contract] = 32;
  lengths[StrkeyVersion.claimableBalance] = 33;
  lengths[StrkeyVersion.liquidityPool] = 32;
  return lengths;
})();

/** Length of the longest text, an M… address. */
export const MAX_STRKEY_LENGTH = 69;

/** Lengths that occur: G, C and L; B; M. */
const STRKEY_LENGTHS = [56, 58, MAX_STRKEY_LENGTH];

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const NOT_IN_ALPHABET = 255;
const CHECKSUM_BYTES = 2;
const CLAIMABLE_BALANCE_TYPE_V0 = 0;

const CHARACTER_OF: Uint8Array = new TextEncoder().encode(ALPHABET);
const VALUE_OF: Uint8Array = (() => {
  const values = new Uint8Array(128).fill(NOT_IN_ALPHABET);
  CHARACTER_OF.forEach((character, value) => values[character] = value);
  return values;
})();

/** CRC16-XModem (polynomial 0x1021, start 0), by its high byte. */
const CRC16: Uint16Array = (() => {
  const table = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    table[byte] = crc;
  }
  return table;
})();

/** What is wrong with a strkey or with what one should be made of. */
export type StrkeyErrorCode = "version" | "length" | "alphabet" | "padding" | "checksum";

/** A text is not a strkey, or a payload does not fit its version. */
export class StrkeyError extends Error {
  override readonly name = "StrkeyError";

  constructor(readonly code: StrkeyErrorCode, message: string) {
    super(message);
  }
}

/**
 * Writes the strkey of `payload[start, end)` as ASCII into `out` at `outAt` and returns how many
 * bytes it wrote: 56 for G, C and L, 58 for B, 69 for M. Allocates nothing.
 * Throws StrkeyError when the version is unknown or the payload has another length than it asks.
 */
export function encodeStrkeyInto(
  version: number,
  payload: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outAt: number,
): number {
  checkPayload(version, end - start);
  let crc = CRC16[version]!;
  let at = outAt;
  let bits = version;
  let bitCount = 8;
  for (let i = start; i < end; i++) {
    const byte = payload[i]!;
    crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >>> 8) ^ byte]!;
    bits = (bits << 8) | byte;
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      out[at++] = CHARACTER_OF[(bits >>> bitCount) & 31]!;
    }
  }
  // The checksum follows with its low byte first.
  for (let i = 0; i < CHECKSUM_BYTES; i++) {
    bits = (bits << 8) | (i === 0 ? crc & 0xff : crc >>> 8);
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      out[at++] = CHARACTER_OF[(bits >>> bitCount) & 31]!;
    }
  }
  if (bitCount > 0) out[at++] = CHARACTER_OF[(bits << (5 - bitCount)) & 31]!;
  return at - outAt;
}

/**
 * The strkey of a payload.
 * Throws StrkeyError when the version is unknown or the payload has another length than it asks.
 *
 * @example
 * ```ts
 * import { encodeStrkey, StrkeyVersion } from "./strkey.ts";
 *
 * const text = encodeStrkey(StrkeyVersion.contract, new Uint8Array(32));
 * console.assert(text === "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSC4");
 * ```
 */
export function encodeStrkey(version: number, payload: Uint8Array): string {
  const ascii = new Uint8Array(MAX_STRKEY_LENGTH);
  const length = encodeStrkeyInto(version, payload, 0, payload.length, ascii, 0);
  return String.fromCharCode(...ascii.subarray(0, length));
}

/**
 * Reads a strkey strictly: one text for each payload (SEP-23).
 * Throws StrkeyError naming the text when a character, the length, the unused bits, the checksum
 * or the version is wrong.
 */
export function decodeStrkey(text: string): { version: number; payload: Uint8Array } {
  const byteLength = (text.length * 5) >> 3;
  if (!STRKEY_LENGTHS.includes(text.length)) {
    throw new StrkeyError(
      "length",
      `The address "${shorten(text)}" has ${text.length} characters: a strkey has 56, 58 or 69.`,
    );
  }
  const bytes = new Uint8Array(byteLength);
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUE_OF[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
    if (value === NOT_IN_ALPHABET) {
      throw new StrkeyError(
        "alphabet",
        `The address "${text}" holds "${text[i]}" at position ${
          i + 1
        }: only A to Z and 2 to 7 may occur.`,
      );
    }
    bits = (bits << 5) | value;
    bitCount += 5;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[at++] = bits >>> bitCount;
    }
  }
  if ((bits & ((1 << bitCount) - 1)) !== 0) {
    throw new StrkeyError(
      "padding",
      `The address "${text}" ends in unused bits that are not zero: it was mistyped.`,
    );
  }
  const version = bytes[0]!;
  checkPayload(version, byteLength - 1 - CHECKSUM_BYTES, text);
  let crc = 0;
  for (let i = 0; i < byteLength - CHECKSUM_BYTES; i++) {
    crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >>> 8) ^ bytes[i]!]!;
  }
  if (bytes[byteLength - 2] !== (crc & 0xff) || bytes[byteLength - 1] !== crc >>> 8) {
    throw new StrkeyError(
      "checksum",
      `The address "${text}" has a wrong checksum: it was mistyped or cut.`,
    );
  }
  if (version === StrkeyVersion.claimableBalance && bytes[1] !== CLAIMABLE_BALANCE_TYPE_V0) {
    throw new StrkeyError(
      "version",
      `The address "${text}" names claimable balance type ${bytes[1]}: only type 0 exists.`,
    );
  }
  return { version, payload: bytes.slice(1, byteLength - CHECKSUM_BYTES) };
}

function checkPayload(version: number, length: number, text?: string): void {
  const expected = PAYLOAD_BYTES[version] ?? 0;
  if (expected === length && expected !== 0) return;
  const what = text === undefined ? "The payload" : `The address "${text}"`;
  if (expected === 0) {
    throw new StrkeyError(
      "version",
      `${what} has version byte ${version}: known are G (48), M (96), C (16), B (8) and L (88).`,
    );
  }
  throw new StrkeyError(
    "length",
    `${what} has ${length} bytes under version byte ${version}: it must have ${expected}.`,
  );
}

function shorten(text: string): string {
  return text.length > MAX_STRKEY_LENGTH ? `${text.slice(0, MAX_STRKEY_LENGTH)}…` : text;
}
