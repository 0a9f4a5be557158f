/** Last ledger whose TOIDs fit a signed 64-bit integer (SEP-35). */
export const MAX_TOID_LEDGER: number = 2 ** 31 - 1;

/** Last transaction index that a TOID can hold: 20 bits. */
export const MAX_TOID_TRANSACTION: number = 2 ** 20 - 1;

/** Last operation index that a TOID can hold: 12 bits. */
export const MAX_TOID_OPERATION: number = 2 ** 12 - 1;

/**
 * The total order id of an operation, or of a transaction when the operation index is 0 (SEP-35):
 * ledger in the high 32 bits, transaction index (from 1) in 20, operation index (from 1) in 12.
 * Throws RangeError beyond the limits above.
 *
 * @example
 * ```ts
 * import { toid } from "./toid.ts";
 *
 * console.assert(toid(53312000, 12, 1) === 228973296484401153n);
 * ```
 */
export function toid(
  ledger: number,
  transactionIndex1: number,
  operationIndex1Or0: number,
): bigint {
  if (!isBelow(ledger, MAX_TOID_LEDGER)) {
    throw new RangeError(`Ledger ${ledger} has no TOID: it must be 0 to ${MAX_TOID_LEDGER}.`);
  }
  const low = toidLowWord(transactionIndex1, operationIndex1Or0) >>> 0;
  return (BigInt(ledger) << 32n) | BigInt(low);
}

/**
 * The low 32 bits of a TOID as a signed word, for columns that take an int64 as two words: the
 * high word is the ledger, which must not exceed `MAX_TOID_LEDGER`.
 * Throws RangeError when an index is beyond its limit.
 */
export function toidLowWord(transactionIndex1: number, operationIndex1Or0: number): number {
  if (!isBelow(transactionIndex1, MAX_TOID_TRANSACTION)) {
    throw new RangeError(
      `Transaction index ${transactionIndex1} has no TOID: it must be 0 to ${MAX_TOID_TRANSACTION}.`,
    );
  }
  if (!isBelow(operationIndex1Or0, MAX_TOID_OPERATION)) {
    throw new RangeError(
      `Operation index ${operationIndex1Or0} has no TOID: it must be 0 to ${MAX_TOID_OPERATION}.`,
    );
  }
  return (transactionIndex1 << 12) | operationIndex1Or0;
}

function isBelow(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= limit;
}
