import type { FlightServer } from "../../flight/mod.ts";
import type { MetricsRegistry } from "../../flowctl/mod.ts";
import type { AnalyticsStore } from "./tables/mod.ts";
import { EVENT_TYPES } from "./tables/mod.ts";
import type { UpstreamReader } from "./upstream_reader.ts";

/** Registers the sink's own metrics, which are read at the scrape. */
export function addSinkMetrics(
  metrics: MetricsRegistry,
  store: AnalyticsStore,
  reader: UpstreamReader,
  server: Pick<FlightServer, "stats">,
): void {
  metrics.gauge({
    name: "arrow_analytics_sink_cursor_ledger",
    help: "Last ledger that every table has committed; 0 before the first.",
    read: () => store.cursor ?? 0,
  });
  metrics.gauge({
    name: "arrow_analytics_sink_tip_ledger",
    help: "Newest ledger that the upstream has told of; 0 before the first batch.",
    read: () => reader.tip ?? 0,
  });
  metrics.gauge({
    name: "arrow_analytics_sink_lag_ledgers",
    help: "Ledgers between the upstream's newest and the cursor.",
    read: () => Math.max(0, (reader.tip ?? 0) - (store.cursor ?? reader.tip ?? 0)),
  });
  // Gauges, although they mostly grow: they count what is stored, also by earlier processes.
  metrics.gauge({
    name: "arrow_analytics_sink_stored_ledgers",
    help: "Ledgers committed.",
    read: () => store.totals.ledgers,
  });
  metrics.gauge({
    name: "arrow_analytics_sink_stored_events",
    help: "Events committed, by type.",
    labels: { type: EVENT_TYPES },
    read: () => {
      const { eventsByType } = store.totals;
      return EVENT_TYPES.map((type) => ({ labels: { type }, value: eventsByType[type] }));
    },
  });
  metrics.gauge({
    name: "arrow_analytics_sink_stored_files",
    help: "Live data files of all outputs.",
    read: () => store.totals.files,
  });
  metrics.gauge({
    name: "arrow_analytics_sink_stored_bytes",
    help: "Bytes of the live data files of all outputs.",
    read: () => store.totals.bytes,
  });
  metrics.counter({
    name: "arrow_analytics_sink_commits_total",
    help: "Times that this process committed.",
    read: () => store.commits,
  });
  metrics.counter({
    name: "arrow_analytics_sink_upstream_losses_total",
    help: "Times that the upstream was lost.",
    read: () => reader.reconnects,
  });
  metrics.gauge({
    name: "arrow_analytics_sink_inflight_bytes",
    help: "Bytes handed to readers' connections that they have not taken yet.",
    read: () => server.stats().inflightBytes,
  });
  metrics.gauge({
    name: "arrow_analytics_sink_flight_streams",
    help: "Flight calls that are open: streams that are read, that wait or stall, and actions.",
    read: () => server.stats().streams,
  });
}
