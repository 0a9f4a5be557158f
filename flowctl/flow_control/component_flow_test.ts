import { assertEquals, assertThrows } from "@std/assert";
import { FlowControlError } from "./flow_control_error.ts";
import {
  decodeFlowSignal,
  encodeFlowSignal,
  type FlowSignalMessage,
} from "./flow_signal_message.ts";
import { testFlow } from "./_test_flow.ts";

const word = (part: Partial<FlowSignalMessage> = {}): Uint8Array =>
  encodeFlowSignal({
    consumer: "reader",
    load: 0.9,
    backpressure: true,
    throttle: 0.5,
    ledgersPerSecond: 10,
    bytesPerSecond: undefined,
    reason: "queue_full",
    validMs: 5_000,
    ...part,
  });

/** What a producer is told, the latest word last. */
function producer() {
  const told: FlowSignalMessage[] = [];
  const send = (body: Uint8Array) => {
    told.push(decodeFlowSignal(body));
    return Promise.resolve("taken" as const);
  };
  return { told, send };
}

Deno.test("a load above the threshold is told to the producer at once, before the next step", async () => {
  const { flow, clock, state, lines } = testFlow();
  const { told, send } = producer();
  flow.start();
  flow.reportTo(send);
  await clock.advance(0);
  assertEquals([told.length, told[0]!.backpressure, told[0]!.consumer], [1, false, "sink-1"]);
  flow.done(20, 1_000, 1_500);
  state.inHand = { ledgers: 81, bytes: 0, waiting: 4, fill: 0 };
  flow.changed();
  await clock.advance(0);
  const { load, throttle, ledgersPerSecond, reason, backpressure } = told.at(-1)!;
  assertEquals([load, throttle, ledgersPerSecond, reason, backpressure], [
    0.81,
    0.5,
    10,
    "queue_full",
    true,
  ]);
  assertEquals(flow.health(), {
    inflight: 81,
    max_inflight: 100,
    inflight_bytes: 0,
    max_inflight_bytes: 1_000,
    queue_depth: 4,
    load_ratio: 0.81,
    throttle_rate: 0.5,
    backpressure_active: true,
    reason: "queue_full",
    ledgers_per_second_limit: 10,
    processing_latency_ms: 1_500,
    consumers: [],
  });
  assertEquals(lines, [
    "Backpressure is on: less is asked for, nothing is dropped " +
    '{"reason":"queue_full","load":0.81,"throttle":0.5,"ledgers_per_second":10}',
  ]);
  flow.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("what consumers tell is passed on to the producer as the load of a slow consumer", async () => {
  const { flow, clock, state } = testFlow();
  const { told, send } = producer();
  flow.start();
  flow.reportTo(send);
  state.inHand = { ledgers: 10, bytes: 0, waiting: 0, fill: 0 };
  flow.take(word());
  await clock.advance(0);
  const { load, backpressure, ledgersPerSecond, reason, consumer } = told.at(-1)!;
  assertEquals([load, backpressure, ledgersPerSecond, reason, consumer], [
    0.9,
    true,
    10,
    "slow_consumer",
    "sink-1",
  ]);
  // A consumer that fell silent holds nobody up.
  await clock.advance(5_100);
  assertEquals([told.at(-1)!.backpressure, told.at(-1)!.ledgersPerSecond], [false, undefined]);
  flow.stop();
});

Deno.test("under independent a consumer's load is shown, and not passed on", async () => {
  const { flow, clock } = testFlow({ policy: "independent" });
  const { told, send } = producer();
  flow.start();
  flow.reportTo(send);
  flow.take(word());
  await clock.advance(200);
  assertEquals(told.every(({ backpressure, load }) => !backpressure && load === 0), true);
  const { backpressure_active, reason, consumers } = flow.health();
  assertEquals([backpressure_active, reason], [true, "slow_consumer"]);
  assertEquals(consumers, [{
    consumer: "reader",
    load_ratio: 0.9,
    backpressure_active: true,
    throttle_rate: 0.5,
    ledgers_per_second: 10,
    reason: "queue_full",
  }]);
  flow.stop();
});

for (
  const [policy, expected] of [["slowest", [true, true]], ["independent", [true, false]]] as const
) {
  Deno.test(`under ${policy} readers go at the pace that the policy gives them`, async () => {
    const { flow, clock } = testFlow({ policy });
    flow.start();
    using slow = flow.paceOf("reader");
    using other = flow.paceOf("other");
    flow.take(word({ ledgersPerSecond: 2 }));
    assertEquals([slow.batchLedgers(100), other.batchLedgers(100)], [1, expected[1] ? 1 : 100]);
    const waits: boolean[] = [];
    for (const pace of [slow, other]) {
      await pace.take(1, 0, new AbortController().signal);
      let gone = false;
      const second = pace.take(1, 0, new AbortController().signal).then(() => gone = true);
      await clock.advance(0);
      waits.push(!gone);
      await clock.advance(500);
      await second;
    }
    assertEquals(waits, [...expected]);
    flow.stop();
  });
}

Deno.test("streams of one consumer share its pace", async () => {
  const { flow, clock } = testFlow();
  flow.start();
  using first = flow.paceOf("reader");
  using second = flow.paceOf("reader");
  flow.take(word({ ledgersPerSecond: 1 }));
  await first.take(1, 0, new AbortController().signal);
  let gone = false;
  const taking = second.take(1, 0, new AbortController().signal).then(() => gone = true);
  await clock.advance(900);
  assertEquals(gone, false);
  await clock.advance(100);
  await taking;
  flow.stop();
});

Deno.test("a producer is asked for the slowest consumer's rate once for each consumer that reads", async () => {
  const { flow, clock } = testFlow();
  const { told, send } = producer();
  flow.start();
  flow.reportTo(send);
  using _first = flow.paceOf("reader");
  using _again = flow.paceOf("reader");
  flow.take(word({ ledgersPerSecond: 10 }));
  await clock.advance(100);
  assertEquals(told.at(-1)!.ledgersPerSecond, 10);
  {
    using _other = flow.paceOf("other");
    await clock.advance(100);
    assertEquals(told.at(-1)!.ledgersPerSecond, 20);
    assertEquals(flow.health().ledgers_per_second_limit, 10);
  }
  await clock.advance(100);
  assertEquals(told.at(-1)!.ledgersPerSecond, 10);
  flow.stop();
});

Deno.test("of several producers that send at once each is asked for its part of the rate", async () => {
  const { flow, clock } = testFlow();
  const { told, send } = producer();
  let producers = 2;
  flow.start();
  flow.reportTo(send, () => producers);
  flow.take(word({ ledgersPerSecond: 10 }));
  await clock.advance(100);
  assertEquals([told.at(-1)!.ledgersPerSecond, told.at(-1)!.load], [5, 0.9]);
  // Between two streams none is read from.
  producers = 0;
  await clock.advance(100);
  assertEquals(told.at(-1)!.ledgersPerSecond, 10);
  flow.stop();
});

Deno.test("a stop lets readers go that wait for their pace", async () => {
  const { flow, clock } = testFlow();
  flow.start();
  using pace = flow.paceOf("reader");
  flow.take(word({ ledgersPerSecond: 0.001 }));
  await pace.take(1, 0, new AbortController().signal);
  const waiting = pace.take(1, 0, new AbortController().signal);
  flow.stop();
  await waiting;
  assertEquals(clock.pending, 0);
});

Deno.test("a reader that takes nothing for a second is shown, told upstream, and paces nobody", async () => {
  const { flow, clock, state } = testFlow();
  const { told, send } = producer();
  flow.start();
  flow.reportTo(send);
  state.readers = [
    { consumer: "reader", heldBytes: 10, takenAgoMs: 999 },
    { consumer: undefined, heldBytes: 0, takenAgoMs: 0 },
  ];
  await clock.advance(100);
  assertEquals(flow.health().backpressure_active, false);
  state.readers = [
    { consumer: "reader", heldBytes: 10, takenAgoMs: 1_000 },
    { consumer: undefined, heldBytes: 1, takenAgoMs: 5_000 },
  ];
  flow.take(word({ load: 0.1, backpressure: false, ledgersPerSecond: undefined, throttle: 1 }));
  await clock.advance(100);
  const { backpressure_active, reason, consumers, ledgers_per_second_limit } = flow.health();
  assertEquals([backpressure_active, reason, ledgers_per_second_limit], [
    true,
    "slow_consumer",
    null,
  ]);
  assertEquals(consumers.map(({ consumer, load_ratio }) => [consumer, load_ratio]), [
    ["reader", 1],
    ["unnamed", 1],
  ]);
  assertEquals([told.at(-1)!.load, told.at(-1)!.backpressure], [1, true]);
  state.readers = [];
  await clock.advance(100);
  assertEquals(flow.health().backpressure_active, false);
  flow.stop();
});

Deno.test("backpressure that comes and goes is told by the log once in a while", async () => {
  const { flow, clock, state, lines } = testFlow();
  flow.start();
  for (let i = 0; i < 10; i++) {
    state.inHand = { ledgers: 90, bytes: 0, waiting: 0, fill: 0 };
    await clock.advance(100);
    state.inHand = { ledgers: 0, bytes: 0, waiting: 0, fill: 0 };
    await clock.advance(100);
  }
  assertEquals(lines.map((line) => line.split(":")[0]!.split(" {")[0]), [
    "Backpressure is on",
    "Backpressure is off",
  ]);
  await clock.advance(10_000);
  state.inHand = { ledgers: 90, bytes: 0, waiting: 0, fill: 0 };
  await clock.advance(100);
  assertEquals(lines.length, 3);
  flow.stop();
});

Deno.test("a word that cannot be read is refused with its sentence, and changes nothing", () => {
  const { flow } = testFlow();
  assertThrows(() => flow.take(new TextEncoder().encode("[]")), FlowControlError, "JSON object");
  assertEquals(flow.health().consumers, []);
});

Deno.test("a consumer that told its load and falls silent while it reads has stopped", async () => {
  const { flow, clock, state } = testFlow();
  flow.start();
  state.readers = [{ consumer: "reader", heldBytes: 0, takenAgoMs: 0 }];
  const shown = () => flow.health().consumers.map((one) => [one.consumer, one.load_ratio]);
  await clock.advance(10_000);
  assertEquals(shown(), [], "who never told a load need not");
  flow.take(word({ load: 0.1, backpressure: false, ledgersPerSecond: undefined, throttle: 1 }));
  assertEquals(shown(), [["reader", 0.1]]);
  await clock.advance(5_100);
  assertEquals([shown(), flow.health().backpressure_active], [[["reader", 1]], true]);
  state.readers = [];
  await clock.advance(100);
  assertEquals([shown(), flow.health().backpressure_active], [[], false]);
  // The next stream of that name begins anew.
  state.readers = [{ consumer: "reader", heldBytes: 0, takenAgoMs: 0 }];
  await clock.advance(10_000);
  assertEquals(shown(), []);
  flow.stop();
});
