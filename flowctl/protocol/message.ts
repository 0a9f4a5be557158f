import type { Codec } from "../../grpc/mod.ts";

/** How messages of one type are made, become bytes and come back. */
export interface Message<T> extends Codec<T> {
  /** A message with these fields, and the default of Protocol Buffers for all others. */
  create(fields?: Partial<T>): T;
  encode(message: T): Uint8Array;
}

/**
 * An empty map field. It has no prototype, so that a peer's key such as `constructor` or `__proto__`
 * is a key like any other.
 */
export function emptyMap<V>(): Record<string, V> {
  return Object.create(null);
}
