const DIGITS = new TextEncoder().encode("0123456789abcdef");

/** Writes bytes[start, end) as lower-case hex to the start of `out`. */
export function writeHex(bytes: Uint8Array, start: number, end: number, out: Uint8Array): void {
  let at = 0;
  for (let i = start; i < end; i++) {
    out[at++] = DIGITS[bytes[i]! >>> 4]!;
    out[at++] = DIGITS[bytes[i]! & 15]!;
  }
}

/** Whether bytes[start, end) is valid UTF-8. Plain ASCII, nearly all there is, costs one look a byte. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && bytes[i]! < 0x80) i++;
  return i === end || decodeUtf8(bytes.subarray(start, end)) !== undefined;
}

/** The text of UTF-8 bytes, undefined when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
