import type { RangeRequest } from "./flight_dataset.ts";

/**
 * Ledgers of a sub-range at most, unless a range would then have too many. Enough that the cost of a
 * stream (about 2 ms) is small beside what it reads, and few enough that several are under way in a
 * history of a few thousand ledgers. A power of two, as the sizes of a lake's files are: sub-ranges
 * begin at its multiples, so that no file is read for two of them.
 */
export const SUB_RANGE_LEDGERS = 256;

/**
 * Sub-ranges that one answer names at most: each has a ticket, and a ticket's filters may take 256 KiB.
 * More than readers have streams; longer ranges have longer sub-ranges.
 */
export const MAX_SUB_RANGES = 64;

/** A range whose first ledger is known. */
export type BegunRange = RangeRequest & { startLedger: number };

/**
 * Splits a range for reading its sub-ranges at once, in order and without holes. What is not there
 * yet is not split, for whoever reads it waits anyway; nor is a range that follows the tip.
 *
 * @param known the newest ledger that is there; undefined while there is none
 */
export function splitRange(range: BegunRange, known: number | undefined): RangeRequest[] {
  const { startLedger, endLedger } = range;
  if (!endLedger || known === undefined) return [range];
  const last = Math.min(endLedger, known);
  let size = SUB_RANGE_LEDGERS;
  while ((last - startLedger + 1) / size > MAX_SUB_RANGES - 2) size *= 2;
  if (last - startLedger < size) return [range];
  const ranges: RangeRequest[] = [];
  for (let start = startLedger; start <= last;) {
    const end = subRangeEnd(start, last, size);
    ranges.push({ ...range, startLedger: start, endLedger: end });
    start = end + 1;
  }
  if (last < endLedger) ranges.push({ ...range, startLedger: last + 1 });
  return ranges;
}

/** Last ledger of the sub-range that begins with `start`; sub-ranges end at multiples of `size`. */
export function subRangeEnd(start: number, last: number, size: number): number {
  return Math.min(last, start - start % size + size - 1);
}
