import { assertEquals } from "@std/assert";
import { EndpointPace } from "./endpoint_pace.ts";
import type { PlannedRange, RangePlan } from "./range_plan.ts";
import { RangeStream } from "./range_stream.ts";
import { ReadingPlaces } from "./reading_places.ts";
import { ReorderBuffer } from "./reorder_buffer.ts";
import { FakeRangeClients, FakeServer, ManualClock } from "./testing/mod.ts";

Deno.test("nothing is read ahead of a sub-range that is still being planned", async () => {
  const clock = new ManualClock();
  const ranges: PlannedRange[] = [2, 10, 18, 26].map((startLedger) => ({
    range: { dataset: "stellar_ledger", startLedger, endLedger: startLedger + 7 },
    isHistory: true,
  }));
  let isPlanning = false;
  // As the real one, only that the answer takes longer than streams take to end.
  const plan = {
    next: () => ranges.shift(),
    first: async () => {
      const planned = ranges.shift();
      isPlanning = true;
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      isPlanning = false;
      return planned;
    },
    measure: () => {},
  };
  const places = new ReadingPlaces(4, clock);
  // A stream that ends makes room just then.
  places.hasFree = () => isPlanning;
  const stream = new RangeStream({
    clients: new FakeRangeClients([new FakeServer("a:1")], clock),
    buffer: new ReorderBuffer(1_000_000),
    pace: new EndpointPace(() => clock.monotonic()),
    clock,
    places,
    plan: plan as unknown as RangePlan,
    checkSchema: () => {},
    signal: undefined,
    refused: () => undefined,
    newestBeside: () => Promise.resolve(undefined),
    onUse: () => {},
    onWorks: () => {},
    onMove: () => {},
  });
  const batches = await clock.until(Array.fromAsync(stream.read()));
  assertEquals(batches.map(({ metadata }) => metadata.first_ledger), [
    2,
    6,
    10,
    14,
    18,
    22,
    26,
    30,
  ]);
});
