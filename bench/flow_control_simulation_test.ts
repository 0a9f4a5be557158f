import { assert, assertEquals } from "@std/assert";
import { BATCH_FILLS_QUEUE, SCENARIOS, simulate } from "./flow_control_simulation.ts";

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  Deno.test(`a producer that is ${name}: the held rate settles, and backpressure does not come again`, () => {
    const { low, high, activations, busy } = simulate({ ...scenario, hold: true });
    assertEquals([activations, busy], [0, 1]);
    assert(low > 0.4 && high < 0.8, `${low} to ${high}`);
  });
}

Deno.test("without the hold the same load swings for ever, so it is the hold that settles it", () => {
  for (const scenario of Object.values(SCENARIOS)) {
    const { low, high, activations } = simulate({ ...scenario, hold: false });
    assert(activations >= 1 && high - low > 0.2, `${low} to ${high}`);
  }
});

Deno.test("a rate that reaches the producer only after half a second still settles", () => {
  const { low, high, activations } = simulate({
    producer: 1000,
    consumer: 100,
    maxInflight: 100,
    hold: true,
    delayMs: 500,
  });
  assertEquals(activations, 0);
  assert(low > 0.5 && high < 0.7, `${low} to ${high}`);
});

Deno.test("a producer that is slower than the consumer is never paced", () => {
  const { samples } = simulate({ producer: 90, consumer: 100, maxInflight: 100, hold: true });
  assert(samples.every(({ rate, active }) => rate === 90 && !active));
});

Deno.test("a drain rate by wall time takes a waiting consumer for a slow one, by time of work it does not", () => {
  const [work, wall] = [false, true].map((byWallTime) =>
    simulate({ ...BATCH_FILLS_QUEUE, hold: true, byWallTime }).busy
  );
  assert(work! > 1.5 * wall!, `${work} and ${wall}`);
});
