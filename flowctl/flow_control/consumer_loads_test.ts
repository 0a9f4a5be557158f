import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { ConsumerLoads, type FlowPolicy } from "./consumer_loads.ts";
import { FlowControlError } from "./flow_control_error.ts";
import type { FlowSignalMessage } from "./flow_signal_message.ts";

function word(consumer: string, more: Partial<FlowSignalMessage> = {}): FlowSignalMessage {
  return {
    consumer,
    load: 0.5,
    backpressure: false,
    throttle: 1,
    ledgersPerSecond: undefined,
    bytesPerSecond: undefined,
    reason: "queue_full",
    validMs: 1000,
    ...more,
  };
}

function consumers(policy: FlowPolicy = "slowest", maxConsumers?: number) {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const loads = new ConsumerLoads({
    clock,
    policy,
    onError: (error) => void errors.push(error),
    ...(maxConsumers === undefined ? {} : { maxConsumers }),
  });
  let changes = 0;
  loads.onChange(() => void changes++);
  return { clock, loads, errors, changes: () => changes };
}

Deno.test("without a word of any consumer there is no load", () => {
  const { loads } = consumers();
  assertEquals([loads.worst(), loads.of("a"), loads.list(), loads.count], [
    undefined,
    undefined,
    [],
    0,
  ]);
});

Deno.test("of several consumers the fullest is named, and the least that any wants counts", () => {
  const { loads } = consumers();
  loads.take(word("a", { load: 0.7, ledgersPerSecond: 9, throttle: 0.8, reason: "memory" }));
  loads.take(word("b", { load: 0.9, ledgersPerSecond: 20, bytesPerSecond: 7, throttle: 0.9 }));
  loads.take(word("c", { load: 0.1, backpressure: true, bytesPerSecond: 8 }));
  const worst = {
    consumer: "b",
    load: 0.9,
    reason: "queue_full",
    backpressure: true,
    throttle: 0.8,
    ledgersPerSecond: 9,
    bytesPerSecond: 7,
  } as const;
  assertEquals(loads.worst(), worst);
  assertEquals(loads.of("c"), worst, "with the policy slowest, for each of them");
  assertEquals(loads.of("unknown"), worst);
});

Deno.test("under the policy independent each consumer has its own pace", () => {
  const { loads } = consumers("independent");
  loads.take(word("a", { load: 0.7, ledgersPerSecond: 9 }));
  loads.take(word("b", { load: 0.9 }));
  assertEquals(loads.of("a")?.ledgersPerSecond, 9);
  assertEquals(loads.of("b")?.ledgersPerSecond, undefined);
  assertEquals(loads.of("c"), undefined);
  assertEquals(loads.worst()?.consumer, "b", "to show");
});

Deno.test("a consumer's word counts for as long as it says, and its end is told by itself", async () => {
  const { clock, loads, changes } = consumers();
  loads.take(word("a", { validMs: 300 }));
  loads.take(word("b", { validMs: 500 }));
  await clock.advance(299);
  assertEquals([loads.count, changes()], [2, 2]);
  await clock.advance(1);
  assertEquals(changes(), 3);
  assertEquals(loads.list().map(({ consumer, ageMs, validMs }) => [consumer, ageMs, validMs]), [
    ["b", 300, 200],
  ]);
  await clock.advance(200);
  assertEquals([loads.worst(), changes(), clock.pending], [undefined, 4, 0]);
});

Deno.test("a new word counts anew, and tells a change only when it says something else", async () => {
  const { clock, loads, changes } = consumers();
  loads.take(word("a"));
  await clock.advance(900);
  loads.take(word("a"));
  assertEquals(changes(), 1);
  await clock.advance(900);
  assertEquals(loads.count, 1);
  const others: Partial<FlowSignalMessage>[] = [
    { load: 0.6 },
    { reason: "memory" },
    { backpressure: true },
    { throttle: 0.5 },
    { ledgersPerSecond: 3 },
    { bytesPerSecond: 3 },
  ];
  for (const [i, other] of others.entries()) {
    loads.take(word("a", other));
    assertEquals(changes(), 2 + 2 * i);
    loads.take(word("a"));
  }
});

Deno.test("a consumer that is forgotten counts no more", () => {
  const { clock, loads, changes } = consumers();
  loads.take(word("a"));
  loads.forget("b");
  assertEquals(changes(), 1);
  loads.forget("a");
  assertEquals([loads.worst(), changes(), clock.pending], [undefined, 2, 0]);
});

Deno.test("one consumer too many is refused until a word has run out", async () => {
  const { clock, loads } = consumers("slowest", 2);
  loads.take(word("a", { validMs: 100 }));
  loads.take(word("b"));
  loads.take(word("b", { load: 1 }));
  const { code, message } = assertThrows(() => loads.take(word("c")), FlowControlError);
  assertEquals([code, message], [
    "CAPACITY",
    "2 consumers tell their load already, which is the most: another counts once one of them is gone",
  ]);
  await clock.advance(100);
  loads.take(word("c"));
  assertEquals(loads.count, 2);
});

Deno.test("64 consumers are taken and no more", () => {
  const { loads } = consumers();
  for (let i = 0; i < 64; i++) loads.take(word(`${i}`));
  assertThrows(() => loads.take(word("64")), FlowControlError, "64 consumers tell their load");
  loads.stop();
});

Deno.test("a listener that throws is reported and hurts nobody; one that left hears no more", () => {
  const { loads, errors, changes } = consumers();
  const leave = loads.onChange(() => {
    throw new Error("bad listener");
  });
  let later = 0;
  loads.onChange(() => void later++);
  loads.take(word("a"));
  assertEquals([errors.map(String), changes(), later], [["Error: bad listener"], 1, 1]);
  leave();
  leave();
  loads.forget("a");
  assertEquals([errors.length, changes(), later], [1, 2, 2]);
});

Deno.test("stop forgets all without a word and leaves no timer", () => {
  const { clock, loads, changes } = consumers();
  {
    using used = loads;
    used.take(word("a"));
    assertEquals(clock.pending, 1);
  }
  assertEquals([clock.pending, loads.count, changes()], [0, 0, 1]);
});

Deno.test("a timer that comes too early lets nobody's word run out", () => {
  const clock = new FakeClock();
  let early = () => {};
  const loads = new ConsumerLoads({
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      setInterval: (callback, ms) => clock.setInterval(callback, ms),
      setTimeout: (callback, ms) => {
        early = callback;
        return clock.setTimeout(callback, ms);
      },
    },
    policy: "slowest",
  });
  loads.take(word("a"));
  early();
  assertEquals([loads.count, clock.pending], [1, 1]);
  loads.stop();
});

Deno.test("a word that expires between two looks at the time sets no timer into the past", () => {
  const times = [0, 0, 0, 999.99, 1000.02];
  const waits: number[] = [];
  let wake = () => {};
  const clock = new FakeClock();
  clock.monotonic = () => times.shift()!;
  clock.setTimeout = (callback, ms) => {
    wake = callback;
    waits.push(ms);
    return { stop() {} };
  };
  const loads = new ConsumerLoads({ clock, policy: "slowest", onError() {} });
  loads.take(word("a", { validMs: 1000 }));
  wake(); // a hundredth of a millisecond early
  assertEquals([waits, times], [[1000, 0], []]);
});
