import { assert, assertEquals, assertRejects } from "@std/assert";
import { ledgerSchema, ttpEventSchema, withNetwork } from "../../arrow/mod.ts";
import {
  type FlightBatch,
  FlightClient,
  type FlightDataset,
  FlightError,
  FlightServer,
  type RangeRequest,
} from "../../flight/mod.ts";
import {
  type ComponentContext,
  ConfigError,
  createLogger,
  isFinal,
  loadConfig,
  MetricsRegistry,
  parseDeclaration,
  realClock,
} from "../../flowctl/mod.ts";
import { AnalyticsSink } from "./analytics_sink.ts";
import declarationText from "./component.yaml" with { type: "text" };
import { IdentityError } from "./delta/mod.ts";
import { SAMPLE_NETWORK, sampleBatch } from "./testing/mod.ts";

const declaration = parseDeclaration(declarationText);

/** The sample events as a processor would serve them, ledgers 2 to `last`. */
class SampleDataset implements FlightDataset {
  readonly name = "ttp_event";
  readonly schema = withNetwork(ttpEventSchema, SAMPLE_NETWORK);
  constructor(private readonly last: number, private readonly batchLedgers = 3) {
    this.schema.metadata.set("events_mode", "reconstructed");
  }
  bounds() {
    return Promise.resolve({ first: 2, last: this.last });
  }
  async *read(request: RangeRequest, signal: AbortSignal): AsyncIterable<FlightBatch> {
    const end = Math.min(request.endLedger || Infinity, this.last);
    for (let at = request.startLedger ?? 2; at <= end; at += this.batchLedgers) {
      yield sampleBatch(at, Math.min(at + this.batchLedgers - 1, end));
    }
    if (!request.endLedger) {
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
    }
  }
}

/** Ledgers 2 to 5; ledger 3 has 8,000 events, which come in parts. */
class LargeLedgerDataset extends SampleDataset {
  static readonly EVENTS = 8_000;
  constructor() {
    super(5);
  }
  override async *read(): AsyncIterable<FlightBatch> {
    yield sampleBatch(2, 2);
    const size = 1_000;
    for (let from = 0; from < LargeLedgerDataset.EVENTS; from += size) {
      yield sampleBatch(3, 3, {
        from,
        events: () => size,
        ...(from + size < LargeLedgerDataset.EVENTS ? { partial: true as const } : {}),
      });
    }
    yield sampleBatch(4, 5);
  }
}

/** Nobody feeds the sink, whatever else runs on this machine: its processor is to be discovered. */
const WITHOUT_PROCESSOR = { ENABLE_FLOWCTL: "true", FLOWCTL_ENDPOINT: "127.0.0.1:9" };

function context(folder: string, env: Record<string, string>): ComponentContext {
  const values: Record<string, string> = {
    PORT: "0",
    HEALTH_PORT: "0",
    OUTPUT_PATH: `${folder}/out`,
    ...env,
  };
  return {
    declaration,
    config: loadConfig({ declaration, env: { get: (name) => values[name] } }),
    log: createLogger({
      component: "sink",
      level: "error",
      format: "text",
      clock: realClock,
      write: (line) => console.error(line),
    }),
    metrics: new MetricsRegistry(),
    signal: new AbortController().signal,
    clock: realClock,
  };
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function serve(dataset: FlightDataset): Promise<{ server: FlightServer; endpoint: string }> {
  const server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets: [dataset] });
  const { port } = await server.start();
  return { server, endpoint: `127.0.0.1:${port}` };
}

async function collect(client: FlightClient, request: RangeRequest): Promise<FlightBatch[]> {
  const batches: FlightBatch[] = [];
  for await (const batch of client.doGet(request)) batches.push(batch);
  return batches;
}

/** All values of a row that the sink stores, as text. */
function rowTexts(batches: FlightBatch[]): string[] {
  return batches.flatMap(({ batch }) =>
    [...batch].map((row) =>
      JSON.stringify(
        row.toJSON(),
        (_, value) =>
          typeof value === "bigint"
            ? String(value)
            : ArrayBuffer.isView(value)
            ? [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)].join()
            : value,
      )
    )
  );
}

for (const partitionBy of ["none", "asset_code", "hour"]) {
  Deno.test(`events go from a processor into tables partitioned by ${partitionBy} and are served again as they came`, async () => {
    await withFolder(async (folder) => {
      const { server, endpoint } = await serve(new SampleDataset(60));
      const sink = new AnalyticsSink(context(folder, {
        PROCESSOR_ENDPOINT: endpoint,
        END_LEDGER: "50",
        PARQUET_BATCH_SIZE: "20",
        PARTITION_BY: partitionBy,
        OUTPUT_FORMATS: "parquet,json,csv",
      }));
      const ready = await sink.start();
      await sink.finished;
      const { details, progress } = sink.health();
      assertEquals(details["cursor"], 50);
      const { lag_seconds, commit_age_seconds, ...counts } = progress!;
      assert(lag_seconds! > 0 && commit_age_seconds! >= 0);
      assertEquals(counts, {
        ledger: 50,
        tip: 50,
        ledgers_total: 49,
        events_total: 147,
        bytes_total: details["bytes_total"] as number,
        processed_total: 147,
      });
      assertEquals(details["ledgers_total"], 49);
      assertEquals(details["events_total"], 147);
      const byType = details["events_by_type"] as Record<string, number>;
      assertEquals(Object.values(byType).reduce((a, b) => a + b), 147);

      const client = new FlightClient(`127.0.0.1:${ready.ports["flight"]}`);
      const names = (await client.listFlights()).map((flight) => flight.dataset).sort();
      assertEquals(names, ["ledger", "ttp_event"]);
      const range = { dataset: "ttp_event", startLedger: 5, endLedger: 43 };
      assertEquals((await client.getFlightInfo(range)).totalRecords, 39 * 3);
      const stored = await collect(client, range);
      assertEquals(rowTexts(stored), rowTexts([sampleBatch(5, 43)]));
      const ledgers = stored.flatMap(({ metadata }) => metadata.ledgers!);
      assertEquals(ledgers, sampleBatch(5, 43).metadata.ledgers!);
      assertEquals(stored[0]!.metadata.first_ledger, 5);
      assertEquals(stored.at(-1)!.metadata.last_ledger, 43);
      const facts = await collect(client, { dataset: "ledger", startLedger: 5, endLedger: 43 });
      assertEquals(facts.reduce((sum, { batch }) => sum + batch.numRows, 0), 39);
      assertEquals(facts[0]!.batch.schema.fields.length, ledgerSchema.fields.length);
      const early = collect(client, { dataset: "ttp_event", startLedger: 1, endLedger: 3 });
      await assertRejects(() => early, FlightError, "the first one here is 2");
      client.close();
      await sink.stop();
      await server.stop();
    });
  });
}

Deno.test("a stopped sink has committed what came, and the next one goes on from there", async () => {
  await withFolder(async (folder) => {
    const { server, endpoint } = await serve(new SampleDataset(20));
    const env = { PROCESSOR_ENDPOINT: endpoint, START_LEDGER: "4", FLUSH_INTERVAL: "5ms" };
    const one = new AnalyticsSink(context(folder, env));
    const { ports } = await one.start();
    // A reader that follows the tip sees ledgers once they are committed.
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    let stored = 0;
    for await (const { batch, metadata } of client.doGet({ dataset: "ttp_event" })) {
      stored += batch.numRows;
      if (metadata.last_ledger === 20) break;
    }
    assertEquals(stored, 17 * 3);
    await one.stop();
    client.close();
    assertEquals(one.health().details["cursor"], 20);
    await server.stop();

    const more = await serve(new SampleDataset(30));
    const two = new AnalyticsSink(context(folder, {
      ...env,
      PROCESSOR_ENDPOINT: more.endpoint,
      END_LEDGER: "30",
    }));
    await two.start();
    await two.finished;
    assertEquals(two.health().details["ledgers_total"], 27);
    assertEquals(two.health().details["events_total"], 81);
    await two.stop();

    const three = new AnalyticsSink(context(folder, { ...env, END_LEDGER: "30" }));
    await three.start();
    await three.finished;
    await three.stop();
    await more.server.stop();
  });
});

Deno.test("a client writes by DoPut while no processor feeds the sink, from the cursor on", async () => {
  await withFolder(async (folder) => {
    const sink = new AnalyticsSink(context(folder, WITHOUT_PROCESSOR));
    const { ports } = await sink.start();
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    const put = async (...batches: FlightBatch[]) => {
      for (const { metadata } of batches) metadata["network_passphrase"] = SAMPLE_NETWORK;
      await client.doPut("ttp_event", ReadableStream.from(batches));
    };
    const unfit = sampleBatch(10, 12);
    unfit.metadata.ledgers!.pop();
    await assertRejects(() => put(unfit), FlightError, "none for ledger 12");
    assertEquals(sink.health().details["fed_by"], "processor");
    await put(sampleBatch(10, 12), sampleBatch(13, 13));
    assertEquals(sink.health().details["fed_by"], "clients");
    assertEquals(sink.health().details["cursor"], 13);
    await put(sampleBatch(14, 15));
    assertEquals(sink.health().details["events_total"], 18);
    await assertRejects(() => put(sampleBatch(20, 21)), FlightError, "next ledger to write is 16");
    const bad = sampleBatch(16, 17);
    bad.metadata.ledgers!.pop();
    await assertRejects(() => put(bad), FlightError, "none for ledger 17");
    await put(sampleBatch(16, 17));
    assertEquals(sink.health().details["cursor"], 17);
    client.close();
    await sink.stop();
  });
});

Deno.test("a sink that a processor feeds refuses DoPut", async () => {
  await withFolder(async (folder) => {
    const sink = new AnalyticsSink(context(folder, { PROCESSOR_ENDPOINT: "127.0.0.1:9" }));
    const { ports } = await sink.start();
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    const writing = client.doPut("ttp_event", ReadableStream.from([sampleBatch(2, 3)]));
    await assertRejects(() => writing, FlightError, "fed by a processor");
    client.close();
    await sink.stop();
  });
});

Deno.test("a processor of another network stops the sink with a sentence", async () => {
  await withFolder(async (folder) => {
    const { server, endpoint } = await serve(new SampleDataset(9));
    const env = { PROCESSOR_ENDPOINT: endpoint, END_LEDGER: "9" };
    const one = new AnalyticsSink(context(folder, env));
    await one.start();
    await one.finished;
    await one.stop();
    const other = new SampleDataset(20);
    other.schema.metadata.set("network_passphrase", "Other Network");
    const wrong = await serve(other);
    const two = new AnalyticsSink(context(folder, {
      PROCESSOR_ENDPOINT: wrong.endpoint,
      END_LEDGER: "20",
    }));
    await two.start();
    const error = await two.finished.then(() => undefined, (error) => error);
    assert(String(error).includes("Other Network"), String(error));
    await two.stop();
    assertEquals(two.health().details["cursor"], 9);
    await wrong.server.stop();
    await server.stop();
  });
});

/** Sample events of which a stream stops after ledger `until`, until its server is gone. */
class StallingDataset extends SampleDataset {
  constructor(private readonly until: number) {
    super(100, 1);
  }
  override async *read(request: RangeRequest, signal: AbortSignal): AsyncIterable<FlightBatch> {
    for await (const batch of super.read(request, signal)) {
      if (batch.metadata.last_ledger > this.until) {
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve(), { once: true });
          if (signal.aborted) resolve();
        });
        return;
      }
      yield batch;
    }
  }
}

Deno.test("a processor that is killed in the middle is followed by the next one, without a row lost or doubled", async () => {
  await withFolder(async (folder) => {
    const first = await serve(new StallingDataset(23));
    const second = await serve(new SampleDataset(100));
    const endpoints = [first.endpoint, second.endpoint];
    const sink = new AnalyticsSink(context(folder, {
      PROCESSOR_ENDPOINT: endpoints.join(","),
      END_LEDGER: "60",
      FLUSH_INTERVAL: "5ms",
    }));
    const { ports, upstream } = await sink.start();
    assertEquals(upstream, endpoints.join(", "));
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    const range = { dataset: "ttp_event", startLedger: 2, endLedger: 60 };
    const stored: FlightBatch[] = [];
    for await (const batch of client.doGet(range)) {
      stored.push(batch);
      if (batch.metadata.last_ledger === 23) void first.server.stop(0);
    }
    await sink.finished;
    assertEquals(rowTexts(stored), rowTexts([sampleBatch(2, 60)]));
    assertEquals(sink.health().progress?.ledgers_total, 59);
    client.close();
    await sink.stop();
    await second.server.stop();
  });
});

Deno.test("a next processor of another network stops the sink with a sentence that names it", async () => {
  await withFolder(async (folder) => {
    const first = await serve(new StallingDataset(5));
    const other = new SampleDataset(100);
    other.schema.metadata.set("network_passphrase", "Other Network");
    const second = await serve(other);
    const sink = new AnalyticsSink(context(folder, {
      PROCESSOR_ENDPOINT: `${first.endpoint},${second.endpoint}`,
      END_LEDGER: "60",
      FLUSH_INTERVAL: "5ms",
    }));
    const { ports } = await sink.start();
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    for await (const { metadata } of client.doGet({ dataset: "ttp_event" })) {
      if (metadata.last_ledger === 5) break;
    }
    await first.server.stop(0);
    const error = await sink.finished.then(() => undefined, (error) => error);
    assert(error instanceof IdentityError && isFinal(error), String(error));
    assert(error.message.includes(`The processor at ${second.endpoint}`), error.message);
    assert(error.message.includes("Other Network"), error.message);
    client.close();
    await sink.stop();
    assertEquals(sink.health().details["cursor"], 5);
    await second.server.stop();
  });
});

Deno.test("a processor whose filter has changed stops the sink with a sentence, and the sink serves on with the filter", async () => {
  const filters = '{"event_types":["transfer"]}';
  await withFolder(async (folder) => {
    const filtered = new SampleDataset(20);
    filtered.schema.metadata.set("event_filters", filters);
    const { server, endpoint } = await serve(filtered);
    const one = new AnalyticsSink(
      context(folder, { PROCESSOR_ENDPOINT: endpoint, END_LEDGER: "9" }),
    );
    const { ports } = await one.start();
    await one.finished;
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    const [served] = await collect(client, {
      dataset: "ttp_event",
      startLedger: 2,
      endLedger: 9,
    });
    assertEquals(served!.batch.schema.metadata.get("event_filters"), filters);
    client.close();
    await one.stop();

    const all = await serve(new SampleDataset(20));
    for (const upstream of [all.endpoint, endpoint]) {
      const two = new AnalyticsSink(
        context(folder, { PROCESSOR_ENDPOINT: upstream, END_LEDGER: "20" }),
      );
      await two.start();
      const error = await two.finished.then(() => undefined, (error) => error);
      await two.stop();
      const isRefused = upstream === all.endpoint;
      assertEquals([error instanceof IdentityError, isFinal(error)], [isRefused, isRefused]);
      assertEquals(two.health().details["cursor"], isRefused ? 9 : 20);
    }
    await all.server.stop();
    await server.stop();
  });
});

Deno.test("a client that writes says its filters in app_metadata, and must go on with the same", async () => {
  const filters = '{"event_types":["transfer"]}';
  await withFolder(async (folder) => {
    const sink = new AnalyticsSink(context(folder, WITHOUT_PROCESSOR));
    const { ports } = await sink.start();
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    const put = async (batch: FlightBatch, more: Record<string, string>) => {
      Object.assign(batch.metadata, { network_passphrase: SAMPLE_NETWORK, ...more });
      await client.doPut("ttp_event", ReadableStream.from([batch]));
    };
    await put(sampleBatch(2, 3), { event_filters: filters });
    const all = () => put(sampleBatch(4, 5), { event_filters: "{}" });
    await assertRejects(all, FlightError, "without a filter");
    await put(sampleBatch(4, 5), { event_filters: filters });
    // The client sends the server's own schema, which says the filters of the tables.
    await put(sampleBatch(6, 7), {});
    assertEquals(sink.health().details["cursor"], 7);
    client.close();
    await sink.stop();
  });
});

Deno.test("a sink whose upstream takes connections and never answers stops when it is told to", async () => {
  await withFolder(async (folder) => {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = silent.accept();
    const { port } = silent.addr as Deno.NetAddr;
    const sink = new AnalyticsSink(context(folder, { PROCESSOR_ENDPOINT: `127.0.0.1:${port}` }));
    await sink.start();
    using _connection = await accepted;
    await sink.stop();
    assertEquals(sink.health().details["cursor"], null);
  });
});

Deno.test("END_LEDGER before the first ledger of the tables is refused as configuration", async () => {
  await withFolder(async (folder) => {
    const { server, endpoint } = await serve(new SampleDataset(9));
    const env = { PROCESSOR_ENDPOINT: endpoint, START_LEDGER: "5" };
    const one = new AnalyticsSink(context(folder, { ...env, END_LEDGER: "9" }));
    await one.start();
    await one.finished;
    await one.stop();
    const two = new AnalyticsSink(context(folder, { ...env, START_LEDGER: "2", END_LEDGER: "4" }));
    const error = await assertRejects(() => two.start(), ConfigError, "END_LEDGER");
    assert(error.message.includes("must not be before 5"), error.message);
    await two.stop();
    await server.stop();
  });
});

Deno.test("a ledger that is larger than a message is served in parts, which are whole together", async () => {
  await withFolder(async (folder) => {
    const { server, endpoint } = await serve(new LargeLedgerDataset());
    const sink = new AnalyticsSink(context(folder, {
      PROCESSOR_ENDPOINT: endpoint,
      END_LEDGER: "5",
      MAX_MESSAGE_BYTES: "1MiB",
    }));
    const { ports } = await sink.start();
    await sink.finished;
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`, {
      maxMessageBytes: 1024 * 1024,
    });
    const batches = await collect(client, { dataset: "ttp_event", startLedger: 2, endLedger: 5 });
    assert(batches.length > 4, `${batches.length} batches`);
    const events = (ledger: number) => ledger === 3 ? LargeLedgerDataset.EVENTS : 3;
    assertEquals(rowTexts(batches), rowTexts([sampleBatch(2, 5, { events })]));
    assertEquals(
      batches.map(({ metadata: m }) => [m.first_ledger, m.last_ledger, m.partial ?? false]),
      batches.map((
        _,
        i,
      ) => [i === 0 ? 2 : 3, i < batches.length - 1 ? 3 : 5, i < batches.length - 1]),
    );
    assertEquals(
      batches.flatMap(({ metadata }) => metadata.ledgers!),
      sampleBatch(2, 5, { events }).metadata.ledgers!,
    );
    client.close();
    await sink.stop();
    await server.stop();
  });
});

/** Ledgers 2 to 9, of which the source lacks 4, 5, 8 and 9. */
class GappedDataset extends SampleDataset {
  constructor() {
    super(9);
  }
  override async *read(request: RangeRequest): AsyncIterable<FlightBatch> {
    const lacks = [4, 5, 8, 9];
    const first = request.startLedger!;
    const batch = sampleBatch(first, 9, { events: (ledger) => lacks.includes(ledger) ? 0 : 2 });
    batch.metadata.ledgers = batch.metadata.ledgers!.filter((row) => !lacks.includes(row.sequence));
    batch.metadata["missing"] = [[4, 5], [8, 9]];
    yield batch;
    await Promise.resolve();
  }
}

Deno.test("ledgers that the source lacks are covered without rows, and served to a second sink as missing", async () => {
  await withFolder(async (folder) => {
    const { server, endpoint } = await serve(new GappedDataset());
    const env = { START_LEDGER: "2", END_LEDGER: "9", PARQUET_BATCH_SIZE: "3" };
    const one = new AnalyticsSink(context(folder, { ...env, PROCESSOR_ENDPOINT: endpoint }));
    const { ports } = await one.start();
    await one.finished;
    const two = new AnalyticsSink(context(`${folder}/second`, {
      ...env,
      PROCESSOR_ENDPOINT: `127.0.0.1:${ports["flight"]}`,
    }));
    await two.start();
    await two.finished;
    for (const sink of [one, two]) {
      const { details } = sink.health();
      assertEquals(
        [details["cursor"], details["ledgers_total"], details["events_total"]],
        [9, 4, 8],
      );
      await sink.stop();
    }
    await server.stop();
  });
});
