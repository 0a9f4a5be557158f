import type { FlightServer } from "../../flight/mod.ts";
import type { MetricsRegistry } from "../../flowctl/mod.ts";
import type { LedgerThreads } from "./ledger_threads.ts";
import type { ProcessorStats } from "./processor_stats.ts";
import { EVENT_TYPE_NAMES } from "./token_transfer/mod.ts";

/** Registers the processor's own metrics, which are read at the scrape. */
export function addProcessorMetrics(
  metrics: MetricsRegistry,
  stats: ProcessorStats,
  threads: LedgerThreads,
  server: Pick<FlightServer, "stats">,
): void {
  metrics.counter({
    name: "ttp_arrow_processor_ledgers_total",
    help: "Ledgers turned into events.",
    read: () => stats.ledgers,
  });
  metrics.counter({
    name: "ttp_arrow_processor_events_total",
    help: "Token-transfer events of these ledgers by type, before any filter.",
    labels: { event_type: EVENT_TYPE_NAMES },
    read: () =>
      EVENT_TYPE_NAMES.map((event_type, i) => ({
        labels: { event_type },
        value: stats.eventsByType[i]!,
      })),
  });
  metrics.counter({
    name: "ttp_arrow_processor_rows_sent_total",
    help: "Events sent to readers, after filters.",
    read: () => stats.rowsSent,
  });
  metrics.counter({
    name: "ttp_arrow_processor_batches_total",
    help: "Record batches sent to readers.",
    read: () => stats.batchesSent,
  });
  metrics.counter({
    name: "ttp_arrow_processor_decode_errors_total",
    help: "Ledgers from which no events could be made.",
    read: () => stats.decodeErrors,
  });
  metrics.counter({
    name: "ttp_arrow_processor_verified_ledgers_total",
    help: "Ledgers whose events were held against their ledger-entry changes.",
    read: () => stats.verifiedLedgers,
  });
  metrics.counter({
    name: "ttp_arrow_processor_balance_mismatches_total",
    help: "Balances that changed by another amount than the events say.",
    read: () => stats.balanceMismatches,
  });
  metrics.counter({
    name: "ttp_arrow_processor_failed_streams_total",
    help: "Streams that ended with an error.",
    read: () => stats.failedStreams,
  });
  metrics.gauge({
    name: "ttp_arrow_processor_active_streams",
    help: "Streams that are being read.",
    read: () => stats.activeStreams,
  });
  metrics.gauge({
    name: "ttp_arrow_processor_last_ledger",
    help: "Last ledger whose events were sent; 0 before the first.",
    read: () => stats.lastLedger,
  });
  metrics.gauge({
    name: "ttp_arrow_processor_tip_ledger",
    help: "Newest ledger of the source, as last seen; 0 before the first.",
    read: () => stats.tip,
  });
  metrics.gauge({
    name: "ttp_arrow_processor_waiting_jobs",
    help: "Batches of ledgers that threads are at or that wait for one.",
    read: () => threads.waiting,
  });
  metrics.gauge({
    name: "ttp_arrow_processor_inflight_bytes",
    help: "Bytes handed to readers' connections that they have not taken yet.",
    read: () => server.stats().inflightBytes,
  });
  metrics.gauge({
    name: "ttp_arrow_processor_flight_streams",
    help: "Flight calls that are open: streams that are read, that wait or stall, and actions.",
    read: () => server.stats().streams,
  });
}
