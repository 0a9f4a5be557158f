import { Sha256, SHA256_BYTES } from "../sha256.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** SHA-256 of bytes, or of what a writer holds, in a buffer of its own. */
export function sha256(input: Uint8Array | XdrWriter): Uint8Array {
  const out = new Uint8Array(SHA256_BYTES);
  const bytes = input instanceof Uint8Array ? input : input.bytes;
  new Sha256().hash(bytes, 0, input.length, out, 0);
  return out;
}
