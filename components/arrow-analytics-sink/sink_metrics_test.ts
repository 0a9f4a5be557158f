import { assert, assertEquals } from "@std/assert";
import { ttpEventSchema, withNetwork } from "../../arrow/mod.ts";
import {
  type FlightBatch,
  FlightClient,
  type FlightDataset,
  FlightServer,
  type RangeRequest,
} from "../../flight/mod.ts";
import { Scrape } from "../../flowctl/component/testing/mod.ts";
import {
  type ComponentContext,
  createLogger,
  FLOWCTL_METRICS,
  loadConfig,
  MetricsRegistry,
  parseDeclaration,
  realClock,
} from "../../flowctl/mod.ts";
import { AnalyticsSink } from "./analytics_sink.ts";
import declarationText from "./component.yaml" with { type: "text" };
import { SINK_METRICS } from "./sink_metrics.ts";
import { SAMPLE_NETWORK, sampleBatch } from "./testing/mod.ts";

const NAME = "arrow_analytics_sink";
const declaration = parseDeclaration(declarationText);

/** Sample ledgers from 2 on, three events each, five a batch, as a processor would send them. */
class SampleDataset implements FlightDataset {
  readonly name = "ttp_event";
  readonly schema = withNetwork(ttpEventSchema, SAMPLE_NETWORK);
  readonly sent: FlightBatch[] = [];
  constructor(private readonly last: number) {
    this.schema.metadata.set("events_mode", "reconstructed");
  }
  bounds() {
    return Promise.resolve({ first: 2, last: this.last });
  }
  async *read({ startLedger = 2 }: RangeRequest): AsyncIterable<FlightBatch> {
    for (let at = startLedger; at <= this.last; at += 5) {
      const batch = sampleBatch(at, Math.min(at + 4, this.last));
      batch.metadata.read_at_ms = Date.now() - 3_000;
      this.sent.push(batch);
      yield batch;
    }
  }
}

function context(env: Record<string, string>): ComponentContext {
  const values: Record<string, string> = { PORT: "0", HEALTH_PORT: "0", ...env };
  return {
    declaration,
    config: loadConfig({ declaration, env: { get: (name) => values[name] } }),
    log: createLogger({
      component: "sink",
      level: "error",
      format: "text",
      clock: realClock,
      write: () => {},
    }),
    metrics: new MetricsRegistry(),
    signal: new AbortController().signal,
    clock: realClock,
  };
}

/** Lets a real sink store ledgers 2 to 21, and reads its metrics before it stops. */
async function stored(folder: string): Promise<{ scrape: Scrape; sent: readonly FlightBatch[] }> {
  const dataset = new SampleDataset(21);
  const server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets: [dataset] });
  const { port } = await server.start();
  const own = context({
    OUTPUT_PATH: folder,
    OUTPUT_FORMATS: "parquet,csv",
    PROCESSOR_ENDPOINT: `127.0.0.1:${port}`,
    END_LEDGER: "21",
    PARQUET_BATCH_SIZE: "1000",
  });
  const sink = new AnalyticsSink(own);
  const { ports } = await sink.start();
  await sink.finished;
  const client = new FlightClient(`127.0.0.1:${ports.flight}`);
  const request = { dataset: "ttp_event", startLedger: 2, endLedger: 21 };
  await Array.fromAsync(client.doGet(request));
  client.close();
  const scrape = await Scrape.of(own.metrics);
  await sink.stop();
  await server.stop(0);
  return { scrape, sent: dataset.sent };
}

Deno.test("known ledgers into a real sink: every metric has the value that is known", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { scrape, sent } = await stored(folder);
    const rows = sent.reduce((sum, { batch }) => sum + batch.numRows, 0);
    const types: Record<string, number> = {};
    for (const { batch } of sent) {
      for (const type of batch.getChild("event_type")!) {
        types[`{event_type="${type}"}`] = (types[`{event_type="${type}"}`] ?? 0) + 1;
      }
    }
    assertEquals([sent.length, rows], [4, 60]);
    const told = Object.values(SINK_METRICS)
      .filter((each) => !("labels" in each) && each.type !== "histogram")
      .map(({ name }) => [name.slice(NAME.length + 1), scrape.value(name)] as const)
      .filter(([name]) => !/seconds|bytes|flight_streams|commits|stored_files/.test(name));
    assertEquals(Object.fromEntries(told), {
      ledgers_total: 20,
      batches_total: 4,
      decode_errors_total: 0,
      cursor_ledger: 21,
      tip_ledger: 21,
      lag_ledgers: 0,
      stored_ledgers: 20,
      upstream_losses_total: 0,
      upstream_retries_total: 0,
      queue_fill_ratio: 0,
      queue_ledgers: 0,
      active_clients: 0,
      dropped_clients_total: 0,
    });
    assertEquals(scrape.seriesOf(`${NAME}_events_total`), types);
    assertEquals(scrape.seriesOf(`${NAME}_stored_events`), types);
    const written = (format: string, table: string) =>
      scrape.value(
        `${NAME}_rows_written_total{format="${format}",table="${table}",kind="new"}`,
      );
    assertEquals(
      [written("parquet", "ttp_event"), written("parquet", "ledger"), written("csv", "ledger")],
      [60, 20, 20],
    );
    const files = Object.values(scrape.seriesOf(`${NAME}_files_written_total`));
    assertEquals(files.reduce((sum, count) => sum + count, 0), await dataFiles(folder));
    assertEquals(scrape.value(`${NAME}_stored_files`), 4);
    // Each of the four batches was read three seconds before it came.
    const latency = `${NAME}_end_to_end_latency_seconds`;
    assertEquals(scrape.value(`${latency}_count`), 4);
    const sum = scrape.value(`${latency}_sum`)!;
    assert(sum >= 12 && sum < 12 + 4 * 60, `${sum}`);
    assertEquals(
      scrape.value('flowctl_pipeline_latency_seconds_count{pipeline="default"}'),
      4,
    );
    assert(scrape.value(`${NAME}_last_commit_age_seconds`)! < 60);
    const closed = Date.parse(sent.at(-1)!.metadata.ledgers!.at(-1)!.closed_at);
    const lag = scrape.value(`${NAME}_lag_seconds`)!;
    assert(Math.abs(lag - (Date.now() - closed) / 1000) < 60, `${lag}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a sink shows what is declared and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { scrape } = await stored(folder);
    const declared = Object.values(SINK_METRICS).map(({ name }) => name as string);
    assertEquals(
      scrape.names.toSorted(),
      [...declared, FLOWCTL_METRICS.pipelineLatency.name].toSorted(),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Data files below a folder, logs left out. */
async function dataFiles(folder: string): Promise<number> {
  let count = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) count += name.startsWith("_") ? 0 : await dataFiles(`${folder}/${name}`);
    else if (/\.(parquet|csv)$/.test(name)) count++;
  }
  return count;
}
