import type { FlightServer } from "../../flight/mod.ts";
import type { MetricsRegistry } from "../../flowctl/mod.ts";
import type { Lake } from "../../stellar/lake/mod.ts";
import type { Quarantine } from "./quarantine.ts";
import type { SourceStats } from "./source_stats.ts";

/** Registers the source's own metrics, which are read at the scrape. */
export function addSourceMetrics(
  metrics: MetricsRegistry,
  stats: SourceStats,
  lake: Lake,
  quarantine: Quarantine | undefined,
  server: Pick<FlightServer, "stats">,
): void {
  const tip = () => lake.knownBounds?.last ?? 0;
  metrics.counter({
    name: "stellar_arrow_source_ledgers_total",
    help: "Ledgers sent to readers.",
    read: () => stats.ledgers,
  });
  metrics.counter({
    name: "stellar_arrow_source_batches_total",
    help: "Record batches sent to readers.",
    read: () => stats.batches,
  });
  metrics.counter({
    name: "stellar_arrow_source_sent_bytes_total",
    help: "Bytes of the record batches sent to readers.",
    read: () => stats.bytes,
  });
  metrics.counter({
    name: "stellar_arrow_source_bad_ledgers_total",
    help: "Ledgers that did not decode and were put into quarantine, each counted once.",
    read: () => quarantine?.total ?? 0,
  });
  metrics.counter({
    name: "stellar_arrow_source_failed_streams_total",
    help: "Streams that ended with an error.",
    read: () => stats.failedStreams,
  });
  metrics.gauge({
    name: "stellar_arrow_source_active_streams",
    help: "Streams that are being read.",
    read: () => stats.activeStreams,
  });
  metrics.gauge({
    name: "stellar_arrow_source_last_ledger_sent",
    help: "Last ledger that any stream sent; 0 before the first.",
    read: () => stats.lastLedgerSent,
  });
  metrics.gauge({
    name: "stellar_arrow_source_tip_ledger",
    help: "Newest ledger of the lake, as last seen; 0 while it is empty.",
    read: tip,
  });
  metrics.gauge({
    name: "stellar_arrow_source_inflight_bytes",
    help: "Bytes handed to readers' connections that they have not taken yet.",
    read: () => server.stats().inflightBytes,
  });
  metrics.gauge({
    name: "stellar_arrow_source_flight_streams",
    help: "Flight calls that are open: streams that are read, that wait or stall, and actions.",
    read: () => server.stats().streams,
  });
}
