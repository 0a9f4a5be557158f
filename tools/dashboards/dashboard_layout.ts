/** How a metric is drawn; what it is follows from its declaration. */
export interface MetricView {
  /** Name as declared. */
  readonly metric: string;
  /** Labels that are kept, beside the one that names the service; none by default. */
  readonly by?: readonly string[];
  /** Only series with these label values. */
  readonly where?: Readonly<Record<string, string>>;
  /** One line over all services, where several programs show the same figure. */
  readonly isShared?: boolean;
  /** Before the names of the lines, where a panel has several metrics. */
  readonly legend?: string;
}

/** One rectangle of a dashboard. */
export interface PanelLayout {
  readonly title: string;
  /** Drawn over time, or only the last value. */
  readonly kind: "timeseries" | "stat";
  readonly views: readonly MetricView[];
  /** Of 24 columns. */
  readonly width: number;
}

/** Panels under a heading. */
export interface RowLayout {
  readonly title: string;
  readonly panels: readonly PanelLayout[];
}

/** One dashboard. */
export interface DashboardLayout {
  /** File name and id. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly RowLayout[];
}

const SOURCE = "stellar_arrow_source";
const PROCESSOR = "ttp_arrow_processor";
const SINK = "arrow_analytics_sink";

/** A figure that each of the three components shows under its own name. */
function ofAll(suffix: string): MetricView[] {
  return [SOURCE, PROCESSOR, SINK].map((component) => ({ metric: `${component}_${suffix}` }));
}

function graph(title: string, views: readonly MetricView[], width = 8): PanelLayout {
  return { title, kind: "timeseries", views, width };
}

function number(title: string, view: MetricView, width = 4): PanelLayout {
  return { title, kind: "stat", views: [view], width };
}

const PIPELINE_OVERVIEW: DashboardLayout = {
  name: "pipeline_overview",
  title: "Stellar pipeline: overview",
  description: "How far the pipeline is, how fast it goes, what it uses, and what is wrong.",
  rows: [
    {
      title: "Now",
      panels: [
        number("Last ledger committed", { metric: `${SINK}_cursor_ledger` }),
        number("Ledgers behind the tip", { metric: `${SINK}_lag_ledgers` }),
        number("Time behind the tip", { metric: `${SINK}_lag_seconds` }),
        number("Age of the last commit", { metric: `${SINK}_last_commit_age_seconds` }),
        number("Alerts that fire", { metric: "flowctl_alerts", where: { state: "firing" } }),
        number("Services", { metric: "flowctl_registered_services", by: ["status"] }),
      ],
    },
    {
      title: "Throughput and latency",
      panels: [
        graph("Throughput of each service", [{ metric: "flowctl_service_throughput" }]),
        graph("Throughput of the pipeline", [
          { metric: "flowctl_pipeline_throughput_total", by: ["pipeline"], isShared: true },
        ]),
        graph("End-to-end latency", [{ metric: `${SINK}_end_to_end_latency_seconds` }]),
        graph("Latency of the pipeline", [
          { metric: "flowctl_pipeline_latency_seconds", by: ["pipeline"] },
        ]),
        graph("Ledgers behind the tip", ofAll("lag_ledgers")),
        graph("Time behind the tip", ofAll("lag_seconds")),
      ],
    },
    {
      title: "Errors",
      panels: [
        graph("What could not be decoded", ofAll("decode_errors_total")),
        graph("Retries", [
          { metric: `${SOURCE}_lake_retries_total` },
          { metric: `${PROCESSOR}_upstream_retries_total` },
          { metric: `${SINK}_upstream_retries_total` },
        ]),
        graph("Streams that failed, upstreams lost", [
          { metric: `${SOURCE}_failed_streams_total` },
          { metric: `${PROCESSOR}_failed_streams_total` },
          { metric: `${SINK}_upstream_losses_total` },
        ]),
      ],
    },
    {
      title: "Control plane",
      panels: [
        graph("Heartbeats missed", [{ metric: "flowctl_service_heartbeats_missed" }]),
        graph("Requests", [{ metric: "flowctl_requests_total", by: ["outcome"] }]),
        graph("Discovery", [{ metric: "flowctl_service_discovery_duration_seconds" }]),
        graph("Alerts", [{ metric: "flowctl_alerts", by: ["rule", "state"] }]),
        graph("Heartbeats of components", [{ metric: "flowctl_heartbeats_total", by: ["result"] }]),
        graph("Messages to the webhook", [
          { metric: "flowctl_alert_messages_total", by: ["result"] },
        ]),
      ],
    },
    {
      title: "Processes",
      panels: [
        graph("Memory", [{ metric: "process_resident_memory_bytes" }]),
        graph("Processor time", [{ metric: "process_cpu_seconds_total" }]),
        graph("Event-loop lag", [{ metric: "process_event_loop_lag_seconds" }]),
      ],
    },
  ],
};

const FLOW_CONTROL: DashboardLayout = {
  name: "flow_control",
  title: "Stellar pipeline: flow control",
  description: "Where work waits, who asks for less, and how connections are.",
  rows: [
    {
      title: "Load and backpressure",
      panels: [
        graph("Load", [{ metric: "flowctl_service_load_ratio" }], 12),
        graph("Backpressure", [{ metric: "flowctl_backpressure_active" }], 12),
        graph("Throttle", [{ metric: "flowctl_throttle_rate" }], 12),
        graph("Queue", [{ metric: "flowctl_service_queue_depth" }], 12),
      ],
    },
    {
      title: "Work in flight",
      panels: [
        graph("Fill of queues", ofAll("queue_fill_ratio")),
        graph("Bytes in flight", ofAll("inflight_bytes")),
        graph("Waiting in the sink and the processor", [
          { metric: `${SINK}_queue_ledgers` },
          { metric: `${PROCESSOR}_waiting_jobs` },
        ]),
      ],
    },
    {
      title: "Connections",
      panels: [
        graph("Connections in use", [
          { metric: "flowctl_service_connections", by: ["endpoint"] },
        ]),
        graph("Pool", [
          { metric: "flowctl_pool_total_connections", by: ["endpoint"], legend: "all" },
          { metric: "flowctl_pool_healthy_connections", by: ["endpoint"], legend: "healthy" },
          { metric: "flowctl_pool_idle_connections", by: ["endpoint"], legend: "idle" },
        ]),
        graph("Reconnections", [
          { metric: "flowctl_reconnection_events_total", by: ["reason"] },
        ]),
        graph("Readers", ofAll("active_clients")),
        graph("Readers dropped", ofAll("dropped_clients_total")),
        graph("Flight calls", ofAll("flight_streams")),
      ],
    },
  ],
};

const TOKEN_TRANSFERS: DashboardLayout = {
  name: "token_transfers",
  title: "Stellar pipeline: token transfers",
  description: "What the ledgers hold, and what is stored of it.",
  rows: [
    {
      title: "Events",
      panels: [
        graph("Events by type", [
          { metric: `${PROCESSOR}_events_total`, by: ["event_type"] },
        ], 12),
        graph("Events committed by type", [
          { metric: `${SINK}_events_total`, by: ["event_type"] },
        ], 12),
        graph("Events sent to readers", [{ metric: `${PROCESSOR}_rows_sent_total` }]),
        graph("Ledgers", ofAll("ledgers_total")),
        graph("Batches", ofAll("batches_total")),
      ],
    },
    {
      title: "Proof",
      panels: [
        graph("Ledgers verified", [{ metric: `${PROCESSOR}_verified_ledgers_total` }]),
        graph("Balance mismatches", [{ metric: `${PROCESSOR}_balance_mismatches_total` }]),
        graph("Ledgers in quarantine", [{ metric: `${SOURCE}_bad_ledgers_total` }]),
      ],
    },
    {
      title: "Stored",
      panels: [
        number("Ledgers", { metric: `${SINK}_stored_ledgers` }, 6),
        number("Events by type", { metric: `${SINK}_stored_events`, by: ["event_type"] }, 6),
        number("Files", { metric: `${SINK}_stored_files` }, 6),
        number("Size", { metric: `${SINK}_stored_bytes` }, 6),
        graph("Rows written", [
          { metric: `${SINK}_rows_written_total`, by: ["format", "table", "kind"] },
        ]),
        graph("Files written", [
          { metric: `${SINK}_files_written_total`, by: ["format", "table", "kind"] },
        ]),
        graph("Bytes", [
          { metric: `${SINK}_written_bytes_total`, by: ["format", "table", "kind"] },
          { metric: `${SINK}_received_bytes_total`, legend: "received" },
          { metric: `${SOURCE}_sent_bytes_total`, legend: "sent" },
          { metric: `${PROCESSOR}_sent_bytes_total`, legend: "sent" },
        ]),
        graph("Commits", [{ metric: `${SINK}_commits_total` }]),
        graph("Age of the last commit", [{ metric: `${SINK}_last_commit_age_seconds` }]),
        graph("Where each stage is", [
          { metric: `${SOURCE}_tip_ledger`, legend: "tip" },
          { metric: `${SOURCE}_last_ledger_sent`, legend: "sent" },
          { metric: `${PROCESSOR}_last_ledger`, legend: "processed" },
          { metric: `${SINK}_cursor_ledger`, legend: "committed" },
        ]),
      ],
    },
  ],
};

/** All dashboards. */
export const DASHBOARDS: readonly DashboardLayout[] = [
  PIPELINE_OVERVIEW,
  FLOW_CONTROL,
  TOKEN_TRANSFERS,
];
