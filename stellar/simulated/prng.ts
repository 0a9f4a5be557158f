import { createHash } from "node:crypto";

/**
 * The simulated network's only source of chance: xoshiro128** (Blackman and Vigna), seeded by the
 * SHA-256 of a text, so that the same seed gives the same ledgers on every machine and for ever.
 */
export class Prng {
  /** Four 32-bit words; a snapshot keeps them. */
  readonly state: Int32Array;

  constructor(state: Int32Array) {
    this.state = state;
  }

  /** A generator whose numbers follow from `seed` alone. */
  static fromSeed(seed: string): Prng {
    const digest = createHash("sha256").update(seed).digest();
    return new Prng(Int32Array.from({ length: 4 }, (_, i) => digest.readInt32BE(i * 4)));
  }

  /** The next 32 bits, from 0 to 2^32 − 1. */
  next(): number {
    const s = this.state;
    const s0 = s[0]!, s1 = s[1]!, s2 = s[2]! ^ s0, s3 = s[3]! ^ s1;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    s[0] = s0 ^ s3;
    s[1] = s1 ^ s2;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** An integer from 0 to `limit` − 1 (limit at most 2^32). */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** An unsigned 64-bit integer. */
  hyper(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next());
  }

  /**
   * An amount from 1 to about `whole` units of seven decimals, in stroops. Small amounts are as
   * likely as large ones, as on a real network.
   */
  amount(whole: number): bigint {
    const magnitude = 10 ** this.between(0, Math.max(0, Math.floor(Math.log10(whole)) - 1));
    const units = BigInt(this.between(1, Math.max(1, Math.floor(whole / magnitude))));
    return units * 10_000_000n + BigInt(this.chance(50) ? this.below(10_000_000) : 0);
  }

  /** Random bytes in a buffer of their own. */
  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i += 4) {
      const word = this.next();
      for (let k = 0; k < 4 && i + k < count; k++) out[i + k] = word >>> (8 * k);
    }
    return out;
  }
}
