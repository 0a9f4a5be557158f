import protobuf from "protobufjs";

/** Depth at which messages within messages end; what flowctl speaks is less deep. */
const MAX_DEPTH = 3;

/** Texts that break programs: what every object has, control characters, paths, SQL, bad numbers. */
const TEXTS: readonly string[] = [
  "",
  "__proto__",
  "constructor",
  "a\nb",
  "\u0000",
  "\u202e\u2028",
  "é漢🚀",
  "127.0.0.1:1",
  "[::1]:99999",
  "http://",
  ":0",
  "NaN",
  "-1e999",
  "'; drop table services; --",
  "../../state",
  "x".repeat(257),
];

/** Length of a text beyond all limits, and how rarely one comes: answers would be long with many. */
const LONG_TEXT = 20_000;
const LONG_TEXT_ODDS = 1 / 500;

const INTEGERS: readonly number[] = [-1, 0, 1, 2, 3, 4, 5, 6, 2 ** 31 - 1, -(2 ** 31)];
const DOUBLES: readonly number[] = [0, -0, 1, NaN, Infinity, -Infinity, 5e-324, 1.8e308, -1];

/** A sequence of numbers from 0 to 1 that is the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = state + 0x6d2b79f5 >>> 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

/**
 * Bytes that a client may send as one message: of a type with random values, the same with some bytes
 * changed, cut or doubled, or any bytes.
 */
export class RandomMessage {
  readonly #random: () => number;
  readonly #names: readonly string[];

  /** @param names texts that come often, such as ids of services that are there */
  constructor(random: () => number, names: readonly string[]) {
    this.#random = random;
    this.#names = names;
  }

  /** The next one. */
  bytes(type: protobuf.Type): Uint8Array<ArrayBuffer> {
    const kind = this.#below(4);
    if (kind === 0) return this.#anyBytes(this.#below(80));
    const whole = Uint8Array.from(type.encode(type.fromObject(this.#fields(type, 0))).finish());
    return kind === 1 ? this.#broken(whole) : whole;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #one<T>(values: readonly T[]): T {
    return values[this.#below(values.length)]!;
  }

  #anyBytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.#below(256));
  }

  #broken(whole: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const at = this.#below(whole.length + 1);
    const [before, after] = [whole.subarray(0, at), whole.subarray(at)];
    const middle = this.#one([[], [...this.#anyBytes(this.#below(4))], [...after]]);
    return Uint8Array.from([...before, ...middle, ...after.subarray(this.#below(3))]);
  }

  #fields(type: protobuf.Type, depth: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (const field of type.fieldsArray) {
      if (this.#random() < 0.3) continue;
      const value = () => this.#value(field, depth);
      if (field instanceof protobuf.MapField) {
        const keys = Array.from({ length: this.#below(4) }, () => this.#text());
        // A key `__proto__` must be one of the map and not what the object is made from.
        fields[field.name] = Object.fromEntries(keys.map((key) => [key, value()]));
      } else if (field.repeated) {
        fields[field.name] = Array.from({ length: this.#below(this.#one([3, 40])) }, value);
      } else fields[field.name] = value();
    }
    return fields;
  }

  #value(field: protobuf.Field, depth: number): unknown {
    const { resolvedType, type } = field.resolve();
    if (resolvedType instanceof protobuf.Enum) return this.#one(INTEGERS);
    if (resolvedType instanceof protobuf.Type) {
      return depth < MAX_DEPTH ? this.#fields(resolvedType, depth + 1) : {};
    }
    if (type === "string") return this.#text();
    if (type === "bool") return this.#random() < 0.5;
    if (type === "double") return this.#one(DOUBLES);
    return type === "int64"
      ? this.#one([...INTEGERS, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])
      : this.#one(INTEGERS);
  }

  #text(): string {
    const kind = this.#random();
    if (kind < 0.5) return this.#one(this.#names);
    if (kind < 0.8) return this.#one(TEXTS);
    if (kind < 0.8 + LONG_TEXT_ODDS) return "y".repeat(LONG_TEXT);
    return Math.floor(this.#random() * 1e9).toString(36);
  }
}
