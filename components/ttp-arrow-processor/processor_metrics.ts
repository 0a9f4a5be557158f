import type { FlightServer, InflightBudget } from "../../flight/mod.ts";
import {
  addDeclaredMetrics,
  type Clock,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../../flowctl/mod.ts";
import type { LedgerThreads } from "./ledger_threads.ts";
import type { ProcessorStats } from "./processor_stats.ts";
import { EVENT_TYPE_NAMES } from "./token_transfer/mod.ts";

/** The processor's own metrics. */
export const PROCESSOR_METRICS = {
  ledgers: {
    name: "ttp_arrow_processor_ledgers_total",
    type: "counter",
    unit: "ledgers",
    help: "Ledgers turned into events; for two readers that is done twice.",
    worry: "It stands still while readers wait and the source has more.",
  },
  events: {
    name: "ttp_arrow_processor_events_total",
    type: "counter",
    unit: "events",
    help: "Token-transfer events of these ledgers by type, before any filter.",
    worry: "A type that a network always has stands still while ledgers go on.",
    labels: { event_type: EVENT_TYPE_NAMES },
  },
  rows: {
    name: "ttp_arrow_processor_rows_sent_total",
    type: "counter",
    unit: "events",
    help: "Events sent to readers, after filters.",
    worry: "It stands still while events are made: a filter lets nothing through.",
  },
  batches: {
    name: "ttp_arrow_processor_batches_total",
    type: "counter",
    unit: "batches",
    help: "Record batches sent to readers.",
    worry: "It grows as fast as the ledgers in history: BATCH_SIZE is too small.",
  },
  bytes: {
    name: "ttp_arrow_processor_sent_bytes_total",
    type: "counter",
    unit: "bytes",
    help: "Bytes of the columns of record batches sent to readers.",
    worry: "Its rate is at what the network between the machines gives.",
  },
  decodeErrors: {
    name: "ttp_arrow_processor_decode_errors_total",
    type: "counter",
    unit: "ledgers",
    help: "Ledgers from which no events could be made.",
    worry: "It is above 0: the stream ended there, and the log names the ledger.",
  },
  verified: {
    name: "ttp_arrow_processor_verified_ledgers_total",
    type: "counter",
    unit: "ledgers",
    help: "Ledgers whose events were held against their ledger-entry changes.",
    worry: "It stands still although VERIFY_EVENTS is true.",
  },
  mismatches: {
    name: "ttp_arrow_processor_balance_mismatches_total",
    type: "counter",
    unit: "balances",
    help: "Balances that changed by another amount than the events say.",
    worry: "It is above 0: some rule misses a movement.",
  },
  failedStreams: {
    name: "ttp_arrow_processor_failed_streams_total",
    type: "counter",
    unit: "streams",
    help: "Streams that ended with an error, whoever made it.",
    worry: "It grows all the time.",
  },
  upstreamRetries: {
    name: "ttp_arrow_processor_upstream_retries_total",
    type: "counter",
    unit: "retries",
    help: "Times that the source did not answer and was asked again, or another one instead.",
    worry: "It grows for a minute.",
  },
  activeClients: {
    name: "ttp_arrow_processor_active_clients",
    type: "gauge",
    unit: "clients",
    help: "Streams of events that clients read now.",
    worry: "It is 0 while a sink should read, or at the most that are let in.",
  },
  droppedClients: {
    name: "ttp_arrow_processor_dropped_clients_total",
    type: "counter",
    unit: "clients",
    help: "Streams that were ended because their client took nothing while others waited.",
    worry: "It grows: some client is much too slow, and starts again and again.",
  },
  lastLedger: {
    name: "ttp_arrow_processor_last_ledger",
    type: "gauge",
    unit: "ledger number",
    help: "Newest ledger whose events were sent; no series before the first.",
    worry: "It stands still while the tip moves.",
  },
  tip: {
    name: "ttp_arrow_processor_tip_ledger",
    type: "gauge",
    unit: "ledger number",
    help: "Newest ledger of the source, as last seen; no series before the first.",
    worry: "It stands still for a minute.",
  },
  lagLedgers: {
    name: "ttp_arrow_processor_lag_ledgers",
    type: "gauge",
    unit: "ledgers",
    help: "Ledgers between the source's newest and the last one whose events were sent.",
    worry: "It grows for five minutes.",
  },
  lagSeconds: {
    name: "ttp_arrow_processor_lag_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time since the newest ledger whose events were sent was closed, by its own word (a " +
      "simulated network's close times are no times of day).",
    worry: "It is above a minute at the tip of a live network.",
  },
  waitingJobs: {
    name: "ttp_arrow_processor_waiting_jobs",
    type: "gauge",
    unit: "batches",
    help: "Batches of ledgers that threads are at or that wait for one.",
    worry: "It stays at its most at the tip: raise PROCESSOR_THREADS.",
  },
  queueFill: {
    name: "ttp_arrow_processor_queue_fill_ratio",
    type: "gauge",
    unit: "1",
    help: "The larger of bytes and ledgers that threads are at or that wait for one, as part of " +
      "what may be.",
    worry: "It stays above 0.8 at the tip.",
  },
  inflightBytes: {
    name: "ttp_arrow_processor_inflight_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Bytes handed to readers' connections that they have not taken yet.",
    worry: "It stays at MAX_INFLIGHT_BYTES at the tip.",
  },
  flightStreams: {
    name: "ttp_arrow_processor_flight_streams",
    type: "gauge",
    unit: "calls",
    help: "Flight calls that are open: streams that are read, that wait or stall, and actions.",
    worry: "It grows for hours.",
  },
} as const satisfies MetricDeclarations;

/** What the processor's metrics are read from. */
export interface ProcessorMetricsOptions {
  readonly stats: ProcessorStats;
  readonly threads: Pick<LedgerThreads, "waiting">;
  readonly server: Pick<FlightServer, "stats" | "readers">;
  readonly clock: Pick<Clock, "now">;
  /** What the ledgers that threads are at, or that wait for one, take of what they may. */
  readonly inHand: Pick<InflightBudget, "used" | "limit" | "ledgers" | "maxLedgers">;
}

/** Shows the processor's own metrics, which are read at the scrape. */
export function addProcessorMetrics(
  metrics: MetricsRegistry,
  { stats, threads, server, clock, inHand }: ProcessorMetricsOptions,
): void {
  // 0 stands for none: ledger 0 does not exist.
  const known = (ledger: number) => ledger || undefined;
  addDeclaredMetrics(metrics, PROCESSOR_METRICS, {
    ledgers: () => stats.ledgers,
    events: () =>
      EVENT_TYPE_NAMES.map((event_type, i) => ({
        labels: { event_type },
        value: stats.eventsByType[i]!,
      })),
    rows: () => stats.rowsSent,
    batches: () => stats.batchesSent,
    bytes: () => stats.bytesSent,
    decodeErrors: () => stats.decodeErrors,
    verified: () => stats.verifiedLedgers,
    mismatches: () => stats.balanceMismatches,
    failedStreams: () => stats.failedStreams,
    upstreamRetries: () => stats.upstreamRetries,
    activeClients: () => server.readers().length,
    droppedClients: () => server.stats().stalledStreams,
    lastLedger: () => known(stats.lastLedger),
    tip: () => known(stats.tip),
    lagLedgers: () => known(stats.lastLedger) && Math.max(0, stats.tip - stats.lastLedger),
    lagSeconds: () => stats.lagSeconds(clock.now()),
    waitingJobs: () => threads.waiting,
    queueFill: () => Math.max(inHand.used / inHand.limit, inHand.ledgers / inHand.maxLedgers),
    inflightBytes: () => server.stats().inflightBytes,
    flightStreams: () => server.stats().streams,
  });
}
