import { assertEquals, assertStrictEquals } from "@std/assert";
import { testService, testSnapshot } from "./_test_snapshot.ts";
import { seriesOf, seriesSentence, snapshotValue, withPoint } from "./history_series.ts";

const SERIES = seriesOf([[1_000, 1], [2_000, null], [3_000, 3]]);

Deno.test("a point is added, and what is older than the span is left out", () => {
  assertEquals(withPoint(SERIES, 4_000, 4, 2_000), { times: [2, 3, 4], values: [null, 3, 4] });
  assertEquals(withPoint(SERIES, 60_000, null, 2_000), { times: [60], values: [null] });
  assertEquals(withPoint({ times: [], values: [] }, 1_000, 1, 1), { times: [1], values: [1] });
});

Deno.test("a point that is there already, or of before, is not added", () => {
  assertStrictEquals(withPoint(SERIES, 3_000, 9, 2_000), SERIES);
  assertStrictEquals(withPoint(SERIES, 2_500, 9, 2_000), SERIES);
});

Deno.test("a snapshot's values are those that the history keeps", () => {
  const snapshot = testSnapshot([
    testService({ id: "a", load_ratio: 0.5, backpressure_active: true }),
    testService({ id: "b", load_ratio: 0.5, status: "UNHEALTHY" }),
  ]);
  assertEquals(snapshotValue(snapshot, "a", "load_ratio"), 0.5);
  assertEquals(snapshotValue(snapshot, "a", "backpressure_active"), 1);
  assertEquals(snapshotValue(snapshot, "a", "latency_ms"), null);
  assertEquals(snapshotValue(snapshot, "b", "load_ratio"), null);
  assertEquals(snapshotValue(snapshot, "c", "load_ratio"), null);
  assertEquals(snapshotValue(snapshot, undefined, "events_per_second"), 12);
  assertEquals(snapshotValue(snapshot, undefined, "load_ratio"), 0.5);
  assertEquals(snapshotValue(snapshot, undefined, "latency_ms"), null);
});

Deno.test("a chart is told in a sentence", () => {
  const metric = { title: "Load", kind: "part" } as const;
  assertEquals(
    seriesSentence({ times: [1, 2, 3], values: [0.2, null, 0.4] }, metric, 15),
    "Load in the last 15 minutes: now 40 %, lowest 20 %, highest 40 %, mean 30 %.",
  );
  assertEquals(
    seriesSentence({ times: [1], values: [null] }, metric, 5),
    "Load: nothing is known of the last 5 minutes.",
  );
});
