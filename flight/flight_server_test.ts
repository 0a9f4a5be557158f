import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { schemaDifference } from "../arrow/mod.ts";
import { eventBatch, eventDataset, exactRows, ledgerBatch, ledgerDataset } from "./testing/mod.ts";
import { FIRST_LEDGER, LAST_LEDGER } from "./testing/mod.ts";
import { FlightClient } from "./flight_client.ts";
import type { FlightAction, FlightBatch, FlightDataset, RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import { FlightServer, type FlightServerOptions } from "./flight_server.ts";

/** A server of the made-up datasets and a client of it. */
async function connect(options: Partial<FlightServerOptions> = {}, token?: string) {
  const server = new FlightServer({
    bindAddress: "127.0.0.1",
    port: 0,
    datasets: [ledgerDataset, eventDataset],
    ...options,
  });
  const { port } = await server.start();
  const client = new FlightClient(`127.0.0.1:${port}`, token === undefined ? {} : { token });
  return {
    server,
    client,
    port,
    async [Symbol.asyncDispose]() {
      client.close();
      await server.stop(0);
    },
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function failure(promise: Promise<unknown>): Promise<FlightError> {
  return await assertRejects(() => promise, FlightError) as FlightError;
}

/** Resolves once the condition holds; polled, since the other side is another event loop turn. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Resolves when the condition has stayed true for a number of turns of the event loop. */
async function settled(value: () => number): Promise<number> {
  let last = value();
  for (let same = 0; same < 30; same++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (value() !== last) same = 0;
    last = value();
  }
  return last;
}

Deno.test("both datasets come through unchanged, empty batches and metadata included", async () => {
  await using t = await connect();
  const ledgers = await collect(t.client.doGet({ dataset: "stellar_ledger" }));
  assertEquals(
    ledgers.flatMap(({ batch }) => exactRows(batch)),
    exactRows(ledgerBatch(FIRST_LEDGER, LAST_LEDGER)),
  );
  const events = await collect(
    t.client.doGet({ dataset: "ttp_event", startLedger: 104, endLedger: 111 }),
  );
  assertEquals(
    events.map(({ metadata }) => metadata),
    [104, 105, 106, 107, 108, 109, 110, 111]
      .map((n) => ({ first_ledger: n, last_ledger: n, tip: LAST_LEDGER, rows: n % 5 })),
  );
  for (const { batch, metadata } of events) {
    assertEquals(exactRows(batch), exactRows(eventBatch(metadata.first_ledger)));
  }
  assertEquals(events[0]!.batch.schema.metadata, eventDataset.schema.metadata);
  const { batchesSent, bytesSent } = t.server.stats();
  assertEquals([batchesSent, bytesSent > 10_000], [ledgers.length + events.length, true]);
});

Deno.test("bodies arrive aligned, so that columns are read in place", async () => {
  await using t = await connect();
  for await (const { batch } of t.client.doGet({ dataset: "stellar_ledger" })) {
    const sums = batch.getChild("total_coins")!.data[0]!.values as BigInt64Array;
    const pools = batch.getChild("fee_pool")!.data[0]!.values as BigInt64Array;
    assert(sums.buffer === pools.buffer, "columns are views of one message");
    assert(sums.buffer.byteLength > batch.data.byteLength, "the message has its header too");
  }
});

Deno.test("datasets are listed and described with bounds, totals and endpoints", async () => {
  await using t = await connect();
  const [ledgers, events] = await t.client.listFlights();
  assertEquals([ledgers!.dataset, ledgers!.firstLedger, ledgers!.lastLedger], [
    "stellar_ledger",
    FIRST_LEDGER,
    LAST_LEDGER,
  ]);
  assertEquals([ledgers!.totalRecords, events!.totalRecords], [20, -1]);
  assertEquals(schemaDifference(eventDataset.schema, events!.schema), undefined);
  const schema = await t.client.getSchema("stellar_ledger");
  assertEquals(schemaDifference(ledgerDataset.schema, schema), undefined);
  const request = { dataset: "stellar_ledger", startLedger: 101, endLedger: 110 };
  const info = await t.client.getFlightInfo(request);
  assertEquals([info.dataset, info.totalRecords, info.ordered], ["stellar_ledger", 10, true]);
  assertEquals(info.endpoints, [
    { dataset: "stellar_ledger", startLedger: 101, endLedger: 105 },
    { dataset: "stellar_ledger", startLedger: 106, endLedger: 110 },
  ]);
  const parts = await Promise.all(info.endpoints.map((r) => collect(t.client.doGet(r))));
  const rows = parts.flat().flatMap(({ batch }) => exactRows(batch));
  assertEquals(rows, exactRows(ledgerBatch(101, 110)));
});

Deno.test("each kind of failure reaches the client with its code and sentence", async () => {
  const failing: FlightDataset = {
    ...eventDataset,
    name: "failing",
    // deno-lint-ignore require-yield -- it fails first.
    async *read() {
      await Promise.resolve();
      throw new FlightError("DATA_LOSS", "Ledger 7 does not decode: “ü”.");
    },
  };
  const broken: FlightDataset = {
    ...eventDataset,
    name: "broken",
    bounds: () => Promise.reject(new Error("secret /path")),
    // deno-lint-ignore require-yield -- it fails first.
    async *read() {
      await Promise.resolve();
      throw new Error("secret /path");
    },
  };
  const errors: [unknown, string][] = [];
  const onError = (error: unknown, where: string) => errors.push([error, where]);
  await using t = await connect({ datasets: [eventDataset, failing, broken], onError });
  const get = (request: RangeRequest) => failure(collect(t.client.doGet(request)));
  const missing = await get({ dataset: "nothing" });
  assertEquals([missing.code, missing.message], [
    "NOT_FOUND",
    'No dataset "nothing" here: there are ttp_event, failing, broken.',
  ]);
  assertEquals((await get({ dataset: "ttp_event", startLedger: 3 })).code, "OUT_OF_RANGE");
  assertEquals(
    (await get({ dataset: "ttp_event", startLedger: 9, endLedger: 8 })).code,
    "INVALID_ARGUMENT",
  );
  const loss = await get({ dataset: "failing" });
  assertEquals([loss.code, loss.message], ["DATA_LOSS", "Ledger 7 does not decode: “ü”."]);
  const internal = await get({ dataset: "broken" });
  assertEquals(internal.code, "INTERNAL");
  assert(!internal.message.includes("secret"), "the client is not told of the server's inside");
  assertEquals((await failure(t.client.getSchema("nothing"))).code, "NOT_FOUND");
  const early = { dataset: "ttp_event", startLedger: 3, endLedger: 4 };
  assertEquals((await failure(t.client.getFlightInfo(early))).code, "OUT_OF_RANGE");
  assertEquals((await failure(t.client.getFlightInfo({ dataset: "broken" }))).code, "INTERNAL");
  assertEquals(errors.map(([, where]) => where), ["DoGet", "GetFlightInfo"]);
  // A dataset whose bounds cannot be told now is listed all the same.
  assertEquals((await t.client.listFlights()).map((f) => f.dataset), [
    "ttp_event",
    "failing",
    "broken",
  ]);
});

Deno.test("an error in the middle of a stream comes after the batches before it", async () => {
  const dataset: FlightDataset = {
    ...eventDataset,
    async *read(request, signal) {
      yield* eventDataset.read({ ...request, endLedger: 102 }, signal);
      throw new FlightError("UNAVAILABLE", "The upstream is gone.");
    },
  };
  await using t = await connect({ datasets: [dataset] });
  const seen: number[] = [];
  const error = await failure((async () => {
    for await (const { metadata } of t.client.doGet({ dataset: "ttp_event" })) {
      seen.push(metadata.last_ledger);
    }
  })());
  assertEquals([seen, error.code], [[100, 101, 102], "UNAVAILABLE"]);
  assertStringIncludes(error.message, "The upstream is gone.");
});

/** A dataset that never ends: `made` counts its batches of about 1 MiB. */
function endless(): FlightDataset & { made: number; ended: boolean } {
  const batch = ledgerBatch(1, 1, 1 << 20);
  return {
    ...ledgerDataset,
    made: 0,
    ended: false,
    async *read(_request, signal): AsyncGenerator<FlightBatch> {
      try {
        while (!signal.aborted) {
          this.made++;
          yield { batch, metadata: { first_ledger: this.made, last_ledger: this.made, tip: 9 } };
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
      } finally {
        this.ended = true;
      }
    },
  };
}

Deno.test("a reader that stops holds the server's memory and dataset, and goes on where it was", async () => {
  const dataset = endless();
  const limit = 4 << 20;
  await using t = await connect({
    datasets: [dataset],
    maxInflightBytesPerStream: limit,
    // Nobody else waits, so it may stay stalled for as long as it likes.
    stalledStreamMs: 1,
  });
  const stream = t.client.doGet({ dataset: "stellar_ledger" })[Symbol.asyncIterator]();
  assertEquals((await stream.next()).value!.metadata.first_ledger, 1);
  const made = await settled(() => dataset.made);
  // What may be on the way: the server's bytes in flight, HTTP/2's window (8 MiB), what sockets
  // hold (up to 6 MiB each side on Linux), and a batch at either end.
  assert(made < 40, `a stopped reader must hold the dataset up: ${made} batches were made`);
  const { inflightBytes, streams } = t.server.stats();
  assert(inflightBytes > 0 && inflightBytes <= limit, `${inflightBytes} bytes in flight`);
  assertEquals(streams, 1);
  for (let n = 2; n <= made + 20; n++) {
    assertEquals((await stream.next()).value!.metadata.first_ledger, n);
  }
  await stream.return!(undefined);
  await until(() => t.server.stats().streams === 0);
  assertEquals([dataset.ended, t.server.stats().inflightBytes], [true, 0]);
});

Deno.test("many stopped readers stay within the limit of the whole server, and one that reads goes on", async () => {
  const dataset = endless();
  const limit = 8 << 20;
  await using t = await connect({
    datasets: [dataset],
    maxInflightBytesPerStream: limit,
    maxInflightBytes: limit,
  });
  const stopped = Array.from({ length: 4 }, () => t.client.doGet({ dataset: "stellar_ledger" }));
  const clients = [new FlightClient(t.client.endpoint), new FlightClient(t.client.endpoint)];
  for (const stream of stopped) await stream.next();
  await settled(() => dataset.made);
  assert(t.server.stats().inflightBytes <= limit, `${t.server.stats().inflightBytes} in flight`);
  const reader = clients[0]!.doGet({ dataset: "stellar_ledger" });
  for (let i = 0; i < 50; i++) {
    await reader.next();
    assert(t.server.stats().inflightBytes <= limit);
  }
  for (const stream of [...stopped, reader]) await stream.return();
  for (const client of clients) client.close();
  await until(() => t.server.stats().streams === 0);
  assertEquals(t.server.stats().inflightBytes, 0);
});

Deno.test("a stalled reader gives way to one that has nothing in flight, and can ask again", async () => {
  const dataset = endless();
  // Less than a message, so that one message is in flight at a time.
  await using t = await connect({
    datasets: [dataset],
    maxInflightBytes: 1 << 20,
    stalledStreamMs: 50,
  });
  const stalled = t.client.doGet({ dataset: "stellar_ledger" });
  await stalled.next();
  await settled(() => dataset.made);
  await using other = new FlightClient(t.client.endpoint);
  const reader = other.doGet({ dataset: "stellar_ledger" });
  for (let i = 0; i < 3; i++) assertEquals((await reader.next()).done, false);
  await reader.return();
  const error = await failure(collect(stalled));
  assertEquals(error.code, "UNAVAILABLE");
  assertStringIncludes(error.message, "Ask again from the ledger after the last one received.");
  await until(() => t.server.stats().streams === 0);
  assertEquals(t.server.stats().inflightBytes, 0);
  const again = t.client.doGet({ dataset: "stellar_ledger" });
  for (let i = 0; i < 20; i++) assertEquals((await again.next()).done, false);
  await again.return();
});

Deno.test("more DoGet streams than a server serves are refused until one ends", async () => {
  const dataset: FlightDataset = {
    ...eventDataset,
    async *read(_request, signal): AsyncGenerator<FlightBatch> {
      yield { batch: eventBatch(1), metadata: { first_ledger: 1, last_ledger: 1, tip: 1 } };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  };
  await using t = await connect({ datasets: [dataset], maxDoGetStreams: 2, stalledStreamMs: 1 });
  const streams = [1, 2].map(() => t.client.doGet({ dataset: "ttp_event" }));
  for (const stream of streams) await stream.next();
  // All that was sent has been taken: readers that wait for the tip are not stalled.
  await until(() => t.server.stats().inflightBytes === 0);
  const error = await failure(collect(t.client.doGet({ dataset: "ttp_event" })));
  assertEquals(error.code, "RESOURCE_EXHAUSTED");
  assertStringIncludes(error.message, "2 streams at once");
  assertEquals((await t.client.getSchema("ttp_event")).fields.length, 26);
  await streams[0]!.return();
  await until(() => t.server.stats().streams === 1);
  const next = t.client.doGet({ dataset: "ttp_event" });
  assertEquals((await next.next()).done, false);
  for (const stream of [...streams, next]) await stream.return();
});

Deno.test("a new reader takes the place of one that has stalled", async () => {
  const dataset = endless();
  await using t = await connect({ datasets: [dataset], maxDoGetStreams: 1, stalledStreamMs: 0 });
  const stalled = t.client.doGet({ dataset: "stellar_ledger" });
  await stalled.next();
  await settled(() => dataset.made);
  await using other = new FlightClient(t.client.endpoint);
  const reader = other.doGet({ dataset: "stellar_ledger" });
  assertEquals((await reader.next()).done, false);
  assertEquals((await failure(collect(stalled))).code, "UNAVAILABLE");
  await reader.return();
});

Deno.test("an action is told when its time is over, and when its client leaves", async () => {
  const reasons: FlightError[] = [];
  const slow: FlightAction = {
    type: "slow",
    description: "Never answers.",
    run: (_body, signal) =>
      new Promise(() => signal.addEventListener("abort", () => reasons.push(signal.reason))),
  };
  {
    await using t = await connect({ actions: [slow], actionTimeoutMs: 1 });
    const error = await failure(t.client.doAction("slow"));
    assertEquals(error.code, "DEADLINE_EXCEEDED");
    assertStringIncludes(error.message, 'Action "slow" took longer than 1 ms.');
  }
  await using t = await connect({ actions: [slow] });
  const leaving = new AbortController();
  const call = failure(t.client.doAction("slow", undefined, leaving.signal));
  await until(() => t.server.stats().streams === 1);
  leaving.abort();
  assertEquals((await call).code, "CANCELLED");
  await until(() => reasons.length === 2);
  assertEquals(reasons.map(({ code }) => code), ["DEADLINE_EXCEEDED", "CANCELLED"]);
});

Deno.test("an action that does not end is ended when the server stops", async () => {
  const reasons: FlightError[] = [];
  const slow: FlightAction = {
    type: "slow",
    description: "Never answers.",
    run: (_body, signal) =>
      new Promise(() => signal.addEventListener("abort", () => reasons.push(signal.reason))),
  };
  await using t = await connect({ actions: [slow] });
  const call = failure(t.client.doAction("slow"));
  await until(() => t.server.stats().streams === 1);
  await t.server.stop(0);
  await call;
  assertEquals(reasons.map(({ code }) => code), ["UNAVAILABLE"]);
});

Deno.test("leaving the loop or aborting the signal ends the dataset's read", async () => {
  const dataset = endless();
  await using t = await connect({ datasets: [dataset] });
  for await (const _ of t.client.doGet({ dataset: "stellar_ledger" })) break;
  await until(() => dataset.ended);
  dataset.ended = false;
  const controller = new AbortController();
  const error = await failure((async () => {
    for await (const _ of t.client.doGet({ dataset: "stellar_ledger" }, controller.signal)) {
      controller.abort();
    }
  })());
  assertEquals(error.code, "CANCELLED");
  await until(() => dataset.ended && t.server.stats().streams === 0);
  const before = AbortSignal.abort();
  assertEquals(
    (await failure(collect(t.client.doGet({ dataset: "stellar_ledger" }, before)))).code,
    "CANCELLED",
  );
});

Deno.test("a dataset that heeds no signal is left behind when the client goes", async () => {
  const dataset: FlightDataset = {
    ...eventDataset,
    async *read(): AsyncGenerator<FlightBatch> {
      yield { batch: eventBatch(1), metadata: { first_ledger: 1, last_ledger: 1, tip: 1 } };
      await new Promise(() => {});
    },
  };
  await using t = await connect({ datasets: [dataset] });
  for await (const _ of t.client.doGet({ dataset: "ttp_event" })) break;
  await until(() => t.server.stats().streams === 0);
});

Deno.test("a batch larger than a message may be is RESOURCE_EXHAUSTED on either side", async () => {
  const dataset = endless();
  await using small = await connect({ datasets: [dataset], maxMessageBytes: 1 << 20 });
  const error = await failure(collect(small.client.doGet({ dataset: "stellar_ledger" })));
  assertEquals(error.code, "RESOURCE_EXHAUSTED");
  assertStringIncludes(error.message, "A batch of 1 rows takes 10");
  await using t = await connect({ datasets: [dataset] });
  await using client = new FlightClient(t.client.endpoint, { maxMessageBytes: 1 << 20 });
  const refused = await failure(collect(client.doGet({ dataset: "stellar_ledger" })));
  assertEquals(refused.code, "RESOURCE_EXHAUSTED");
});

Deno.test("what a client writes reaches the dataset, and its failure comes back", async () => {
  const kept: FlightBatch[] = [];
  const dataset: FlightDataset = {
    ...eventDataset,
    async put(batches) {
      for await (const received of batches) kept.push(received);
      if (kept.length > 3) {
        throw new FlightError("FAILED_PRECONDITION", "Ledger 3 is there already.");
      }
    },
  };
  await using t = await connect({ datasets: [dataset, ledgerDataset] });
  await t.client.doPut(
    "ttp_event",
    eventDataset.read({ dataset: "", endLedger: 102 }, AbortSignal.any([])),
  );
  assertEquals(kept.map(({ metadata }) => metadata.first_ledger), [100, 101, 102]);
  assertEquals(
    kept.map(({ batch }) => exactRows(batch)),
    [100, 101, 102].map((n) => exactRows(eventBatch(n))),
  );
  const again = eventDataset.read({ dataset: "", endLedger: 102 }, AbortSignal.any([]));
  const error = await failure(t.client.doPut("ttp_event", again));
  assertEquals([error.code, error.message], ["FAILED_PRECONDITION", "Ledger 3 is there already."]);
  const none = async function* () {};
  assertEquals((await failure(t.client.doPut("stellar_ledger", none()))).code, "UNIMPLEMENTED");
  const foreign = ledgerDataset.read({ dataset: "" }, AbortSignal.any([]));
  assert((await failure(t.client.doPut("ttp_event", foreign))).message.length > 0);
});

Deno.test("actions are listed and run with JSON both ways", async () => {
  const echo = {
    type: "echo",
    description: "Gives back what it is given.",
    run: (body: Uint8Array) =>
      Promise.resolve(body.length ? JSON.parse(new TextDecoder().decode(body)) : undefined),
  };
  await using t = await connect({ actions: [echo] });
  assertEquals(await t.client.listActions(), [{ type: "echo", description: echo.description }]);
  assertEquals(await t.client.doAction("echo", { a: [1, "ü"] }), [{ a: [1, "ü"] }]);
  assertEquals(await t.client.doAction("echo"), []);
  const error = await failure(t.client.doAction("other"));
  assertEquals([error.code, error.message], [
    "UNIMPLEMENTED",
    'No action "other" here: there are echo.',
  ]);
});

Deno.test("with a token, calls without it are UNAUTHENTICATED, and health stays open", async () => {
  await using t = await connect({ token: "s3cret" }, "s3cret");
  assertEquals((await t.client.listFlights()).length, 2);
  assertEquals((await collect(t.client.doGet({ dataset: "ttp_event" }))).length, 20);
  for (const token of [undefined, "s3cre", "s3cret2", "S3cret"]) {
    await using client = new FlightClient(t.client.endpoint, token === undefined ? {} : { token });
    for (
      const call of [
        () => client.listFlights(),
        () => client.getSchema("ttp_event"),
        () => collect(client.doGet({ dataset: "ttp_event" })),
        () => client.doAction("x"),
        () => client.doPut("ttp_event", eventDataset.read({ dataset: "" }, AbortSignal.any([]))),
      ]
    ) {
      const error = await failure(call());
      assertEquals(error.code, "UNAUTHENTICATED");
      assert(!error.message.includes("s3cre"), "no token in an error");
    }
    assertEquals(await client.healthy(), true);
  }
  for (const token of ["", " ", "a b", "a\n", "ü"]) {
    assertThrows(() => new FlightClient(t.client.endpoint, { token }), FlightError, "token");
  }
});

Deno.test("health tells whether the server serves, and is false where nobody listens", async () => {
  const t = await connect();
  assertEquals(await t.client.healthy(), true);
  t.server.setServing(false);
  assertEquals(await t.client.healthy(), false);
  t.server.setServing(true);
  assertEquals(await t.client.healthy(), true);
  await t.server.stop();
  assertEquals(await t.client.healthy(), false);
  t.client.close();
});

Deno.test("a stopping server lets a bounded stream finish and ends one that follows the tip", async () => {
  const gate = Promise.withResolvers<void>();
  const dataset: FlightDataset = {
    ...eventDataset,
    async *read(request, signal) {
      yield* eventDataset.read({ ...request, endLedger: 101 }, signal);
      if (!request.endLedger) await new Promise(() => {});
      await gate.promise;
      yield* eventDataset.read({ ...request, startLedger: 102, endLedger: 104 }, signal);
    },
  };
  const t = await connect({ datasets: [dataset] });
  const bounded = t.client.doGet({ dataset: "ttp_event", endLedger: 104 });
  const following = t.client.doGet({ dataset: "ttp_event" });
  await bounded.next();
  await following.next();
  const rest = collect(bounded);
  const stopped = t.server.stop(60_000);
  const error = await failure(collect(following));
  assertEquals(error.code, "UNAVAILABLE");
  assertStringIncludes(error.message, "stopping");
  gate.resolve();
  assertEquals((await rest).map(({ metadata }) => metadata.first_ledger), [
    101,
    102,
    103,
    104,
  ]);
  await stopped;
  t.client.close();
});

Deno.test("a stream still running after the grace ends as UNAVAILABLE", async () => {
  const dataset = endless();
  const t = await connect({ datasets: [dataset] });
  const stream = t.client.doGet({ dataset: "stellar_ledger", endLedger: 9 });
  await stream.next();
  await t.server.stop(0);
  assertEquals((await failure(collect(stream))).code, "UNAVAILABLE");
  assertEquals((await failure(t.client.listFlights())).code, "UNAVAILABLE");
  t.client.close();
});

Deno.test("a client connects again when its server comes back on the same port", async () => {
  const first = await connect();
  await first.client.listFlights();
  await first.server.stop(0);
  assertEquals((await failure(first.client.listFlights())).code, "UNAVAILABLE");
  const second = await connect({ port: first.port });
  let flights = 0;
  while (flights === 0) flights = await first.client.listFlights().then((f) => f.length, () => 0);
  assertEquals(flights, 2);
  first.client.close();
  await second[Symbol.asyncDispose]();
});

Deno.test("a port that is taken is an error that names address and port", async () => {
  await using t = await connect();
  const other = new FlightServer({ bindAddress: "127.0.0.1", port: t.port, datasets: [] });
  const error = await failure(other.start());
  assertEquals(error.code, "FAILED_PRECONDITION");
  assertStringIncludes(error.message, `Port ${t.port} on 127.0.0.1 is taken.`);
  await other.stop();
});

Deno.test("where nobody listens, a call is UNAVAILABLE and names the endpoint", async () => {
  await using client = new FlightClient("127.0.0.1:1", { connectTimeoutMs: 2000 });
  for (const call of [client.listFlights(), collect(client.doGet({ dataset: "a" }))]) {
    const error = await failure(call);
    assertEquals(error.code, "UNAVAILABLE");
    assertStringIncludes(error.message, "127.0.0.1:1");
  }
});

Deno.test("a peer that accepts and never speaks is UNAVAILABLE after the connect timeout", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  await using client = new FlightClient(`127.0.0.1:${listener.addr.port}`, {
    connectTimeoutMs: 200,
  });
  const error = await failure(collect(client.doGet({ dataset: "a" })));
  assertEquals([error.code, error.message.includes("no connection within 200 ms")], [
    "UNAVAILABLE",
    true,
  ]);
  (await accepted).close();
});
