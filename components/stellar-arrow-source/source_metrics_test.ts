import { assert, assertEquals } from "@std/assert";
import { FLOWCTL_METRICS, MetricsRegistry } from "../../flowctl/mod.ts";
import { Scrape } from "../../flowctl/component/testing/mod.ts";
import { RunningSource } from "./_running_source.ts";
import { TestLake } from "./_test_lake.ts";
import { addSourceMetrics, SOURCE_METRICS } from "./source_metrics.ts";
import { SourceStats } from "./source_stats.ts";

const NAME = "stellar_arrow_source";

Deno.test("known ledgers through a real source: every metric has the value that is known", async () => {
  await using test = await TestLake.create(2, 20);
  await using running = await RunningSource.start({
    STORAGE_PATH: test.dir,
    BATCH_SIZE: "4",
    COMPRESSION: "none",
  });
  const before = await Scrape.of(running.context.metrics);
  for (const name of ["last_ledger_sent", "lag_ledgers", "lag_seconds"]) {
    assertEquals(before.seriesOf(`${NAME}_${name}`), {}, name);
  }
  const batches = await running.read(3, 12);
  const bytes = batches.reduce(
    (sum, { batch }) => sum + batch.data.children.reduce((all, each) => all + each.byteLength, 0),
    0,
  );
  const scrape = await Scrape.of(running.context.metrics);
  const value = (name: string) => scrape.value(`${NAME}_${name}`);
  assertEquals(
    Object.fromEntries(
      Object.values(SOURCE_METRICS).map(({ name }) => [
        name.slice(NAME.length + 1),
        /lag_seconds|sent_bytes/.test(name) ? 0 : scrape.value(name),
      ]),
    ),
    {
      ledgers_total: 10,
      batches_total: 3,
      sent_bytes_total: 0,
      decode_errors_total: 0,
      bad_ledgers_total: 0,
      failed_streams_total: 0,
      lake_retries_total: 0,
      active_clients: 0,
      dropped_clients_total: 0,
      last_ledger_sent: 12,
      tip_ledger: 20,
      lag_ledgers: 8,
      lag_seconds: 0,
      queue_fill_ratio: 0,
      inflight_bytes: 0,
      flight_streams: 0,
    },
  );
  // Buffers are padded to 8 bytes on their way.
  const xdrBytes = [...test.ledgers].filter(([ledger]) => ledger >= 3 && ledger <= 12)
    .reduce((sum, [, { length }]) => sum + length, 0);
  assert(value("sent_bytes_total")! > xdrBytes && value("sent_bytes_total")! <= bytes);
  const closed = Number(
    batches.at(-1)!.batch.getChild("closed_at")!.data[0]!.values.at(-1) / 1000n,
  );
  assert(Math.abs(value("lag_seconds")! - (Date.now() - closed) / 1000) < 60);
  const latency = scrape.seriesOf(`${FLOWCTL_METRICS.pipelineLatency.name}_count`);
  assertEquals(latency, { '{pipeline="default"}': 3 });
});

Deno.test("a source shows what is declared and nothing else", async () => {
  await using test = await TestLake.create(2, 3);
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  const declared = Object.values(SOURCE_METRICS).map(({ name }) => name as string);
  const { names } = await Scrape.of(running.context.metrics);
  assertEquals(names.toSorted(), [...declared, FLOWCTL_METRICS.pipelineLatency.name].toSorted());
});

Deno.test("a stream that ends at a ledger that does not decode counts as a decode error", async () => {
  await using test = await TestLake.create(2, 6);
  await Deno.writeFile(test.path(4), new Uint8Array([1, 2, 3]));
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  await running.read(2, 6).catch(() => {});
  const scrape = await Scrape.of(running.context.metrics);
  assertEquals(scrape.value(`${NAME}_decode_errors_total`), 1);
  assertEquals(scrape.value(`${NAME}_failed_streams_total`), 1);
});

Deno.test("what is in flight, who reads and who was dropped is what the Flight server tells", async () => {
  const metrics = new MetricsRegistry();
  const stats = {
    streams: 3,
    inflightBytes: 700,
    inflightLedgers: 3,
    bytesSent: 0,
    batchesSent: 0,
    stalledStreams: 2,
  };
  const reader = { consumer: "a", heldBytes: 1, limitBytes: 2, takenAgoMs: 3 };
  addSourceMetrics(metrics, {
    stats: new SourceStats(),
    lake: { knownBounds: undefined },
    quarantine: { total: 5 },
    server: { stats: () => stats, readers: () => [reader, reader] },
    clock: { now: () => 0 },
    limits: { ledgers: 4, bytes: 1000 },
  });
  const scrape = await Scrape.of(metrics);
  const value = (name: string) => scrape.value(`${NAME}_${name}`);
  assertEquals(
    ["inflight_bytes", "flight_streams", "active_clients", "dropped_clients_total"].map(value),
    [700, 3, 2, 2],
  );
  assertEquals([value("queue_fill_ratio"), value("bad_ledgers_total")], [0.75, 5]);
  assertEquals([value("decode_errors_total"), value("tip_ledger")], [5, undefined]);
});
