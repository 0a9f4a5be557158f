import { bold } from "@std/fmt/colors";
import {
  count,
  duration,
  hung,
  milliseconds,
  NOTHING,
  paintStatus,
  percent,
  plainText,
  quantity,
  rate,
  SERVICE_COLUMNS,
  type TextColumn,
  textTable,
  told,
} from "../../command/mod.ts";
import { named } from "../../topology/mod.ts";
import type { PipelineReport, ReportedPool, ReportedService } from "./pipeline_report.ts";

/** Reasons, problems and pools that are told before they are only counted: a screen holds no more. */
const MAX_LINES = 20;

const SERVICES: readonly TextColumn[] = [
  ...SERVICE_COLUMNS,
  { head: "behind tip", isNumber: true },
];

const POOLS: readonly TextColumn[] = [
  { head: "pool of" },
  { head: "connections", isNumber: true },
  { head: "healthy", isNumber: true },
  { head: "busy", isNumber: true },
  { head: "idle", isNumber: true },
  { head: "waiting", isNumber: true },
];

/** A report as lines for people: first how things are, last what to do. */
export function reportText(report: PipelineReport, colour: boolean): string[] {
  const { status, services, time, reasons, pools, problems } = report;
  const title = colour ? bold : String;
  const at = time.replace("T", " ").replace(/\.\d+Z$/, " UTC");
  const section = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title(name), ...lines];
  return [
    `pipeline ${colour ? paintStatus(status) : status}, ${
      quantity(services.length, "service")
    }, ${at}`,
    ...listed(reasons),
    "",
    ...textTable(SERVICES, services.map(serviceRow), colour),
    ...pools.length === 0 ? [] : ["", ...poolLines(pools, colour)],
    "",
    ...hung("flow control", flowControl(report)).map(unindented),
    ...hung("bottleneck  ", bottleneck(report)).map(unindented),
    ...section("What could not be read", listed(problems)),
    ...section("What to do", recommendations(report)),
  ];
}

function listed(sentences: readonly string[]): string[] {
  const left = sentences.length - MAX_LINES;
  return [
    ...sentences.slice(0, MAX_LINES).map((sentence) => `  ${plainText(sentence)}`),
    ...left > 0 ? [`  and ${count(left)} more`] : [],
  ];
}

function serviceRow(service: ReportedService): string[] {
  const { heartbeat_age_ms: ageMs } = service;
  return [
    plainText(service.id),
    service.type.toLowerCase(),
    service.status.toLowerCase(),
    ageMs === null ? NOTHING : `${duration(ageMs / 1_000)} ago`,
    told(service.throughput, rate),
    told(service.latency_ms, milliseconds),
    told(service.load_ratio, percent),
    told(service.queue_depth, count),
    told(service.error_rate, percent),
    told(service.ledgers_behind_tip, count),
  ];
}

function poolLines(pools: readonly ReportedPool[], colour: boolean): string[] {
  const rows = pools.slice(0, MAX_LINES).map((pool) => [
    plainText(pool.service_id),
    ...[pool.total, pool.healthy, pool.busy, pool.idle, pool.waiting].map(count),
  ]);
  const left = pools.length - rows.length;
  return [...textTable(POOLS, rows, colour), ...left > 0 ? [`and ${count(left)} more`] : []];
}

function flowControl({ flow_control: flow }: PipelineReport): string {
  const { backpressure, throttled, lowest_throttle_rate: lowest, inflight } = flow;
  const parts = [
    backpressure.length === 0
      ? "nobody asks for less than comes"
      : `backpressure at ${plainText(named(backpressure))}`,
    ...throttled.length === 0 ? [] : [
      `${plainText(named(throttled))} throttled, down to ${percent(lowest!)} of the pace`,
    ],
    ...inflight === null ? [] : [`${count(inflight)} in flight`],
  ];
  return parts.join("; ");
}

function bottleneck({ bottleneck }: PipelineReport): string {
  if (bottleneck === null) return "none";
  return plainText(`${bottleneck.service_id}: ${bottleneck.reason}`);
}

function recommendations(report: PipelineReport): string[] {
  const { recommendations: all, recommendations_left_out: left } = report;
  const width = String(all.length).length;
  return [
    ...all.flatMap(({ severity, text, because }, at) => [
      ...hung(`${String(at + 1).padStart(width)}.`, `${severity}: ${plainText(text)}`),
      ...hung(" ".repeat(width + 1), `because ${plainText(because)}`),
    ]),
    ...left > 0 ? [`  and ${count(left)} less urgent`] : [],
  ];
}

/** The two columns of a help stand to the right; these lines are no part of a list. */
function unindented(line: string): string {
  return line.slice(2);
}
