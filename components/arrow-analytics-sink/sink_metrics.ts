import type { FlightServer } from "../../flight/mod.ts";
import {
  addDeclaredMetrics,
  type Clock,
  FLOWCTL_METRICS,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../../flowctl/mod.ts";
import type { CommitProgress } from "./commit_progress.ts";
import type { IngestQueue } from "./ingest_queue.ts";
import { type AnalyticsStore, EVENT_TYPES, WRITTEN_KINDS } from "./tables/mod.ts";
import type { UpstreamReader } from "./upstream_reader.ts";

/** Labels of what is written: each format has two tables. */
const WRITTEN_LABELS = {
  format: ["parquet", "json", "csv"],
  table: ["ttp_event", "ledger"],
  kind: WRITTEN_KINDS,
} as const;

/** The sink's own metrics. */
export const SINK_METRICS = {
  ledgers: {
    name: "arrow_analytics_sink_ledgers_total",
    type: "counter",
    unit: "ledgers",
    help: "Ledgers that this process committed to the first output.",
    worry: "It stands still while ledgers close, for longer than FLUSH_INTERVAL.",
  },
  events: {
    name: "arrow_analytics_sink_events_total",
    type: "counter",
    unit: "events",
    help: "Events that this process committed to the first output, by type.",
    worry: "A type that a network always has stands still while ledgers go on.",
    labels: { event_type: EVENT_TYPES },
  },
  batches: {
    name: "arrow_analytics_sink_batches_total",
    type: "counter",
    unit: "batches",
    help: "Record batches that came from the processor or a client and were taken in.",
    worry: "It stands still while ledgers close.",
  },
  receivedBytes: {
    name: "arrow_analytics_sink_received_bytes_total",
    type: "counter",
    unit: "bytes",
    help: "Bytes of the columns of these batches.",
    worry: "Its rate is at what the network between the machines gives.",
  },
  decodeErrors: {
    name: "arrow_analytics_sink_decode_errors_total",
    type: "counter",
    unit: "batches",
    help: "Batches that were refused: rows or ledgers that are damaged, or out of order.",
    worry: "It is above 0: the log says what was wrong.",
  },
  files: {
    name: "arrow_analytics_sink_files_written_total",
    type: "counter",
    unit: "files",
    help: "Data files that this process wrote: new rows, and merged ones that replace small files.",
    worry:
      "New ones come by the second at the tip: FLUSH_INTERVAL or PARQUET_BATCH_SIZE is too small.",
    labels: WRITTEN_LABELS,
  },
  rows: {
    name: "arrow_analytics_sink_rows_written_total",
    type: "counter",
    unit: "rows",
    help: "Rows of these files; each row is new once, and may be merged several times.",
    worry: "Merged rows grow several times as fast as new ones.",
    labels: WRITTEN_LABELS,
  },
  bytes: {
    name: "arrow_analytics_sink_written_bytes_total",
    type: "counter",
    unit: "bytes",
    help: "Bytes of these files.",
    worry: "Its rate is at what the disk gives.",
    labels: WRITTEN_LABELS,
  },
  commits: {
    name: "arrow_analytics_sink_commits_total",
    type: "counter",
    unit: "commits",
    help: "Times that this process committed.",
    worry: "It stands still while ledgers wait.",
  },
  commitAge: {
    name: "arrow_analytics_sink_last_commit_age_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time since this process committed last, or since it opened its tables.",
    worry: "It is above two minutes while ledgers wait.",
  },
  latency: {
    name: "arrow_analytics_sink_end_to_end_latency_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Time from when the source had read a batch of ledgers, which is when it could, until " +
      "every table had committed the last of them; each batch counts once.",
    worry: "The 99th percentile is above FLUSH_INTERVAL plus a few seconds at the tip.",
    buckets: FLOWCTL_METRICS.pipelineLatency.buckets,
  },
  cursor: {
    name: "arrow_analytics_sink_cursor_ledger",
    type: "gauge",
    unit: "ledger number",
    help: "Last ledger that every table has committed; no series before the first.",
    worry: "It stands still while the tip moves.",
  },
  tip: {
    name: "arrow_analytics_sink_tip_ledger",
    type: "gauge",
    unit: "ledger number",
    help: "Newest ledger that the upstream has told of; no series before the first batch.",
    worry: "It stands still for a minute.",
  },
  lagLedgers: {
    name: "arrow_analytics_sink_lag_ledgers",
    type: "gauge",
    unit: "ledgers",
    help: "Ledgers between the upstream's newest and the cursor.",
    worry: "It grows for five minutes.",
  },
  lagSeconds: {
    name: "arrow_analytics_sink_lag_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time since the last ledger that this process committed was closed, by its own word (a " +
      "simulated network's close times are no times of day).",
    worry: "It is above FLUSH_INTERVAL plus a minute at the tip of a live network.",
  },
  storedLedgers: {
    name: "arrow_analytics_sink_stored_ledgers",
    type: "gauge",
    unit: "ledgers",
    help: "Ledgers that are stored, by whatever process.",
    worry: "It goes down.",
  },
  storedEvents: {
    name: "arrow_analytics_sink_stored_events",
    type: "gauge",
    unit: "events",
    help: "Events that are stored, by type.",
    worry: "It goes down.",
    labels: { event_type: EVENT_TYPES },
  },
  storedFiles: {
    name: "arrow_analytics_sink_stored_files",
    type: "gauge",
    unit: "files",
    help: "Live data files of all outputs.",
    worry: "It grows by hundreds an hour at the tip: readers open each of them.",
  },
  storedBytes: {
    name: "arrow_analytics_sink_stored_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Bytes of the live data files of all outputs.",
    worry: "It comes near to what the disk has.",
  },
  upstreamLosses: {
    name: "arrow_analytics_sink_upstream_losses_total",
    type: "counter",
    unit: "losses",
    help: "Times that the upstream was lost.",
    worry: "It grows all the time.",
  },
  upstreamRetries: {
    name: "arrow_analytics_sink_upstream_retries_total",
    type: "counter",
    unit: "retries",
    help: "Times that an upstream was asked again after it had failed, or another one instead.",
    worry: "It grows for a minute.",
  },
  queueFill: {
    name: "arrow_analytics_sink_queue_fill_ratio",
    type: "gauge",
    unit: "1",
    help: "The larger of ledgers and bytes that wait for the disk, as part of what may wait.",
    worry: "It stays above 0.8 at the tip: the disk is too slow.",
  },
  queueLedgers: {
    name: "arrow_analytics_sink_queue_ledgers",
    type: "gauge",
    unit: "ledgers",
    help: "Ledgers that have come and wait for the disk.",
    worry: "It stays at MAX_INFLIGHT at the tip.",
  },
  activeClients: {
    name: "arrow_analytics_sink_active_clients",
    type: "gauge",
    unit: "clients",
    help: "Flight streams of stored rows that clients read now.",
    worry: "It is at the most that are let in.",
  },
  droppedClients: {
    name: "arrow_analytics_sink_dropped_clients_total",
    type: "counter",
    unit: "clients",
    help: "Streams that were ended because their client took nothing while others waited.",
    worry: "It grows: some client is much too slow, and starts again and again.",
  },
  inflightBytes: {
    name: "arrow_analytics_sink_inflight_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Bytes handed to readers' connections that they have not taken yet.",
    worry: "It stays at a third of MAX_INFLIGHT_BYTES: readers do not take what they asked for.",
  },
  flightStreams: {
    name: "arrow_analytics_sink_flight_streams",
    type: "gauge",
    unit: "calls",
    help: "Flight calls that are open: streams that are read, that wait or stall, and actions.",
    worry: "It grows for hours.",
  },
} as const satisfies MetricDeclarations;

/** What the sink's metrics are read from. */
export interface SinkMetricsOptions {
  readonly store: AnalyticsStore;
  readonly reader: Pick<UpstreamReader, "tip" | "reconnects" | "retries">;
  readonly queue: Pick<IngestQueue, "fill" | "ledgers">;
  readonly progress: CommitProgress;
  readonly server: Pick<FlightServer, "stats" | "readers">;
  readonly clock: Pick<Clock, "now" | "monotonic">;
}

/** Shows the sink's own metrics, which are read at the scrape. */
export function addSinkMetrics(metrics: MetricsRegistry, options: SinkMetricsOptions): void {
  const { store, reader, queue, progress, server, clock } = options;
  const written = (of: "files" | "rows" | "bytes") =>
    [...store.eventTables, ...store.ledgerTables].flatMap((table) =>
      WRITTEN_KINDS.map((kind) => ({
        value: table.written[kind][of],
        labels: {
          format: table.options.writer.format,
          table: table.options.schema.dataset,
          kind,
        },
      }))
    );
  addDeclaredMetrics(metrics, SINK_METRICS, {
    ledgers: () => store.committed.ledgers,
    events: () => byType(store.committed.eventsByType),
    batches: () => progress.batches,
    receivedBytes: () => progress.bytes,
    decodeErrors: () => store.refusals,
    files: () => written("files"),
    rows: () => written("rows"),
    bytes: () => written("bytes"),
    commits: () => store.commits,
    commitAge: () => progress.commitAgeSeconds(clock.monotonic()),
    cursor: () => store.cursor,
    tip: () => reader.tip,
    lagLedgers: () => {
      const { cursor } = store;
      if (reader.tip === undefined || cursor === undefined) return undefined;
      return Math.max(0, reader.tip - cursor);
    },
    lagSeconds: () => progress.lagSeconds(clock.now()),
    storedLedgers: () => store.totals.ledgers,
    storedEvents: () => byType(store.totals.eventsByType),
    storedFiles: () => store.totals.files,
    storedBytes: () => store.totals.bytes,
    upstreamLosses: () => reader.reconnects,
    upstreamRetries: () => reader.retries,
    queueFill: () => queue.fill,
    queueLedgers: () => queue.ledgers,
    activeClients: () => server.readers().length,
    droppedClients: () => server.stats().stalledStreams,
    inflightBytes: () => server.stats().inflightBytes,
    flightStreams: () => server.stats().streams,
  });
}

function byType(counts: Readonly<Record<typeof EVENT_TYPES[number], number>>) {
  return EVENT_TYPES.map((event_type) => ({ labels: { event_type }, value: counts[event_type] }));
}
