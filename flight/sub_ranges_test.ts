import { assert, assertEquals } from "@std/assert";
import { MAX_SUB_RANGES, splitRange, SUB_RANGE_LEDGERS } from "./sub_ranges.ts";

const dataset = "ttp_event";

/** First and last ledgers of the split range. */
const split = (startLedger: number, endLedger: number | undefined, known: number | undefined) =>
  splitRange({ dataset, startLedger, ...(endLedger !== undefined && { endLedger }) }, known)
    .map((range) => [range.startLedger, range.endLedger]);

Deno.test("a long history is split at multiples of a power of two, in order and without holes", () => {
  assertEquals(split(200, 1000, 5000), [[200, 255], [256, 511], [512, 767], [768, 1000]]);
});

Deno.test("a short range, one that follows the tip and one of an empty lake are left whole", () => {
  assertEquals(split(300, 300 + SUB_RANGE_LEDGERS - 1, 5000), [[300, 555]]);
  assertEquals(split(300, undefined, 5000), [[300, undefined]]);
  assertEquals(split(300, 0, 5000), [[300, 0]]);
  assertEquals(split(300, 5000, undefined), [[300, 5000]]);
  assertEquals(split(5000, 9000, 4000), [[5000, 9000]]);
});

Deno.test("what is not there yet is one sub-range at the end", () => {
  assertEquals(split(256, 9000, 700), [[256, 511], [512, 700], [701, 9000]]);
});

Deno.test("filters go with each sub-range", () => {
  const filters = { assets: ["native"] };
  const ranges = splitRange({ dataset, startLedger: 2, endLedger: 1000, filters }, 1000);
  assertEquals(ranges.map((range) => range.filters), ranges.map(() => filters));
});

Deno.test("any range is covered by a bounded number of sub-ranges", () => {
  for (let ledgers = 1; ledgers < 4_000_000_000; ledgers = ledgers * 3 + 1) {
    for (const start of [1, 2, 255, 256, 257, 100_003]) {
      const end = start + ledgers - 1;
      for (const known of [end, end - 1, start + Math.floor(ledgers / 2)]) {
        const ranges = split(start, end, known) as [number, number][];
        assert(ranges.length <= MAX_SUB_RANGES, `${ranges.length} of ${ledgers} ledgers`);
        let next = start;
        for (const [first, last] of ranges) {
          assert(first === next && last >= first, `${first}-${last} after ${next - 1}`);
          next = last + 1;
        }
        assertEquals(next, end + 1);
      }
    }
  }
});
