/**
 * Up to this many bytes a plain loop is faster than `set(subarray())`, which makes a view object
 * each time; strkeys (56), hashes (32) and event ids (33) are below, ledgers far above.
 */
export const LOOP_BYTES = 80;

/** Copies src[start,end) to out at outAt. */
export function copyBytes(
  src: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outAt: number,
): void {
  if (end - start <= LOOP_BYTES) {
    for (let i = start; i < end; i++) out[outAt++] = src[i]!;
  } else {
    out.set(src.subarray(start, end), outAt);
  }
}
