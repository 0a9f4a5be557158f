import {
  ALERT_METRICS,
  CONTROL_PLANE_METRICS,
  CONTROLLER_METRICS,
  DISCOVERY_METRICS,
  FLOWCTL_METRICS,
  type MetricDeclarations,
  PROCESS_METRICS,
} from "../../flowctl/mod.ts";
import { SINK_METRICS } from "../../components/arrow-analytics-sink/mod.ts";
import { SOURCE_METRICS } from "../../components/stellar-arrow-source/mod.ts";
import { PROCESSOR_METRICS } from "../../components/ttp-arrow-processor/mod.ts";

/** Names of the programs that show metrics. */
export const METRIC_PROGRAMS = [
  "stellar-arrow-source",
  "ttp-arrow-processor",
  "arrow-analytics-sink",
  "flowctl-control-plane",
] as const;
/** One of {@linkcode METRIC_PROGRAMS}. */
export type MetricProgram = typeof METRIC_PROGRAMS[number];

/** Metrics that belong together, and who shows them. */
export interface MetricGroup {
  readonly title: string;
  /** Sentences before the table. */
  readonly text: string;
  readonly programs: readonly MetricProgram[];
  readonly metrics: MetricDeclarations;
}

const [SOURCE, PROCESSOR, SINK, CONTROL_PLANE] = METRIC_PROGRAMS;

/** All metrics of the product, in the order of the guide. */
export const PRODUCT_METRICS: readonly MetricGroup[] = [
  {
    title: "flowctl",
    text: "Every component shows these of itself, the control plane of all services that are " +
      "registered with it, as their heartbeats tell. Where both are scraped, take " +
      "`max by (service_id) (…)`, so that nothing counts twice. What a service does not know has " +
      "no series: a source has no pool, and only who looks for others has a discovery. The series " +
      "of a service that has fallen silent end.",
    programs: METRIC_PROGRAMS,
    metrics: FLOWCTL_METRICS,
  },
  {
    title: SOURCE,
    text: "The source, on port 8088 by default.",
    programs: [SOURCE],
    metrics: SOURCE_METRICS,
  },
  {
    title: PROCESSOR,
    text: "The processor, on port 8089 by default.",
    programs: [PROCESSOR],
    metrics: PROCESSOR_METRICS,
  },
  {
    title: SINK,
    text: "The sink, on port 8090 by default. What counts in `stored` is on disk, by whatever " +
      "process; the counters are of this process.",
    programs: [SINK],
    metrics: SINK_METRICS,
  },
  {
    title: "The control plane",
    text: "On port 8087 by default.",
    programs: [CONTROL_PLANE],
    metrics: CONTROL_PLANE_METRICS,
  },
  {
    title: "Alerts",
    text: "The control plane, of the alerts that docs/monitoring.md explains.",
    programs: [CONTROL_PLANE],
    metrics: ALERT_METRICS,
  },
  {
    title: "Standing with the control plane",
    text: "A component with ENABLE_FLOWCTL=true.",
    programs: [SOURCE, PROCESSOR, SINK],
    metrics: CONTROLLER_METRICS,
  },
  {
    title: "Discovery",
    text: "A component that is left to find its upstream.",
    programs: [PROCESSOR, SINK],
    metrics: DISCOVERY_METRICS,
  },
  {
    title: "The process",
    text: "Every program.",
    programs: METRIC_PROGRAMS,
    metrics: PROCESS_METRICS,
  },
];
