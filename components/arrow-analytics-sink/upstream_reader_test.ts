import { assert, assertEquals, assertRejects } from "@std/assert";
import { ttpEventSchema } from "../../arrow/mod.ts";
import {
  type CheckSchema,
  type FlightBatch,
  FlightError,
  type RangeRequest,
} from "../../flight/mod.ts";
import { FakeClock, type Logger } from "../../flowctl/mod.ts";
import { sampleBatch } from "./testing/mod.ts";
import {
  type EventSource,
  UpstreamError,
  UpstreamReader,
  type UpstreamReaderOptions,
} from "./upstream_reader.ts";

/** A log that keeps its messages with their fields. */
function recorded(lines: string[] = []): Logger {
  const add = (message: string, fields: unknown = {}) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Logger = {
    debug: add,
    info: add,
    warn: add,
    error: add,
    child: () => log,
    atLedger() {},
    addSecret() {},
    enabled: () => true,
  };
  return log;
}

/** A source whose streams are given one after the other; the last one serves for ever. */
class ScriptedSource implements EventSource {
  readonly requests: RangeRequest[] = [];
  readonly endpoint = "127.0.0.1:1";
  readonly endpoints = "127.0.0.1:1, 127.0.0.1:2";
  constructor(private readonly streams: (FlightBatch | Error)[][]) {}
  getSchema() {
    return Promise.resolve(ttpEventSchema);
  }
  async *doGet(request: RangeRequest, _signal?: AbortSignal, check?: CheckSchema) {
    this.requests.push(request);
    const stream = this.streams.length > 1 ? this.streams.shift()! : this.streams[0]!;
    for (const item of stream) {
      await Promise.resolve();
      if (item instanceof Error) throw item;
      check?.(item.batch.schema, this.endpoint);
      yield item;
    }
  }
}

function reader(
  source: EventSource,
  end: number,
  clock = new FakeClock(),
  random = () => 1,
  more: Partial<UpstreamReaderOptions> = {},
) {
  const got: number[] = [];
  let next = 2;
  const upstream = new UpstreamReader({
    source,
    clock,
    random,
    log: recorded(),
    next: () => next,
    endLedger: end,
    onSchema: () => {},
    onBatch: (batch) => {
      got.push(batch.metadata.last_ledger);
      next = batch.metadata.last_ledger + 1;
      return Promise.resolve();
    },
    settle: () => Promise.resolve(),
    onBroken: () => {},
    isDone: () => next > end,
    ...more,
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
    assertEquals(String(error).includes("AUTH_TOKEN_FILE"), code === "UNAUTHENTICATED");
  });
}

Deno.test("an upstream that fails inside is given up after ten tries", async () => {
  const clock = new FakeClock();
  const source = new ScriptedSource([[new FlightError("INTERNAL", "no idea")]]);
  const { upstream } = reader(source, 5, clock);
  const running = assertRejects(() => upstream.run(new AbortController().signal), UpstreamError);
  // Longer than all pauses between the tries.
  await clock.advance(60_000);
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

Deno.test("a lost upstream is told in the log once, and once more when it is there again", async () => {
  const lines: string[] = [];
  const clock = new FakeClock();
  const source = new ScriptedSource([[lost()], [lost()], [lost()], [sampleBatch(2, 9)]]);
  const { upstream } = reader(source, 9, clock, () => 1, { log: recorded(lines) });
  const running = upstream.run(new AbortController().signal);
  await until(clock, () => clock.pending === 1);
  assertEquals(upstream.trouble, "UNAVAILABLE: gone");
  await clock.advance(10_000);
  await running;
  assertEquals(lines.map((line) => line.replace(/ ?,?"reason".*/, "")), [
    `The processor does not answer; trying again {"endpoint":"127.0.0.1:1, 127.0.0.1:2"`,
    `The processor is there again {"endpoint":"127.0.0.1:1"}`,
  ]);
  assertEquals([upstream.trouble, upstream.reconnects], [undefined, 1]);
});

Deno.test("a stream that breaks off within a ledger goes on from that ledger's start", async () => {
  const broken: number[] = [];
  const clock = new FakeClock();
  const part = { partial: true as const, events: () => 1 };
  const source = new ScriptedSource([
    [sampleBatch(2, 3), sampleBatch(4, 4, part), lost()],
    [sampleBatch(4, 5), sampleBatch(6, 9)],
  ]);
  let next = 2;
  const { upstream } = reader(source, 9, clock, () => 0, {
    next: () => next,
    isDone: () => next > 9,
    onBroken: () => void broken.push(next),
    onBatch: ({ metadata }) => {
      if (metadata.partial !== true) next = metadata.last_ledger + 1;
      return Promise.resolve();
    },
  });
  const running = upstream.run(new AbortController().signal);
  await until(clock, () => next > 9);
  await running;
  assertEquals(broken, [4]);
  assertEquals(source.requests.map(({ startLedger }) => startLedger), [2, 4]);
});

Deno.test("the schema is checked before the stream and by the stream, with the name of who sends it", async () => {
  const source = new ScriptedSource([[sampleBatch(2, 3), sampleBatch(4, 9)]]);
  const checked: string[] = [];
  const { upstream, got } = reader(source, 9, new FakeClock(), () => 1, {
    onSchema: (_schema, endpoint) => {
      checked.push(endpoint);
      if (checked.length === 2) throw new RangeError(`${endpoint} is of another network`);
    },
  });
  const run = () => upstream.run(new AbortController().signal);
  await assertRejects(run, RangeError, "127.0.0.1:1 is of another network");
  assertEquals([got, checked], [[], ["127.0.0.1:1", "127.0.0.1:1"]]);
});
