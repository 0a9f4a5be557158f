import { assertEquals } from "@std/assert";
import { RestartPolicy, whyNoMore } from "./restart_policy.ts";

const MINUTE_MS = 60_000;

Deno.test("the wait doubles from 1 s to 30 s and no further", () => {
  const policy = new RestartPolicy({ maxRestarts: 100, windowMs: 60 * MINUTE_MS });
  const waits = Array.from({ length: 8 }, (_, at) => policy.next(at, 0));
  assertEquals(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

Deno.test("a minute of health makes the next failure a first one, a little less does not", () => {
  const policy = new RestartPolicy({ maxRestarts: 100, windowMs: 60 * MINUTE_MS });
  assertEquals([policy.next(0, 0), policy.next(1, MINUTE_MS - 1)], [1000, 2000]);
  assertEquals([policy.next(2, MINUTE_MS), policy.next(3, 0)], [1000, 2000]);
});

Deno.test("too many restarts within the window are refused, and old ones are forgotten", () => {
  const policy = new RestartPolicy({ maxRestarts: 2, windowMs: 10 * MINUTE_MS });
  assertEquals([policy.next(0, 0), policy.next(1, 0), policy.next(2, 0)], [1000, 2000, undefined]);
  assertEquals(policy.next(10 * MINUTE_MS, 0), 4000);
  assertEquals(policy.next(10 * MINUTE_MS, 0), undefined);
});

Deno.test("no restart at all where none is allowed", () => {
  assertEquals(new RestartPolicy({ maxRestarts: 0, windowMs: 1 }).next(0, 0), undefined);
});

Deno.test("the reason for no further restart names number and window", () => {
  const cases: [number, number, string][] = [
    [0, 600_000, "nothing is started again (MAX_RESTARTS=0)"],
    [1, 30_000, "1 restart within 30 s did not help (MAX_RESTARTS)"],
    [10, 600_000, "10 restarts within 10 min did not help (MAX_RESTARTS)"],
  ];
  for (const [maxRestarts, windowMs, expected] of cases) {
    assertEquals(whyNoMore({ maxRestarts, windowMs }), expected);
  }
});
