import type { FlightServer } from "../../flight/mod.ts";
import {
  addDeclaredMetrics,
  type Clock,
  type MetricDeclarations,
  type MetricsRegistry,
} from "../../flowctl/mod.ts";
import type { Lake } from "../../stellar/lake/mod.ts";
import type { Quarantine } from "./quarantine.ts";
import type { SourceStats } from "./source_stats.ts";

/** The source's own metrics. */
export const SOURCE_METRICS = {
  ledgers: {
    name: "stellar_arrow_source_ledgers_total",
    type: "counter",
    unit: "ledgers",
    help: "Ledgers sent to readers; one that two readers are sent counts twice.",
    worry: "It stands still while readers wait and the lake grows.",
  },
  batches: {
    name: "stellar_arrow_source_batches_total",
    type: "counter",
    unit: "batches",
    help: "Record batches sent to readers.",
    worry: "It grows as fast as the ledgers in history: BATCH_SIZE is too small.",
  },
  bytes: {
    name: "stellar_arrow_source_sent_bytes_total",
    type: "counter",
    unit: "bytes",
    help: "Bytes of the columns of record batches sent to readers.",
    worry: "Its rate is at what the network between the machines gives.",
  },
  decodeErrors: {
    name: "stellar_arrow_source_decode_errors_total",
    type: "counter",
    unit: "errors",
    help: "Streams that ended at a ledger that does not decode, and ledgers put into quarantine.",
    worry: "It is above 0: a file of the lake is damaged, and the log names it.",
  },
  badLedgers: {
    name: "stellar_arrow_source_bad_ledgers_total",
    type: "counter",
    unit: "ledgers",
    help: "Ledgers that did not decode and were put into quarantine, each counted once.",
    worry: "It is above 0: these ledgers are missing in everything that comes after.",
  },
  failedStreams: {
    name: "stellar_arrow_source_failed_streams_total",
    type: "counter",
    unit: "streams",
    help: "Streams that ended with an error, whoever made it.",
    worry: "It grows all the time.",
  },
  lakeFailures: {
    name: "stellar_arrow_source_lake_retries_total",
    type: "counter",
    unit: "retries",
    help: "Looks at the lake's newest ledger that failed and are tried again 5 s later.",
    worry: "It grows for a minute: the lake cannot be read.",
  },
  activeClients: {
    name: "stellar_arrow_source_active_clients",
    type: "gauge",
    unit: "clients",
    help: "Streams of ledgers that clients read now.",
    worry: "It is 0 while a processor should read, or at the most that are let in.",
  },
  droppedClients: {
    name: "stellar_arrow_source_dropped_clients_total",
    type: "counter",
    unit: "clients",
    help: "Streams that were ended because their client took nothing while others waited.",
    worry: "It grows: some client is much too slow, and starts again and again.",
  },
  lastLedger: {
    name: "stellar_arrow_source_last_ledger_sent",
    type: "gauge",
    unit: "ledger number",
    help: "Newest ledger that any stream sent; no series before the first.",
    worry: "It stands still while the tip moves.",
  },
  tip: {
    name: "stellar_arrow_source_tip_ledger",
    type: "gauge",
    unit: "ledger number",
    help: "Newest ledger of the lake, as last seen; no series while it is empty.",
    worry: "It stands still for a minute: whoever writes the lake has stopped.",
  },
  lagLedgers: {
    name: "stellar_arrow_source_lag_ledgers",
    type: "gauge",
    unit: "ledgers",
    help: "Ledgers between the lake's newest and the newest one sent.",
    worry: "It grows for five minutes.",
  },
  lagSeconds: {
    name: "stellar_arrow_source_lag_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time since the newest ledger sent was closed, by its own word (a simulated network's " +
      "close times are no times of day).",
    worry: "It is above a minute at the tip of a live network.",
  },
  queueFill: {
    name: "stellar_arrow_source_queue_fill_ratio",
    type: "gauge",
    unit: "1",
    help: "The larger of bytes and ledgers in flight to readers, as part of what may be.",
    worry: "It stays above 0.8 at the tip: readers do not keep up.",
  },
  inflightBytes: {
    name: "stellar_arrow_source_inflight_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Bytes handed to readers' connections that they have not taken yet.",
    worry: "It stays at MAX_INFLIGHT_BYTES at the tip.",
  },
  flightStreams: {
    name: "stellar_arrow_source_flight_streams",
    type: "gauge",
    unit: "calls",
    help: "Flight calls that are open: streams that are read, that wait or stall, and actions.",
    worry: "It grows for hours.",
  },
} as const satisfies MetricDeclarations;

/** What the source's metrics are read from. */
export interface SourceMetricsOptions {
  readonly stats: SourceStats;
  readonly lake: Pick<Lake, "knownBounds">;
  readonly quarantine: Pick<Quarantine, "total"> | undefined;
  readonly server: Pick<FlightServer, "stats" | "readers">;
  readonly clock: Pick<Clock, "now">;
  /** Most that may be in flight. */
  readonly limits: { readonly ledgers: number; readonly bytes: number };
}

/** Shows the source's own metrics, which are read at the scrape. */
export function addSourceMetrics(metrics: MetricsRegistry, options: SourceMetricsOptions): void {
  const { stats, lake, quarantine, server, clock, limits } = options;
  const tip = () => lake.knownBounds?.last;
  // 0 stands for none: ledger 0 does not exist.
  const last = () => stats.lastLedgerSent || undefined;
  addDeclaredMetrics(metrics, SOURCE_METRICS, {
    ledgers: () => stats.ledgers,
    batches: () => stats.batches,
    bytes: () => stats.bytes,
    decodeErrors: () => stats.decodeErrors + (quarantine?.total ?? 0),
    badLedgers: () => quarantine?.total ?? 0,
    failedStreams: () => stats.failedStreams,
    lakeFailures: () => stats.lakeFailures,
    activeClients: () => server.readers().length,
    droppedClients: () => server.stats().stalledStreams,
    lastLedger: last,
    tip,
    lagLedgers: () => {
      const [newest, sent] = [tip(), last()];
      return newest === undefined || sent === undefined ? undefined : Math.max(0, newest - sent);
    },
    lagSeconds: () => stats.lagSeconds(clock.now()),
    queueFill: () => {
      const { inflightBytes, inflightLedgers } = server.stats();
      return Math.max(inflightBytes / limits.bytes, inflightLedgers / limits.ledgers);
    },
    inflightBytes: () => server.stats().inflightBytes,
    flightStreams: () => server.stats().streams,
  });
}
