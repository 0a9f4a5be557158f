import { assert, assertEquals } from "@std/assert";
import { FlightClient } from "../../flight/mod.ts";
import { FLOWCTL_METRICS, MetricsRegistry } from "../../flowctl/mod.ts";
import { Scrape } from "../../flowctl/component/testing/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { processorContext } from "./_processor_context.ts";
import { serveSource, type TestLedger, TestSource } from "./_test_source.ts";
import { LedgerProcessor } from "./ledger_processor.ts";
import { addProcessorMetrics, PROCESSOR_METRICS } from "./processor_metrics.ts";
import { ProcessorStats } from "./processor_stats.ts";
import { EVENT_TYPE_NAMES } from "./token_transfer/mod.ts";
import { TtpArrowProcessor } from "./ttp_arrow_processor.ts";

const NAME = "ttp_arrow_processor";
const [FIRST, LAST] = [2, 9];
const simulator = new LedgerSimulator({ seed: "metrics", transactionsPerLedger: 6 });
const ledgers: TestLedger[] = Array.from({ length: LAST - FIRST + 1 }, () => {
  const bytes = simulator.next();
  return { sequence: simulator.sequence, bytes };
});

/** The events of some ledgers by type, without a processor around them. */
function knownEvents(of: readonly TestLedger[]): Record<string, number> {
  const processor = new LedgerProcessor({ networkPassphrase: SIMULATED_PASSPHRASE });
  for (const { bytes } of of) processor.add(bytes);
  processor.flush();
  const counts: Record<string, number> = Object.fromEntries(
    EVENT_TYPE_NAMES.map((name) => [`{event_type="${name}"}`, 0]),
  );
  for (const { batch } of processor.take()) {
    for (const type of batch.getChild("event_type")!) counts[`{event_type="${type}"}`]!++;
  }
  return counts;
}

async function running() {
  const source = new TestSource(ledgers, SIMULATED_PASSPHRASE);
  const { server, endpoint } = await serveSource(source);
  const context = processorContext({ SOURCE_ENDPOINT: endpoint, PROCESSOR_THREADS: "1" });
  const processor = new TtpArrowProcessor(context);
  const { ports } = await processor.start();
  const client = new FlightClient(`127.0.0.1:${ports.flight}`);
  return {
    client,
    metrics: context.metrics,
    async [Symbol.asyncDispose]() {
      client.close();
      await processor.stop();
      await server.stop(0);
    },
  };
}

Deno.test("known ledgers through a real processor: every metric has the value that is known", async () => {
  await using it = await running();
  const [start, end] = [FIRST, LAST - 2];
  const range = { dataset: "ttp_event", startLedger: start, endLedger: end };
  const batches = await Array.fromAsync(it.client.doGet(range));
  const known = knownEvents(ledgers.filter(({ sequence }) => sequence <= end));
  const rows = Object.values(known).reduce((sum, count) => sum + count, 0);
  assert(rows > 0);
  const scrape = await Scrape.of(it.metrics);
  assertEquals(scrape.seriesOf(`${NAME}_events_total`), known);
  const told = Object.values(PROCESSOR_METRICS).filter((each) => !("labels" in each))
    .map(({ name }) => [name.slice(NAME.length + 1), scrape.value(name)] as const)
    .filter(([name]) => !["lag_seconds", "sent_bytes_total"].includes(name));
  assertEquals(Object.fromEntries(told), {
    ledgers_total: end - start + 1,
    rows_sent_total: rows,
    batches_total: batches.length,
    decode_errors_total: 0,
    verified_ledgers_total: 0,
    balance_mismatches_total: 0,
    failed_streams_total: 0,
    upstream_retries_total: 0,
    active_clients: 0,
    dropped_clients_total: 0,
    last_ledger: end,
    tip_ledger: LAST,
    lag_ledgers: 2,
    waiting_jobs: 0,
    queue_fill_ratio: 0,
    inflight_bytes: 0,
    flight_streams: 0,
  });
  assert(scrape.value(`${NAME}_sent_bytes_total`)! > rows * 100);
  const closed = Date.parse(batches.at(-1)!.metadata.ledgers!.at(-1)!.closed_at);
  const lag = scrape.value(`${NAME}_lag_seconds`)!;
  assert(Math.abs(lag - (Date.now() - closed) / 1000) < 60, `${lag}`);
});

Deno.test("a processor shows what is declared and nothing else", async () => {
  await using it = await running();
  const declared = Object.values(PROCESSOR_METRICS).map(({ name }) => name as string);
  const { names } = await Scrape.of(it.metrics);
  assertEquals(names.toSorted(), [...declared, FLOWCTL_METRICS.pipelineLatency.name].toSorted());
});

Deno.test("what is in hand and in flight is shown as part of what may be", async () => {
  const metrics = new MetricsRegistry();
  const stats = {
    streams: 3,
    inflightBytes: 700,
    inflightLedgers: 3,
    bytesSent: 0,
    batchesSent: 0,
    stalledStreams: 2,
  };
  addProcessorMetrics(metrics, {
    stats: new ProcessorStats(),
    threads: { waiting: 5 },
    server: { stats: () => stats, readers: () => [] },
    clock: { now: () => 0 },
    inHand: { used: 10, limit: 100, ledgers: 3, maxLedgers: 4 },
  });
  const scrape = await Scrape.of(metrics);
  const names = ["inflight_bytes", "flight_streams", "dropped_clients_total", "waiting_jobs"];
  assertEquals(names.map((name) => scrape.value(`${NAME}_${name}`)), [700, 3, 2, 5]);
  assertEquals(scrape.value(`${NAME}_queue_fill_ratio`), 0.75);
  assertEquals(scrape.seriesOf(`${NAME}_last_ledger`), {});
});
