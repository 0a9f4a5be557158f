import { assert, assertEquals, assertRejects } from "@std/assert";
import { ttpEventSchema } from "../../arrow/mod.ts";
import { type FlightBatch, FlightError, type RangeRequest } from "../../flight/mod.ts";
import { FakeClock, type Logger } from "../../flowctl/mod.ts";
import { sampleBatch } from "./testing/mod.ts";
import { type EventSource, plainReason, UpstreamError, UpstreamReader } from "./upstream_reader.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silent,
  atLedger() {},
  addSecret() {},
  enabled: () => false,
};

/** A source whose streams are given one after the other; the last one serves for ever. */
class ScriptedSource implements EventSource {
  readonly requests: RangeRequest[] = [];
  constructor(private readonly streams: (FlightBatch | Error)[][]) {}
  getSchema() {
    return Promise.resolve(ttpEventSchema);
  }
  async *doGet(request: RangeRequest) {
    this.requests.push(request);
    const stream = this.streams.length > 1 ? this.streams.shift()! : this.streams[0]!;
    for (const item of stream) {
      await Promise.resolve();
      if (item instanceof Error) throw item;
      yield item;
    }
  }
}

function reader(source: EventSource, end: number, clock = new FakeClock(), random = () => 1) {
  const got: number[] = [];
  let next = 2;
  const upstream = new UpstreamReader({
    source,
    endpoint: "127.0.0.1:1",
    clock,
    random,
    log: silent,
    next: () => next,
    endLedger: end,
    onSchema: () => {},
    onBatch: (batch) => {
      got.push(batch.metadata.last_ledger);
      next = batch.metadata.last_ledger + 1;
      return Promise.resolve();
    },
    onBroken: () => {},
    isDone: () => next > end,
  });
  return { upstream, got };
}

/** Lets promises settle until something holds; no time goes by. */
async function until(clock: FakeClock, holds: () => boolean): Promise<void> {
  while (!holds()) await clock.advance(0);
}

const lost = () => new FlightError("UNAVAILABLE", "gone");

Deno.test("a lost upstream is asked again from the next ledger, with a wait that doubles up to a cap", async () => {
  const clock = new FakeClock();
  const source = new ScriptedSource([
    [sampleBatch(2, 3), lost()],
    ...Array.from({ length: 7 }, () => [lost()]),
    [sampleBatch(4, 5)],
  ]);
  const { upstream, got } = reader(source, 5, clock);
  const running = upstream.run(new AbortController().signal);
  for (const wait of [400, 800, 1600, 3200, 5000, 5000, 5000, 5000]) {
    await until(clock, () => clock.pending === 1);
    const before = source.requests.length;
    await clock.advance(wait - 1);
    assertEquals(source.requests.length, before, `asked before ${wait} ms`);
    await clock.advance(1);
    await until(clock, () => source.requests.length === before + 1);
  }
  await running;
  assertEquals(got, [3, 5]);
  assertEquals(source.requests.map((request) => request.startLedger), [2, 4, 4, 4, 4, 4, 4, 4, 4]);
  assertEquals(upstream.reconnects, 1);
  assertEquals(upstream.trouble, undefined);
});

Deno.test("the jitter is full: a random number of zero does not wait at all", async () => {
  const clock = new FakeClock();
  const source = new ScriptedSource([[lost()], [lost()], [sampleBatch(2, 2)]]);
  const { upstream, got } = reader(source, 2, clock, () => 0);
  const running = upstream.run(new AbortController().signal);
  await until(clock, () => got.length === 1);
  await running;
  assertEquals(got, [2]);
  assertEquals(clock.monotonic(), 0);
});

for (
  const code of [
    "DATA_LOSS",
    "INVALID_ARGUMENT",
    "OUT_OF_RANGE",
    "NOT_FOUND",
    "UNAUTHENTICATED",
    "FAILED_PRECONDITION",
  ] as const
) {
  Deno.test(`an upstream that answers ${code} ends the reading with its sentence`, async () => {
    const source = new ScriptedSource([[new FlightError(code, "Ledger 2 is broken.")]]);
    const { upstream } = reader(source, 5);
    const error = await assertRejects(
      () => upstream.run(new AbortController().signal),
      UpstreamError,
      "Ledger 2 is broken.",
    );
    assert(error.isFinal, "a restart would help");
    assert(String(error).includes("127.0.0.1:1"), String(error));
    assert(String(error).includes("ledger 2 on"), String(error));
  });
}

Deno.test("an upstream that fails inside is given up after ten tries", async () => {
  const clock = new FakeClock();
  const source = new ScriptedSource([[new FlightError("INTERNAL", "no idea")]]);
  const { upstream } = reader(source, 5, clock);
  const running = assertRejects(() => upstream.run(new AbortController().signal), UpstreamError);
  for (let i = 0; i < 9; i++) {
    await until(clock, () => clock.pending === 1);
    await clock.advance(5_000);
  }
  const error = await running;
  assertEquals([source.requests.length, error.isFinal], [10, false]);
});

Deno.test("a stop ends the wait at once", async () => {
  const stop = new AbortController();
  const source = new ScriptedSource([[lost()]]);
  const { upstream } = reader(source, 5);
  const running = upstream.run(stop.signal);
  await until(new FakeClock(), () => upstream.trouble !== undefined);
  stop.abort();
  await running;
  assertEquals(upstream.trouble, "UNAVAILABLE: gone");
});

Deno.test("a stop ends the reading at once although the upstream never says its schema", async () => {
  const stop = new AbortController();
  const asked = Promise.withResolvers<void>();
  const source = new ScriptedSource([[]]);
  source.getSchema = () => {
    asked.resolve();
    return new Promise<never>(() => {});
  };
  const { upstream } = reader(source, 5);
  const running = upstream.run(stop.signal);
  await asked.promise;
  stop.abort();
  await running;
  assertEquals(source.requests, []);
});

Deno.test("what was wrong with the upstream is said once, in plain words", () => {
  const cases = [
    [
      "Flight server 127.0.0.1:9: No connection established. Last error: Error: connect " +
      "ECONNREFUSED 127.0.0.1:9. Resolution note: ",
      "nothing listens there (connect ECONNREFUSED 127.0.0.1:9)",
    ],
    [
      "Flight server x:1: Name resolution failed for target dns:x:1. Resolution note: : 14 " +
      "UNAVAILABLE: Name resolution failed for target dns:x:1",
      "Name resolution failed for target dns:x:1",
    ],
    ["14 UNAVAILABLE: Connection dropped", "Connection dropped"],
    ["Ledger 2 is broken.", "Ledger 2 is broken."],
  ] as const;
  for (const [message, plain] of cases) assertEquals(plainReason(message), plain);
});
