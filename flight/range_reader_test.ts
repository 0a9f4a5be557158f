import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import { ASK_AGAIN_MS, RangeReader, type RangeReaderOptions } from "./range_reader.ts";
import { HEDGE_MS, SILENCE_MS } from "./range_stream.ts";
import { batchBytes } from "./reorder_buffer.ts";
import { HELD_UP_MS } from "./sub_range_fetch.ts";
import {
  exactRows,
  FakeRangeClients,
  FakeServer,
  ledgerBatch,
  ManualClock,
} from "./testing/mod.ts";

const dataset = "stellar_ledger";
const LAST = 1000;
const ALL: RangeRequest = { dataset, startLedger: 2, endLedger: LAST };
const [A, B, C] = ["a:1", "b:2", "c:3"] as const;

/** A reader over made-up servers. */
function over(endpoints: readonly string[], options: Partial<RangeReaderOptions> = {}) {
  const clock = new ManualClock();
  const servers = endpoints.map((endpoint) => new FakeServer(endpoint));
  const clients = new FakeRangeClients(servers, clock);
  const moves: string[] = [];
  const reader = new RangeReader({
    clients,
    parallel: 4,
    bufferBytes: 1_000_000,
    clock,
    onMove: (left, taken) => void moves.push(`${left}>${taken}`),
    ...options,
  });
  return { clock, servers, clients, moves, reader };
}

/** Reads a range to its end while time goes by as fast as it can. */
function readAll(
  { reader, clock }: { reader: RangeReader; clock: ManualClock },
  request: RangeRequest = ALL,
): Promise<FlightBatch[]> {
  return clock.until(Array.fromAsync(reader.doGet(request)));
}

/** That batches cover a range in order, each ledger once. */
function assertCovers(batches: readonly FlightBatch[], first: number, last: number): void {
  let next = first;
  for (const { metadata } of batches) {
    assertEquals(metadata.first_ledger, next);
    next = metadata.last_ledger + 1;
  }
  assertEquals(next, last + 1);
}

/** Holds up until it is opened. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: promise, open: () => resolve() };
}

const lost = () => new FlightError("UNAVAILABLE", "gone");
const ever = new Promise<void>(() => {});

Deno.test("a history is read over several streams and given in order, each row once", async () => {
  const it = over([A, B]);
  const batches = await readAll(it);
  assertCovers(batches, 2, LAST);
  assertEquals(
    batches.flatMap(({ batch }) => exactRows(batch)),
    exactRows(ledgerBatch(2, LAST)),
  );
  assertEquals([it.clients.most, it.clients.leased, it.reader.bufferedBytes], [4, 0, 0]);
  for (const server of it.servers) assert(server.asked.length > 1, `${server.endpoint} unused`);
});

Deno.test("nothing runs on after a range: no stream, no connection, no timer", async () => {
  const it = over([A, B]);
  await readAll(it);
  assertEquals([it.clock.pending, it.servers[0]!.open, it.servers[1]!.open], [0, 0, 0]);
});

Deno.test("a short range, and any with one stream at once, is asked for as it is", async () => {
  const it = over([A]);
  assertCovers(await readAll(it, { dataset, startLedger: 300, endLedger: 500 }), 300, 500);
  const single = over([A], { parallel: 1 });
  assertCovers(await readAll(single), 2, LAST);
  assertEquals([it.servers[0]!.asked, it.servers[0]!.calls], [[[300, 500]], 0]);
  assertEquals([single.servers[0]!.asked, single.servers[0]!.calls], [[[2, LAST]], 0]);
});

Deno.test("the head is given as it comes while the others wait for room, and the bound is held", async () => {
  const it = over([A], { bufferBytes: 40_000 });
  const [server] = it.servers as [FakeServer];
  const size = batchBytes({
    batch: ledgerBatch(2, 5),
    metadata: { first_ledger: 2, last_ledger: 5, tip: LAST },
  });
  const reading = it.reader.doGet(ALL);
  let most = 0;
  for (let n = 0; n < 10; n++) {
    await it.clock.until(reading.next());
    await it.clock.advance(0);
    most = Math.max(most, it.reader.bufferedBytes);
  }
  assert(most > 40_000 - 2 * size && most <= 40_000, `${most} bytes of 40000, ${size} a batch`);
  assert(server.open > 1, "nothing is read ahead");
  const rest = await it.clock.until(Array.fromAsync(reading));
  assertEquals(rest.at(-1)?.metadata.last_ledger, LAST);
  assertEquals(it.reader.bufferedBytes, 0);
});

Deno.test("a buffer that is full of what comes later does not hold up the head", async () => {
  const it = over([A, B], { bufferBytes: 30_000 });
  const slow = gate();
  // Whoever reads the first sub-range is held up until the others have filled the buffer.
  for (const server of it.servers) server.before = (first) => first < 64 ? slow.wait : undefined;
  const reading = readAll(it);
  while (it.reader.bufferedBytes < 20_000) await it.clock.advance(0);
  await it.clock.advance(10);
  slow.open();
  assertCovers(await reading, 2, LAST);
});

Deno.test("a batch larger than the whole buffer comes all the same", async () => {
  const it = over([A, B], { bufferBytes: 1000 });
  assertCovers(await readAll(it), 2, LAST);
});

Deno.test("a stream that has long had no room gives its place back, and goes on later", async () => {
  const it = over([A], { bufferBytes: 40_000 });
  const [server] = it.servers as [FakeServer];
  const reading = it.reader.doGet(ALL);
  await it.clock.until(reading.next());
  await it.clock.advance(0);
  assert(server.open > 1, "nothing is read ahead");
  await it.clock.advance(HELD_UP_MS);
  assertEquals([server.open, it.clients.leased, it.clients.failed], [1, 1, []]);
  assertCovers(
    [{ metadata: { first_ledger: 2, last_ledger: 5 } } as FlightBatch].concat(
      await it.clock.until(Array.fromAsync(reading)),
    ),
    2,
    LAST,
  );
});

Deno.test("a server that fails in the middle of a sub-range costs no row and doubles none", async () => {
  const it = over([A, B]);
  let failures = 0;
  it.servers[0]!.before = (first) => {
    if (first > 100 && failures++ < 3) throw lost();
  };
  assertCovers(await readAll(it), 2, LAST);
  assert(it.clients.failed.length > 0, "nothing has failed");
  assertEquals(new Set(it.clients.failed), new Set([A]));
  assertEquals(it.moves[0], `${A}>${B}`);
});

Deno.test("a server that is down is passed over by every kind of call, and told of once", async () => {
  const it = over([A, B]);
  it.servers[0]!.beforeCall = it.servers[0]!.before = () => {
    throw lost();
  };
  assertEquals((await it.clock.until(it.reader.getSchema(dataset))).fields.length, 19);
  assertEquals((await it.clock.until(it.reader.getFlightInfo(ALL))).lastLedger, LAST);
  assertCovers(await readAll(it), 2, LAST);
  assertEquals([it.moves, it.reader.endpoint, it.reader.endpoints], [
    [`${A}>${B}`],
    B,
    `${A}, ${B}`,
  ]);
});

Deno.test("when all servers are down a call fails once each has been tried", async () => {
  const it = over([A, B, C]);
  for (const server of it.servers) {
    server.before = () => {
      throw lost();
    };
  }
  const short = { dataset, startLedger: 2, endLedger: 9 };
  await assertRejects(() => readAll(it, short), FlightError, "gone");
  assertEquals(it.servers.map(({ asked }) => asked.length), [1, 1, 1]);
});

for (const code of ["INVALID_ARGUMENT", "OUT_OF_RANGE", "DATA_LOSS"] as const) {
  Deno.test(`what ends with ${code} is asked of no other server, and comes after the ledgers before it`, async () => {
    const it = over([A, B]);
    for (const server of it.servers) {
      server.before = (first) => {
        if (first >= 300) throw new FlightError(code, `no ledger ${first}`);
      };
    }
    const got: FlightBatch[] = [];
    const read = async () => {
      for await (const flightBatch of it.reader.doGet(ALL)) got.push(flightBatch);
    };
    const error = await it.clock.until(assertRejects(read, FlightError)) as FlightError;
    assertEquals([error.code, it.moves, it.clients.failed], [code, [], []]);
    const last = got.at(-1)!.metadata.last_ledger;
    const met = it.servers.find(({ asked }) =>
      asked.some(([at, end]) => at <= last + 1 && last < end!)
    );
    assertEquals(it.reader.endpoint, met!.endpoint);
    assert(got.at(-1)!.metadata.last_ledger >= 296, "ledgers before it are missing");
    assertCovers(got, 2, got.at(-1)!.metadata.last_ledger);
    const again = it.servers.flatMap(({ asked }) => asked).filter(([first]) => first >= 300);
    assertEquals(again.length, new Set(again.map(String)).size, "it was asked twice");
  });
}

Deno.test("a server with too many streams is read over fewer, and does not count as failed", async () => {
  const it = over([A, B]);
  it.servers[0]!.maxStreams = 1;
  it.servers[1]!.maxStreams = 1;
  assertCovers(await readAll(it), 2, LAST);
  assertEquals([it.clients.failed, it.moves], [[], []]);
});

Deno.test("a range that no server has room for fails as RESOURCE_EXHAUSTED", async () => {
  const it = over([A, B]);
  for (const server of it.servers) server.maxStreams = 0;
  const error = await assertRejects(() => readAll(it), FlightError) as FlightError;
  assertEquals([error.code, it.clients.failed], ["RESOURCE_EXHAUSTED", []]);
});

Deno.test("a head that is slow beside others is asked of another server, and the first to give wins", async () => {
  const it = over([A, B], { bufferBytes: 100_000 });
  const [a, b] = it.servers as [FakeServer, FakeServer];
  a.before = () => ever;
  b.before = () => new Promise((resolve) => void it.clock.setTimeout(resolve, 5));
  const since = it.clock.monotonic();
  assertCovers(await readAll(it), 2, LAST);
  const took = it.clock.monotonic() - since;
  // 250 batches of 5 ms one after the other, and the patience with A a few times.
  assert(took < 1250 + 4 * HEDGE_MS, `${took} ms`);
  assertEquals([a.open, it.clients.leased, it.moves[0]], [0, 0, `${A}>${B}`]);
});

Deno.test("a server that gives a little now and then is passed too", async () => {
  const it = over([A, B], { bufferBytes: 100_000 });
  const [a, b] = it.servers as [FakeServer, FakeServer];
  const after = (ms: number) => () =>
    new Promise<void>((resolve) => void it.clock.setTimeout(resolve, ms));
  a.before = after(400);
  b.before = after(5);
  assertCovers(await readAll(it), 2, LAST);
  const took = it.clock.monotonic();
  assert(took < 8_000, `${took} ms: at A's pace it takes 100 s, half of it 50 s`);
});

Deno.test("servers that are all slow are left in peace", async () => {
  const it = over([A, B]);
  for (const server of it.servers) {
    server.before = () => new Promise((resolve) => void it.clock.setTimeout(resolve, 300));
  }
  assertCovers(await readAll(it), 2, LAST);
  const asked = it.servers.flatMap((server) => server.asked).map(String);
  assertEquals(asked.length, new Set(asked).size, "a sub-range was asked twice");
  assertEquals(it.moves, []);
});

Deno.test("a silent server is given up for another that has the ledger which is waited for", async () => {
  const it = over([A, B], { parallel: 1 });
  const [a, b] = it.servers as [FakeServer, FakeServer];
  a.last = b.last = 9;
  const reading = it.reader.doGet({ dataset, startLedger: 2 });
  for (const last of [5, 9]) {
    assertEquals((await it.clock.until(reading.next())).value?.metadata.last_ledger, last);
  }
  const next = reading.next();
  await it.clock.advance(10 * SILENCE_MS);
  assertEquals(b.asked, [], "at the tip silence is the rule");
  b.last = 11;
  const { value } = await it.clock.until(next);
  assertEquals([value?.metadata.first_ledger, value?.metadata.last_ledger], [10, 11]);
  assertEquals([b.asked, it.moves], [[[10, undefined]], [`${A}>${B}`]]);
  await reading.return();
});

Deno.test("a request that follows the tip reads the history at once and then goes on as one stream", async () => {
  const it = over([A, B]);
  const abort = new AbortController();
  const reading = it.reader.doGet({ dataset, startLedger: 2 }, abort.signal);
  const got: FlightBatch[] = [];
  for (let next = 2; next <= LAST;) {
    const { value } = await it.clock.until(reading.next());
    got.push(value!);
    next = value!.metadata.last_ledger + 1;
  }
  assertCovers(got, 2, LAST);
  assertEquals(it.clients.most, 4);
  const following = reading.next();
  await it.clock.advance(SILENCE_MS);
  assertEquals(it.clients.leased, 1);
  assertEquals(it.servers[0]!.asked.at(-1), [LAST + 1, undefined]);
  for (const server of it.servers) server.grow(LAST + 3);
  assertEquals((await following).value?.metadata.last_ledger, LAST + 3);
  const ended = assertRejects(() => reading.next(), FlightError, "cancelled");
  abort.abort();
  await it.clock.until(ended);
});

Deno.test("a history that has grown meanwhile is split again before the tip is followed", async () => {
  const it = over([A, B]);
  const reading = it.reader.doGet({ dataset, startLedger: 2 });
  let last = 0;
  while (last < 1900) {
    const { value } = await it.clock.until(reading.next());
    assertEquals(value!.metadata.first_ledger, (last || 1) + 1);
    last = value!.metadata.last_ledger;
    if (last > 900) { for (const server of it.servers) server.last = 1900; }
  }
  const longest = it.servers.flatMap(({ asked }) => asked)
    .filter(([first]) => first > LAST).map(([first, end]) => end! - first);
  assert(longest.length > 3, "what has come since was read as one");
  await reading.return();
});

Deno.test("what the lake lacks or has in quarantine is told in the metadata as it came", async () => {
  const it = over([A, B]);
  for (const server of it.servers) {
    server.metadata = (first) => first % 5 === 0 ? { missing: [[first, first]] } : {};
  }
  const batches = await readAll(it);
  for (const { metadata } of batches) {
    const { first_ledger: first } = metadata;
    assertEquals(metadata["missing"], first % 5 === 0 ? [[first, first]] : undefined);
  }
});

Deno.test("a stream that breaks off within a ledger fails, and who asks again is served by the next server", async () => {
  const it = over([A, B], { parallel: 1 });
  const [a, b] = it.servers as [FakeServer, FakeServer];
  for (const server of [a, b]) {
    server.batchLedgers = 1;
    server.parts = () => 3;
  }
  let isGiven = false;
  a.metadata = (first) => {
    if (first === 4 && isGiven) throw lost();
    isGiven = first === 4;
    return {};
  };
  const short = { dataset, startLedger: 2, endLedger: 9 };
  const got: FlightBatch[] = [];
  await it.clock.until(assertRejects(
    async () => {
      for await (const flightBatch of it.reader.doGet(short)) got.push(flightBatch);
    },
    FlightError,
    "gone",
  ));
  assertEquals(got.map(({ metadata }) => metadata.last_ledger), [2, 2, 2, 3, 3, 3, 4]);
  const rest = await readAll(it, { ...short, startLedger: 4 });
  assertEquals([rest.length, b.asked], [18, [[4, 9]]]);
});

Deno.test("parts of a ledger that nobody has been given yet are read again", async () => {
  const it = over([A, B]);
  const inParts = (ledger: number) => ledger % 50 === 0 ? 3 : 1;
  let failures = 0;
  let isReadAhead = true;
  for (const server of it.servers) {
    server.batchLedgers = 1;
    server.parts = inParts;
    let parts = 0;
    server.metadata = (first) => {
      if (!isReadAhead || first % 50 !== 0 || ++parts % 3 !== 2) return {};
      failures++;
      throw lost();
    };
  }
  const reading = it.reader.doGet(ALL);
  const { value } = await it.clock.until(reading.next());
  await it.clock.advance(10);
  assert(failures > 0, "nothing has broken off within a ledger");
  isReadAhead = false;
  const batches = [value!, ...await it.clock.until(Array.fromAsync(reading))];
  assertEquals(
    batches.map(({ metadata }) => metadata.last_ledger),
    Array.from({ length: LAST - 1 }, (_, i) => i + 2)
      .flatMap((ledger) => Array.from({ length: inParts(ledger) }, () => ledger)),
  );
});

Deno.test("a stream that gave its place back within a ledger and takes long to end doubles no row", async () => {
  for (let parts = 20; parts < 23; parts++) {
    const part = { first_ledger: 66, last_ledger: 66, tip: LAST };
    const size = batchBytes({ batch: ledgerBatch(66, 66), metadata: part });
    // Of three parts a ledger the room takes one more each time.
    const it = over([A], { bufferBytes: parts * size, parallel: 2 });
    const [server] = it.servers as [FakeServer];
    server.batchLedgers = 1;
    server.parts = (ledger) => ledger < 66 ? 1 : 3;
    const ending = gate();
    const reading = it.reader.doGet({ ...ALL, endLedger: 300 });
    const sequences: number[] = [];
    const take = async () => {
      const { value } = await it.clock.until(reading.next());
      if (value) sequences.push(...Array.from(value.batch.getChild("sequence")!, Number));
      return value !== undefined;
    };
    await take();
    await it.clock.advance(0);
    server.closing = () => ending.wait;
    await it.clock.advance(HELD_UP_MS);
    while (it.reader.bufferedBytes > 0) await take();
    ending.open();
    await it.clock.advance(0);
    while (await take());
    const due = (ledger: number) => ledger < 66 ? [ledger] : [ledger, ledger, ledger];
    assertEquals(sequences, Array.from({ length: 299 }, (_, i) => i + 2).flatMap(due));
    assertEquals([it.clients.leased, it.reader.bufferedBytes], [0, 0]);
  }
});

Deno.test("each stream's schema is checked, and a server that is refused is asked last from then on", async () => {
  const it = over([A, B]);
  const short = { dataset, startLedger: 2, endLedger: 9 };
  const check = (_schema: unknown, endpoint: string) => {
    if (endpoint === A) throw new RangeError("another network");
  };
  const refused = () => Array.fromAsync(it.reader.doGet(short, undefined, check));
  await it.clock.until(assertRejects(refused, RangeError, "another network"));
  assertEquals(it.clients.failed, []);
  assertCovers(await it.clock.until(refused()), 2, 9);
  assertEquals(it.servers[1]!.asked, [[2, 9]]);
});

Deno.test("a signal ends a range at once, also while it is being asked how long it is", async () => {
  for (const isAsked of [true, false]) {
    const it = over([A, B]);
    const [a, b] = it.servers as [FakeServer, FakeServer];
    if (isAsked) a.beforeCall = b.beforeCall = () => ever;
    else a.before = b.before = () => ever;
    const abort = new AbortController();
    const reading = Array.fromAsync(it.reader.doGet(ALL, abort.signal));
    await it.clock.advance(100);
    abort.abort();
    const error = await it.clock.until(assertRejects(() => reading, FlightError)) as FlightError;
    assertEquals([error.code, it.moves, it.clients.failed], ["CANCELLED", [], []]);
    assertEquals([a.open, b.open], [0, 0]);
    if (!isAsked) assertEquals(it.clients.leased, 0);
  }
});

Deno.test("whoever stops reading ends all streams of the range", async () => {
  const it = over([A, B]);
  for await (const _ of it.reader.doGet(ALL)) break;
  await it.clock.advance(0);
  assertEquals([it.servers[0]!.open, it.servers[1]!.open, it.clients.leased], [0, 0, 0]);
  assertEquals([it.reader.bufferedBytes, it.clock.pending], [0, 0]);
});

Deno.test("a call that is not answered is asked of another server too, and the first answer counts", async () => {
  const it = over([A, B]);
  it.servers[0]!.beforeCall = () => ever;
  const asked = it.reader.getSchema(dataset);
  await it.clock.advance(ASK_AGAIN_MS - 1);
  assertEquals(it.servers[1]!.calls, 0);
  await it.clock.advance(1);
  assertEquals((await asked).fields.length, 19);
});

Deno.test("a range that begins has a place at once, though others read ahead over all of them", async () => {
  const it = over([A, B], { parallel: 3 });
  it.clients.max = 3;
  const first = it.reader.doGet(ALL);
  await it.clock.until(first.next());
  await it.clock.advance(0);
  assertEquals(it.clients.leased, 3);
  const short = { dataset, startLedger: 2, endLedger: 9 };
  assertCovers(await readAll(it, short), 2, 9);
  assertEquals((await it.clock.until(Array.fromAsync(first))).at(-1)?.metadata.last_ledger, LAST);
});

Deno.test("a stream that ends before its last ledger ends the range when no other server goes on", async () => {
  const it = over([A]);
  const [server] = it.servers as [FakeServer];
  const client = server.client();
  server.client = () => ({
    ...client,
    async *doGet(request, signal) {
      for await (const flightBatch of client.doGet(request, signal)) {
        if (flightBatch.metadata.first_ledger > 300) return;
        yield flightBatch;
      }
    },
  });
  const batches = await readAll(it);
  assertCovers(batches, 2, batches.at(-1)!.metadata.last_ledger);
  assert(batches.at(-1)!.metadata.last_ledger < 400, "a hole was passed over");
});

Deno.test("a reader without a stream, or with less than no room, is a mistake", () => {
  assertThrows(() => over([A], { parallel: 0 }), RangeError, "parallel");
  assertThrows(() => over([A], { bufferBytes: -1 }), RangeError, "bufferBytes");
});

Deno.test("the load of the reader is told to the servers that are read from, and to no other", async () => {
  const { reader, servers: [a, b], clients, clock } = over([A, B], { parallel: 1 });
  clients.isSharing = true;
  const never = new AbortController().signal;
  const body = new TextEncoder().encode("half full");
  assertEquals(await reader.tellLoad(body, never), "taken", "nobody is read from");
  const reading = reader.doGet(ALL);
  await clock.until(reading.next());
  assertEquals(await reader.tellLoad(body, never), "taken");
  assertEquals([a!.actions, b!.actions, reader.servers], [["half full"], [], 1]);
  a!.knowsFlowSignals = false;
  assertEquals(await reader.tellLoad(body, never), "unsupported");
  a!.beforeCall = () => {
    throw new FlightError("UNAVAILABLE", "gone");
  };
  await assertRejects(() => reader.tellLoad(body, never), FlightError, "gone");
  await reading.return();
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  assertEquals(await reader.tellLoad(body, never), "taken", "nobody is read from any more");
});
