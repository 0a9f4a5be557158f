/**
 * SHA-256 of transaction-envelope sizes, by the ways Deno has: `deno bench -A bench/sha256_bench.ts`.
 * docs/decisions/0002-sha256.md holds the figures the choice was made on.
 */
import { createHash, hash } from "node:crypto";
import { createSHA256 } from "hash-wasm";
import { sha256 as noble } from "@noble/hashes/sha2";
import { Sha256 } from "../stellar/mod.ts";
import { InPlaceSha256 } from "./_sha256_in_place.ts";

const SIZES = [200, 450, 1000, 2000];
const big = new Uint8Array(1 << 20);
for (let i = 0; i < big.length; i++) big[i] = Math.imul(i, 2654435761) >>> 24;
const out = new Uint8Array(32);
const ours = new Sha256();
const inPlace = new InPlaceSha256();
const wasm = await createSHA256();

// A wrong digest is fast as well.
inPlace.hash(big, 1, 460, out, 0);
const expected = createHash("sha256").update(big.subarray(1, 460)).digest();
if (!out.every((byte, i) => byte === expected[i])) throw new Error("InPlaceSha256 is wrong.");

/** Walks through the buffer, as the reading of a ledger does. */
function ranges(size: number, one: (start: number, end: number) => void): () => void {
  let start = 0;
  return () => {
    start = start + 977 > big.length - size ? 0 : start + 977;
    one(start, start + size);
  };
}

for (const size of SIZES) {
  const group = `sha256 of ${size} bytes`;
  const bench = (name: string, one: (start: number, end: number) => void, baseline = false) =>
    Deno.bench({ name: `${name} (${size} B)`, group, baseline, fn: ranges(size, one) });

  bench("Sha256 of this project", (s, e) => ours.hash(big, s, e, out, 0), true);
  bench(
    "node:crypto createHash",
    (s, e) => out.set(createHash("sha256").update(big.subarray(s, e)).digest()),
  );
  bench(
    "node:crypto hash, buffer",
    (s, e) => out.set(hash("sha256", big.subarray(s, e), "buffer")),
  );
  bench("TypeScript in place", (s, e) => inPlace.hash(big, s, e, out, 0));
  bench("hash-wasm", (s, e) => out.set(wasm.init().update(big.subarray(s, e)).digest("binary")));
  bench("@noble/hashes", (s, e) => out.set(noble(big.subarray(s, e))));
}
