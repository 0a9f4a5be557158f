import { XdrError } from "./xdr_error.ts";

/**
 * Nesting of recursive types (contract values, claim predicates, invocation trees) that is accepted.
 * Same bound as the Go reference's decoder (`DecodeDefaultMaxDepth`), far from the end of the stack.
 */
export const MAX_XDR_DEPTH = 1500;

/**
 * The bytes that the generated functions of `ledger_generated.ts` read: a view over someone else's
 * buffer, without position, so that a position is a plain number in a register.
 *
 * Offsets are indexes into `bytes`. Nothing outside `[start, end)` given to {@linkcode open} is read.
 */
export class XdrReader {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  end = 0;
  depth = 0;

  /** Points the reader at `bytes[0, end)`. */
  open(bytes: Uint8Array, end: number = bytes.byteLength): this {
    if (end > bytes.byteLength) {
      throw new RangeError(`The end ${end} is past the ${bytes.byteLength} bytes given`);
    }
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.end = end;
    this.depth = 0;
    return this;
  }
}

/** Reads the 4-byte big-endian word at `p` as int32. */
export function word(r: XdrReader, p: number): number {
  if (p + 4 > r.end) throw short(r, p, 4);
  return r.view.getInt32(p);
}

/** Steps over `size` bytes at `p`. */
export function step(r: XdrReader, p: number, size: number): number {
  if (p + size > r.end) throw short(r, p, size);
  return p + size;
}

/** Steps over `size` bytes and their zero padding to a multiple of 4. */
export function stepPadded(r: XdrReader, p: number, size: number): number {
  const end = p + size;
  const next = p + ((size + 3) & ~3);
  if (next > r.end) throw short(r, p, size);
  for (let i = end; i < next; i++) {
    if (r.bytes[i] !== 0) throw new XdrError("padding bytes must be zero", i);
  }
  return next;
}

/**
 * Reads an element count at `p` and holds it against the type's limit and against what is left, so that
 * a forged count is refused before anything is done for its sake.
 */
export function count(r: XdrReader, p: number, limit: number, elementSize: number): number {
  const n = word(r, p) >>> 0;
  if (n > limit) throw new XdrError(`${n} elements, at most ${limit} are allowed`, p);
  if (n * elementSize > r.end - p - 4) {
    throw new XdrError(`${n} elements cannot be in the ${r.end - p - 4} bytes that are left`, p);
  }
  return n;
}

/** Steps over a variable-length opaque or string of at most `limit` bytes. */
export function stepOpaque(r: XdrReader, p: number, limit: number): number {
  const n = word(r, p) >>> 0;
  if (n > limit) throw new XdrError(`length ${n}, at most ${limit} is allowed`, p);
  if (n > r.end - p - 4) {
    throw new XdrError(`length ${n} with only ${r.end - p - 4} bytes left`, p);
  }
  return stepPadded(r, p + 4, n);
}

/** Reads an optional's flag: false for 0, true for 1, anything else is refused. */
export function present(r: XdrReader, p: number): boolean {
  const flag = word(r, p);
  if (flag === 0) return false;
  if (flag === 1) return true;
  throw wrongFlag(flag, p);
}

/** The error for an optional's flag that is neither 0 nor 1. */
export function wrongFlag(flag: number, p: number): XdrError {
  return new XdrError(`an optional's flag must be 0 or 1, not ${flag}`, p);
}

/** Steps over a boolean, which must be 0 or 1. */
export function stepBool(r: XdrReader, p: number): number {
  const flag = word(r, p);
  if (flag !== 0 && flag !== 1) throw new XdrError(`a boolean must be 0 or 1, not ${flag}`, p);
  return p + 4;
}

/** Counts one level of a recursive type; the generated code takes it off again on leaving. */
export function enter(r: XdrReader, p: number): void {
  if (++r.depth > MAX_XDR_DEPTH) {
    throw new XdrError(`nested deeper than ${MAX_XDR_DEPTH} levels`, p);
  }
}

/** The error for an enum value or union arm that the type does not have. */
export function unknownValue(value: number, p: number): XdrError {
  return new XdrError(`${value} is not a value of this type`, p);
}

/** Adds a type to the path of an error on its way out. */
export function within(error: unknown, type: string): unknown {
  return error instanceof XdrError ? error.within(type) : error;
}

/** The error for a value that goes on after the end. */
export function short(r: XdrReader, p: number, due: number): XdrError {
  return new XdrError(`${due} bytes due, ${Math.max(0, r.end - p)} left`, p);
}
