import type { ServiceJson } from "./api_types.ts";
import { type FigureKind, figureText, UNKNOWN } from "./figure_text.ts";

/** A figure with its name. */
export interface NamedFigure {
  readonly name: string;
  readonly text: string;
}

/** Figures that belong together. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly NamedFigure[];
}

/** All that is told of a service, in groups. */
export function figureGroups(service: ServiceJson): FigureGroup[] {
  const of = (name: string, value: number | null, kind: FigureKind): NamedFigure => ({
    name,
    text: figureText(value, kind),
  });
  const { pool } = service;
  return [
    {
      title: "Work",
      figures: [
        of("Throughput", service.events_per_second, "rate"),
        of("Events, total", service.events_total, "count"),
        of("Latency", service.latency_ms, "milliseconds"),
        of("Error rate", service.error_rate, "part"),
        of("Errors, total", service.errors_total, "count"),
      ],
    },
    {
      title: "Flow control",
      figures: [
        of("Load", service.load_ratio, "part"),
        { name: "Backpressure", text: backpressureText(service) },
        of("Throttle rate", service.throttle_rate, "part"),
        { name: "In flight", text: inflightText(service) },
        of("Queue", service.queue_depth, "count"),
      ],
    },
    {
      title: "Ledgers",
      figures: [
        of("Last ledger", service.last_ledger, "ledger"),
        of("Behind the tip", service.ledgers_behind_tip, "count"),
        of("Age of the last ledger", service.lag_seconds, "seconds"),
        ...(service.commit_age_seconds === null
          ? []
          : [of("Since the last commit", service.commit_age_seconds, "seconds")]),
      ],
    },
    {
      title: "Process",
      figures: [
        of("Last heartbeat", service.last_heartbeat_age_ms, "age"),
        of("Up for", service.uptime_seconds, "seconds"),
        of("Memory", service.memory_bytes, "bytes"),
      ],
    },
    ...(pool === null ? [] : [{
      title: "Connections to peers",
      figures: [
        of("Open", pool.total, "count"),
        of("Healthy", pool.healthy, "count"),
        of("Busy", pool.busy, "count"),
        of("Idle", pool.idle, "count"),
        of("Waiting for one", pool.waiting, "count"),
      ],
    }]),
  ];
}

/** Whether a service asks for less than comes. */
export function backpressureText({ backpressure_active }: ServiceJson): string {
  return backpressure_active === null ? UNKNOWN : backpressure_active ? "on" : "off";
}

/** Backpressure and pace together, where there is only room for one figure. */
export function flowText(service: ServiceJson): string {
  const { throttle_rate } = service;
  if (service.backpressure_active === null && throttle_rate === null) return UNKNOWN;
  const pace = throttle_rate === null || throttle_rate >= 1
    ? ""
    : `${figureText(throttle_rate, "part")} pace`;
  if (service.backpressure_active === true) {
    return pace === "" ? "backpressure" : `backpressure, ${pace}`;
  }
  return pace === "" ? "full pace" : pace;
}

/** The same where there is hardly room for it: what the figure is stands before it. */
export function shortFlowText(service: ServiceJson): string {
  return flowText(service).replace(/^(backpressure, .*) pace$/, "$1");
}

function inflightText({ inflight, max_inflight }: ServiceJson): string {
  const text = figureText(inflight, "count");
  return max_inflight === null ? text : `${text} of ${figureText(max_inflight, "count")}`;
}

/** Whether a service works, well or not so well. */
export function isWorking({ status }: Pick<ServiceJson, "status">): boolean {
  return status === "HEALTHY" || status === "DEGRADED";
}

/** An address to link to: only of the web, whatever a service says of itself. */
export function webAddress(text: string | null): string | undefined {
  if (text === null || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}
