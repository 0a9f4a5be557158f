import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { FlowControl } from "./flow_control.ts";
import { FlowControlError } from "./flow_control_error.ts";
import type { FlowSignal } from "./flow_signal.ts";

/** A flow control with one service of 100 ledgers, and what it signals. */
function oneService(options: ConstructorParameters<typeof FlowControl>[0] = {}) {
  const clock = new FakeClock();
  const flow = new FlowControl({ clock, ...options });
  const sink = flow.intern("sink", { maxInflight: 100, maxInflightBytes: 1_000_000 });
  const seen: string[] = [];
  flow.subscribe(({ level, reason }) => void seen.push(`${level} ${reason}`));
  return { clock, flow, sink, seen };
}

function stepped(flow: FlowControl, steps: number): void {
  for (let i = 0; i < steps; i++) flow.step();
}

Deno.test("a service that was never loaded is not paced", () => {
  const { flow, sink, seen } = oneService();
  flow.drained(sink, 10, 100);
  stepped(flow, 20);
  assertEquals(flow.throttle(sink), 1);
  assertEquals(flow.pacedRate(sink), undefined);
  assertEquals(seen, []);
});

Deno.test("at 50 and 75 % of load nothing happens to a service that is free", () => {
  for (const inflight of [50, 75]) {
    const { flow, sink, seen } = oneService();
    flow.update(sink, inflight);
    stepped(flow, 30);
    assertEquals([flow.isActive(sink), flow.throttle(sink), seen], [false, 1, []]);
  }
});

Deno.test("at 85 and 95 % of load backpressure comes on at once, and the throttle sinks to its floor", () => {
  for (const inflight of [85, 95]) {
    const { flow, sink, seen } = oneService();
    flow.update(sink, inflight);
    assertEquals([flow.isActive(sink), flow.throttle(sink), seen], [true, 0.5, ["on queue_full"]]);
    const throttles: number[] = [];
    for (let i = 0; i < 13; i++) {
      flow.step();
      throttles.push(flow.throttle(sink));
    }
    assertEquals(throttles.slice(0, 4), [0.4, 0.32, 0.256, 0.2048]);
    assertEquals(throttles.slice(9), [0.053687, 0.05, 0.05, 0.05]);
    assertEquals(seen.slice(1), Array(11).fill("deeper queue_full"), "the floor is no change");
  }
});

Deno.test("exactly at the backpressure threshold nothing changes, one ledger above it comes on", () => {
  const { flow, sink } = oneService();
  flow.update(sink, 80);
  flow.step();
  assertEquals(flow.isActive(sink), false);
  flow.update(sink, 81);
  assertEquals([flow.isActive(sink), flow.throttle(sink)], [true, 0.5]);
  flow.update(sink, 80);
  stepped(flow, 5);
  assertEquals([flow.isActive(sink), flow.throttle(sink)], [true, 0.5], "on, and not above it");
});

Deno.test("exactly at the recovery threshold backpressure stays, one ledger below it goes off at once", () => {
  const { flow, sink, seen } = oneService();
  flow.update(sink, 81);
  flow.update(sink, 60);
  stepped(flow, 5);
  assertEquals([flow.isActive(sink), flow.throttle(sink)], [true, 0.5]);
  flow.update(sink, 59);
  assertEquals([flow.isActive(sink), flow.throttle(sink)], [false, 0.5]);
  assertEquals(seen, ["on queue_full", "off queue_full"]);
});

Deno.test("with backpressure on, 75 % of load changes nothing: the band between holds still", () => {
  const { flow, sink } = oneService();
  flow.update(sink, 90);
  flow.step();
  flow.update(sink, 75);
  stepped(flow, 50);
  assertEquals([flow.isActive(sink), flow.throttle(sink)], [true, 0.4]);
});

Deno.test("after backpressure the throttle climbs by a tenth a step to exactly 1", () => {
  const { flow, sink, seen } = oneService();
  flow.update(sink, 90);
  flow.update(sink, 50);
  const throttles: number[] = [];
  for (let i = 0; i < 6; i++) {
    flow.step();
    throttles.push(flow.throttle(sink));
  }
  assertEquals(throttles, [0.6, 0.7, 0.8, 0.9, 1, 1]);
  assertEquals(seen.slice(2), Array(5).fill("rising queue_full"));
});

Deno.test("backpressure that comes on while a low throttle climbs does not lift it to a half", () => {
  const { flow, sink } = oneService();
  flow.update(sink, 90);
  stepped(flow, 20);
  flow.update(sink, 50);
  flow.step();
  flow.update(sink, 90);
  assertEquals(flow.throttle(sink), 0.15);
});

Deno.test("the paced rate is the throttle's part of what the consumer drains", () => {
  const { flow, sink } = oneService();
  flow.update(sink, 90);
  assertEquals(flow.pacedRate(sink), undefined, "nothing is known of the consumer yet");
  flow.drained(sink, 30, 1000);
  assertAlmostEquals(flow.pacedRate(sink)!, 15);
  stepped(flow, 20);
  assertAlmostEquals(flow.pacedRate(sink)!, 1.5);
});

Deno.test("the rate is held around the recovery threshold until the load stays below half of it", () => {
  const { flow, sink, seen } = oneService();
  flow.drained(sink, 10, 1000);
  flow.update(sink, 90);
  flow.update(sink, 50);
  stepped(flow, 5);
  assertAlmostEquals(flow.pacedRate(sink)!, 10 * 1.1);
  flow.update(sink, 70);
  assertAlmostEquals(flow.pacedRate(sink)!, 10 * 0.9);
  flow.update(sink, 60);
  stepped(flow, 100);
  assertAlmostEquals(flow.pacedRate(sink)!, 10);
  flow.update(sink, 29);
  stepped(flow, 9);
  flow.update(sink, 30);
  stepped(flow, 50);
  assertAlmostEquals(flow.pacedRate(sink)!, 10 * 1.3, 1e-9, "half the threshold is not below it");
  flow.update(sink, 29);
  stepped(flow, 9);
  assertAlmostEquals(flow.pacedRate(sink)!, 10 * 1.31);
  flow.step();
  assertEquals(flow.pacedRate(sink), undefined);
  assertEquals(seen.at(-1), "recovered queue_full");
});

Deno.test("a queue that fills within a step is held with less correction than a large one", () => {
  const { flow, sink } = oneService();
  flow.drained(sink, 1000, 1000);
  flow.update(sink, 90);
  flow.update(sink, 40);
  stepped(flow, 5);
  // 100 ledgers are a tenth of a second of 1,000/s: a fifth of the half second that settling takes.
  assertAlmostEquals(flow.pacedRate(sink)!, 1000 * (1 + 0.2 / 5));
});

Deno.test("backpressure that comes on again ends the hold", () => {
  const { flow, sink } = oneService();
  flow.drained(sink, 10, 1000);
  flow.update(sink, 90);
  flow.update(sink, 50);
  stepped(flow, 5);
  flow.update(sink, 90);
  assertAlmostEquals(flow.pacedRate(sink)!, 5);
});

Deno.test("the drain rate is measured over the time of work, from the first word on", async () => {
  const { clock, flow, sink } = oneService();
  assertEquals(flow.drainRate(sink), undefined);
  flow.drained(sink, 5, 0);
  assertEquals(flow.drainRate(sink), undefined, "no time has been measured");
  flow.drained(sink, 5, 100);
  assertAlmostEquals(flow.drainRate(sink)!, 100);
  // It waits nine tenths of the time.
  for (let i = 0; i < 100; i++) {
    await clock.advance(100);
    flow.drained(sink, 1, 10);
    flow.step();
  }
  assertAlmostEquals(flow.drainRate(sink)!, 100, 0.1);
});

Deno.test("the drain rate follows a consumer that becomes slower or faster within seconds", async () => {
  const { clock, flow, sink } = oneService();
  const work = async (seconds: number, ledgers: number, busyMs: number) => {
    for (let i = 0; i < 10 * seconds; i++) {
      await clock.advance(100);
      flow.drained(sink, ledgers, busyMs);
      flow.step();
    }
  };
  await work(10, 100, 100);
  assertAlmostEquals(flow.drainRate(sink)!, 1000);
  await work(10, 1, 100);
  assertAlmostEquals(flow.drainRate(sink)!, 10, 10);
  // Fast again, but paced: it works 1 ms of 100, and must not be taken for slow for minutes.
  await work(20, 1, 1);
  assertAlmostEquals(flow.drainRate(sink)!, 1000, 10);
});

Deno.test("the drain rate is kept while nothing is drained, and new work then counts at once", async () => {
  const { clock, flow, sink } = oneService();
  flow.drained(sink, 100, 1000);
  for (let i = 0; i < 6000; i++) {
    await clock.advance(100);
    flow.step();
  }
  assertAlmostEquals(flow.drainRate(sink)!, 100, 1e-3);
  flow.drained(sink, 500, 100);
  assertAlmostEquals(flow.drainRate(sink)!, 5000, 100);
});

Deno.test("the throughput is measured by the clock, and falls when nothing is drained", async () => {
  const { clock, flow, sink } = oneService();
  for (let i = 0; i < 200; i++) {
    flow.drained(sink, 10, 1);
    await clock.advance(100);
    flow.step();
  }
  assertAlmostEquals(flow.throughput(sink), 100, 0.01);
  await clock.advance(20_000);
  flow.step();
  assertAlmostEquals(flow.throughput(sink), 0, 0.01);
  flow.step();
  assertAlmostEquals(flow.throughput(sink), 0, 0.01, "no time has passed");
});

Deno.test("the load is the largest of its parts, and the reason says which", () => {
  const { flow, sink } = oneService();
  const told = () => {
    const { load, reason } = flow.describe(sink);
    return [load, reason];
  };
  flow.update(sink, 10, 200_000, 0.3, 0.1);
  assertEquals(told(), [0.3, "queue_full"]);
  flow.update(sink, 10, 400_000, 0.3, 0.1);
  assertEquals(told(), [0.4, "memory"]);
  flow.update(sink, 10, 400_000, 0.3, 0.5);
  assertEquals(told(), [0.5, "slow_consumer"]);
  flow.update(sink, 70, 400_000, 0.3, 0.5);
  assertEquals(told(), [0.7, "queue_full"]);
  flow.update(sink, 70, 700_000, 0.7, 0.7);
  assertEquals(told(), [0.7, "queue_full"], "of equal ones");
  flow.update(sink, 0, 5_000_000_000, 9, 9);
  assertEquals(told(), [2, "queue_full"], "more than twice full counts as that");
});

Deno.test("the reason of a signal is what made it", () => {
  const { flow, sink, seen } = oneService();
  flow.update(sink, 0, 900_000);
  flow.update(sink, 0);
  flow.update(sink, 0, 0, 0, 0.9);
  assertEquals(seen, ["on memory", "off queue_full", "on slow_consumer"]);
});

Deno.test("services that are each within their limit are held back by the global one", () => {
  const { flow, sink, seen } = oneService({ globalLimit: 200 });
  const other = flow.intern("other", { maxInflight: 1000 });
  flow.update(sink, 50);
  flow.update(other, 110);
  assertEquals([flow.totalInflight, flow.load(sink)], [160, 0.8]);
  assertEquals([flow.isActive(sink), flow.isActive(other)], [false, false]);
  flow.update(other, 111);
  assertEquals([flow.isActive(sink), flow.isActive(other)], [false, true], "at once only its own");
  flow.step();
  assertEquals(flow.isActive(sink), true);
  flow.update(other, 69);
  flow.step();
  assertEquals([flow.isActive(sink), flow.totalInflight], [false, 119]);
  assertEquals(seen.filter((each) => each.startsWith("on")), ["on queue_full", "on queue_full"]);
});

Deno.test("a thousand services each have their own state", () => {
  const clock = new FakeClock();
  const flow = new FlowControl({ clock, globalLimit: 10_000_000 });
  for (let i = 0; i < 1000; i++) {
    assertEquals(flow.intern(`service-${i}`, { maxInflight: 1000 }), i);
  }
  for (let i = 0; i < 1000; i++) flow.update(i, i);
  for (let i = 0; i < 1000; i++) assertEquals(flow.isActive(i), i > 800);
  assertEquals(flow.totalInflight, 999 * 500);
  flow.step();
  for (let i = 0; i < 1000; i++) assertEquals(flow.throttle(i), i > 800 ? 0.4 : 1);
  assertEquals(flow.recentSignals().length, 100);
  assertEquals(flow.indexes().length, 1000);
});

Deno.test("a throttle asked for by hand counts where it is the lower one", () => {
  const { flow, sink, seen } = oneService();
  flow.drained(sink, 10, 1000);
  flow.override(sink, 0.3);
  assertAlmostEquals(flow.pacedRate(sink)!, 3);
  assertEquals(flow.describe(sink).reason, "manual");
  flow.update(sink, 90);
  assertAlmostEquals(flow.pacedRate(sink)!, 3);
  stepped(flow, 20);
  assertAlmostEquals(flow.pacedRate(sink)!, 0.5);
  flow.override(sink, undefined);
  assertAlmostEquals(flow.pacedRate(sink)!, 0.5);
  assertEquals([seen[0], seen.at(-1)], ["on manual", "off manual"]);
  for (const wrong of [0, 0.049, 1, NaN, -1]) {
    const error = assertThrows(() => flow.override(sink, wrong), FlowControlError);
    assertEquals(
      error.message,
      `A throttle must be from 0.05 to below 1, or undefined for none: ${wrong}`,
    );
  }
});

Deno.test("an index that no service has is refused everywhere", () => {
  const { flow } = oneService();
  for (const index of [-1, 1, 0.5, NaN, 2 ** 40]) {
    for (
      const use of [
        () => flow.update(index, 1),
        () => flow.drained(index, 1, 1),
        () => flow.pacedRate(index),
        () => flow.drainRate(index),
        () => flow.throughput(index),
        () => flow.load(index),
        () => flow.throttle(index),
        () => flow.isActive(index),
        () => flow.inflight(index),
        () => flow.maxInflight(index),
        () => flow.nameOf(index),
        () => flow.describe(index),
        () => flow.override(index, 0.5),
        () => flow.release(index),
      ]
    ) {
      const { code, message } = assertThrows(use, FlowControlError);
      assertEquals(code, "SERVICE");
      assertEquals(
        message,
        `No service has the index ${index}: an index comes from intern() and ends with release()`,
      );
    }
  }
});

Deno.test("figures that cannot be are refused and change nothing", () => {
  const { flow, sink } = oneService();
  flow.update(sink, 10, 10, 0.1, 0.2);
  for (const inflight of [-1, NaN, 0.5, -Infinity]) {
    const error = assertThrows(() => flow.update(sink, inflight), FlowControlError);
    assertEquals(error.message, `Ledgers are counted in whole numbers from 0 on: ${inflight}`);
  }
  for (const wrong of [-1, NaN, Infinity]) {
    assertEquals(
      assertThrows(() => flow.update(sink, 1, wrong), FlowControlError).message,
      `inflightBytes must be a number from 0 on: ${wrong}`,
    );
    assertThrows(() => flow.update(sink, 1, 1, wrong), FlowControlError, "queueFill must be");
    assertThrows(() => flow.update(sink, 1, 1, 0, wrong), FlowControlError, "consumerLoad must be");
    assertThrows(() => flow.drained(sink, 1, wrong), FlowControlError, "busyMs must be");
    assertThrows(() => flow.drained(sink, wrong, 1), FlowControlError, "Ledgers are counted");
  }
  assertThrows(() => flow.update(sink, Infinity), FlowControlError);
  assertEquals([flow.inflight(sink), flow.totalInflight, flow.load(sink)], [10, 10, 0.2]);
});

Deno.test("more than a million ledgers in flight count as a million", () => {
  const { flow, sink } = oneService();
  flow.update(sink, 5_000_000_000);
  assertEquals([flow.inflight(sink), flow.totalInflight], [1_000_000, 1_000_000]);
  flow.update(sink, 3);
  assertEquals(flow.totalInflight, 3);
});

Deno.test("a name keeps its index and gets new limits; a released index is given to another", () => {
  const { flow, sink } = oneService();
  assertEquals(flow.intern("sink", { maxInflight: 10 }), sink);
  assertEquals(flow.maxInflight(sink), 10);
  const other = flow.intern("other");
  assertEquals([flow.indexOf("other"), flow.nameOf(other), flow.maxInflight(other)], [
    other,
    "other",
    1000,
  ]);
  flow.drained(sink, 10, 10);
  flow.update(sink, 9, 9, 0.9, 0.9);
  flow.release(sink);
  assertEquals([flow.indexOf("sink"), flow.totalInflight], [undefined, 0]);
  assertThrows(() => flow.update(sink, 1), FlowControlError);
  assertEquals(flow.indexes(), [other]);
  flow.step();
  const next = flow.intern("next");
  assertEquals(next, sink);
  const { inflight, load, throttle, active, drainRate, throughput } = flow.describe(next);
  assertEquals([inflight, load, throttle, active, drainRate, throughput], [
    0,
    0,
    1,
    false,
    undefined,
    0,
  ]);
});

Deno.test("a service that is released under backpressure signals its end", () => {
  const { flow, sink, seen } = oneService();
  flow.update(sink, 90);
  flow.release(sink);
  assertEquals(seen, ["on queue_full", "off queue_full"]);
});

Deno.test("a service too many is refused with a sentence", () => {
  const flow = new FlowControl({ clock: new FakeClock(), capacity: 2 });
  flow.intern("a");
  flow.intern("b");
  const { code, message } = assertThrows(() => flow.intern("c"), FlowControlError);
  assertEquals(code, "CAPACITY");
  assertEquals(
    message,
    "There are 2 services already, which is the most: release one, or give flow control a larger capacity",
  );
  flow.release(0);
  assertEquals(flow.intern("c"), 0);
});

Deno.test("names, limits and settings that cannot be are refused", () => {
  const { flow } = oneService();
  assertThrows(() => flow.intern(""), FlowControlError, "1 to 256 characters: it has 0");
  assertThrows(() => flow.intern("x".repeat(257)), FlowControlError, "it has 257");
  for (const maxInflight of [0, 1.5, 1_000_001, NaN]) {
    assertEquals(
      assertThrows(() => flow.intern("a", { maxInflight }), FlowControlError).message,
      `maxInflight must be an integer from 1 to 1000000: ${maxInflight}`,
    );
  }
  assertThrows(() => flow.intern("a", { maxInflightBytes: 0 }), FlowControlError);
  assertEquals(flow.indexOf("a"), undefined);
  for (
    const [options, sentence] of [
      [{ capacity: 2049 }, "capacity must be an integer from 1 to 2048: 2049"],
      [{ globalLimit: 0 }, "globalLimit must be an integer from 1 to 2147483647: 0"],
      [
        { backpressureThreshold: 1.1 },
        "The backpressure threshold must be above 0 and at most 1, such as 0.8: 1.1",
      ],
      [
        { recoveryThreshold: 0.8 },
        "The recovery threshold must be above 0 and below the backpressure threshold of 0.8: 0.8",
      ],
    ] as const
  ) {
    assertEquals(assertThrows(() => new FlowControl(options), FlowControlError).message, sentence);
  }
});

Deno.test("thresholds of one's own count", () => {
  const { flow, sink } = oneService({ backpressureThreshold: 0.5, recoveryThreshold: 0.2 });
  flow.update(sink, 51);
  flow.update(sink, 21);
  assertEquals(flow.isActive(sink), true);
  flow.update(sink, 19);
  assertEquals(flow.isActive(sink), false);
});

Deno.test("a signal carries the state that it tells of", async () => {
  const { clock, flow, sink } = oneService();
  await clock.advance(1234);
  flow.drained(sink, 10, 1000);
  const kept: FlowSignal[] = [];
  flow.subscribe((signal) => void kept.push(signal.copy()));
  flow.update(sink, 90);
  const { copy: _copy, ...fields } = kept[0]!;
  assertEquals(fields, {
    service: "sink",
    serviceIndex: sink,
    level: "on",
    reason: "queue_full",
    load: 0.9,
    throttle: 0.5,
    suggestedRate: 5,
    timeMs: clock.now(),
  });
  assert(Object.isFrozen(kept[0]));
});

Deno.test("a listener that updates a service within its call is told of that too", () => {
  const { flow, sink, seen } = oneService();
  let relieved = false;
  const leave = flow.subscribe(({ level }) => {
    if (level !== "on" || relieved) return;
    relieved = true;
    flow.update(sink, 10);
  });
  flow.update(sink, 90);
  leave();
  assertEquals(seen, ["on queue_full", "off queue_full"]);
});
