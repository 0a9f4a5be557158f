import { assertEquals } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import type { FlowSignalMessage } from "./flow_signal_message.ts";
import { LoadReporter, type ReportOutcome, UNSUPPORTED_PAUSE_MS } from "./load_reporter.ts";

const message = (load: number, part: Partial<FlowSignalMessage> = {}): FlowSignalMessage => ({
  consumer: "sink",
  load,
  backpressure: false,
  throttle: 1,
  ledgersPerSecond: undefined,
  bytesPerSecond: undefined,
  reason: "queue_full",
  validMs: 5_000,
  ...part,
});

/** A reporter whose messages are answered when the test says so. */
function heldReporter() {
  const clock = new FakeClock();
  const sent: { message: FlowSignalMessage; answer: PromiseWithResolvers<ReportOutcome> }[] = [];
  const reporter = new LoadReporter({
    send: (message) => {
      const answer = Promise.withResolvers<ReportOutcome>();
      sent.push({ message, answer });
      return answer.promise;
    },
    clock,
  });
  const answer = async (outcome: ReportOutcome | Error = "taken") => {
    const last = sent.at(-1)!.answer;
    if (outcome instanceof Error) last.reject(outcome);
    else last.resolve(outcome);
    await clock.advance(0);
  };
  return { reporter, clock, loads: () => sent.map((one) => one.message.load), answer };
}

Deno.test("a load is told when it changes, and else once a second", async () => {
  const { reporter, clock, loads, answer } = heldReporter();
  reporter.report(message(0.5));
  await answer();
  reporter.report(message(0.51));
  await clock.advance(999);
  reporter.report(message(0.51));
  assertEquals(loads(), [0.5]);
  reporter.report(message(0.53));
  await answer();
  await clock.advance(1_000);
  reporter.report(message(0.53));
  await answer();
  assertEquals(loads(), [0.5, 0.53, 0.53]);
  assertEquals([reporter.taken, reporter.failed], [3, 0]);
});

Deno.test("backpressure, throttle and rates are told although the load is the same", async () => {
  const { reporter, loads, answer } = heldReporter();
  const states = [
    {},
    { backpressure: true },
    { backpressure: true, throttle: 0.5 },
    { backpressure: true, throttle: 0.5, ledgersPerSecond: 10 },
    { backpressure: true, throttle: 0.5, ledgersPerSecond: 11 },
    { backpressure: true, throttle: 0.5, ledgersPerSecond: 11, bytesPerSecond: 5 },
  ];
  for (const state of states) {
    reporter.report(message(0.9, state));
    await answer();
    // The same once more is no news.
    reporter.report(message(0.9, state));
  }
  assertEquals(loads().length, states.length);
});

Deno.test("one message is on its way at a time, and the latest word follows it", async () => {
  const { reporter, loads, answer } = heldReporter();
  for (const load of [0.1, 0.2, 0.3, 0.4]) reporter.report(message(load));
  assertEquals(loads(), [0.1]);
  await answer();
  assertEquals(loads(), [0.1, 0.4]);
  await answer();
  assertEquals(loads(), [0.1, 0.4]);
});

Deno.test("what could not be told is told at the next look, though nothing has changed", async () => {
  const { reporter, loads, answer } = heldReporter();
  reporter.report(message(0.9));
  await answer(new Error("away"));
  assertEquals([reporter.failed, loads()], [1, [0.9]]);
  reporter.report(message(0.9));
  await answer();
  assertEquals([reporter.taken, loads()], [1, [0.9, 0.9]]);
});

Deno.test("a producer without flow signals is left alone for a while", async () => {
  const { reporter, clock, loads, answer } = heldReporter();
  reporter.report(message(0.9));
  await answer("unsupported");
  reporter.report(message(0.1));
  await clock.advance(UNSUPPORTED_PAUSE_MS - 1);
  reporter.report(message(0.2));
  assertEquals(loads(), [0.9]);
  await clock.advance(1);
  reporter.report(message(0.3));
  await answer("unsupported");
  assertEquals(loads(), [0.9, 0.3]);
});
