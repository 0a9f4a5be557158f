import { count, duration, milliseconds, percent, quantity } from "../../command/mod.ts";
import { isWorking } from "../../service/mod.ts";
import { missingLinkSentence, named, type Topology } from "../../topology/mod.ts";
import type { HistoryTrend } from "../metrics_history.ts";
import type { MonitoredService } from "../monitored_service.ts";
import type { Bottleneck } from "./bottleneck.ts";
import { type HeldBack, isBusy } from "./held_back.ts";
import type { LagTrendOf } from "./pipeline_report.ts";
import {
  HIGH_ERROR_RATE,
  HIGH_LATENCY_MS,
  HIGH_LOAD_RATIO,
  LAG_GROWTH_LEDGERS,
  LAG_SEEN_MS,
  LAG_WINDOW_MS,
  LONG_SILENCE_MS,
  LOW_POOL_RATIO,
} from "./report_limits.ts";

/** How much it matters: data does not get through; it will not for long; it could get through better. */
export type Severity = "critical" | "warning" | "info";

/** What to do, and why. */
export interface Recommendation {
  /** What to do, as a sentence. */
  readonly text: string;
  /** The numbers that led to it, as a sentence. */
  readonly because: string;
  /** The service that it is about; null where it is about none that there is. */
  readonly service_id: string | null;
  readonly severity: Severity;
}

/** What recommendations are made from. */
export interface Findings {
  readonly services: readonly MonitoredService[];
  readonly topology: Topology;
  readonly heldBack: HeldBack;
  readonly bottleneck: Bottleneck | null;
  readonly lagTrendOf: LagTrendOf;
}

/** A service most of whose work fails does not do it. */
const MOST = 0.5;

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/** All that should be done, what is worst first. */
export function recommendationsFor(findings: Findings): Recommendation[] {
  const { services } = findings;
  const all = [
    ...missingServices(findings),
    ...services.flatMap((service) => statusAdvice(service) ?? []),
    ...scaling(findings),
    ...services.flatMap((service) => errorAdvice(service) ?? []),
    ...services.flatMap((service) => latencyAdvice(service) ?? []),
    ...services.flatMap((service) => poolAdvice(service) ?? []),
    ...lagAdvice(findings),
  ];
  return SEVERITIES.flatMap((severity) => all.filter((each) => each.severity === severity));
}

function missingServices({ topology }: Findings): Recommendation[] {
  return topology.missingLinks.map((link) => ({
    text: `Start a service that serves ${link.eventType}`,
    because: missingLinkSentence(link),
    service_id: null,
    severity: "critical",
  }));
}

function statusAdvice(service: MonitoredService): Recommendation | undefined {
  const { id, status, expired, isSilent, lastHeartbeatAgeMs: ageMs, healthEndpoint } = service;
  if (isSilent) {
    return {
      text: `See whether ${id} still runs, and restart it if not`,
      because: `${id} gives no answer${
        healthEndpoint === undefined ? "" : ` at ${healthEndpoint}`
      }`,
      service_id: id,
      severity: "critical",
    };
  }
  if (expired === true || expired === undefined && (ageMs ?? 0) > LONG_SILENCE_MS) {
    return {
      text: `See whether ${id} still runs and reaches the control plane, and restart it if not`,
      because: `it was heard of ${duration((ageMs ?? 0) / 1_000)} ago, and is silent for ` +
        "longer than three heartbeats usually take (HEARTBEAT_TTL)",
      service_id: id,
      severity: "critical",
    };
  }
  if (status !== "UNHEALTHY" && status !== "DEGRADED") return undefined;
  const where = `the log of ${id}${
    healthEndpoint === undefined ? "" : ` and at ${healthEndpoint}`
  }`;
  return {
    text: `Look for the reason in ${where}`,
    because: `${id} says that it is ${status}`,
    service_id: id,
    severity: status === "UNHEALTHY" ? "critical" : "warning",
  };
}

/** A service that is full because one after it is slow needs nothing: only the slow one is named. */
function scaling({ services, heldBack }: Findings): Recommendation[] {
  const held = new Map<MonitoredService, MonitoredService[]>();
  for (const service of services) {
    if (!isBusy(service)) continue;
    const cause = heldBack.causeOf(service);
    const others = held.get(cause);
    if (others === undefined) held.set(cause, [service]);
    else others.push(service);
  }
  return [...held].map(([cause, busy]) => {
    const others = busy.filter(({ id, figures }) => id !== cause.id && figures.backpressureActive);
    return {
      text: `Scale ${cause.id}: give it more threads, memory or a faster disk, or run another one`,
      because: [...heldSentence(others), ...ownLoad(cause)].join("; "),
      service_id: cause.id,
      severity: "warning",
    };
  });
}

function heldSentence(services: readonly MonitoredService[]): string[] {
  if (services.length === 0) return [];
  const rates = services.flatMap(({ figures: { throttleRate } }) => throttleRate ?? []);
  const lowest = Math.min(...rates);
  const pace = rates.length === 0 || lowest >= 1 ? "" : `, down to ${percent(lowest)} of its pace`;
  const ids = named(services.map(({ id }) => id));
  return [`it holds back ${ids} before it${pace}`];
}

function ownLoad({ figures }: MonitoredService): string[] {
  const { loadRatio, queueDepth, backpressureActive, throttleRate } = figures;
  const isHigh = loadRatio !== undefined && loadRatio > HIGH_LOAD_RATIO;
  const above = isHigh ? `, above ${percent(HIGH_LOAD_RATIO)}` : "";
  const pace = throttleRate === undefined || throttleRate >= 1
    ? ""
    : `, at ${percent(throttleRate)} of the pace`;
  return [
    ...loadRatio === undefined ? [] : [`its load is ${percent(loadRatio)}${above}`],
    ...backpressureActive ? [`it asks for less than comes${pace}`] : [],
    ...(queueDepth ?? 0) > 0 ? [`${count(queueDepth!)} wait in its queue`] : [],
  ];
}

function errorAdvice(service: MonitoredService): Recommendation | undefined {
  const { id, figures: { errorRate, errorsTotal } } = service;
  if (!isWorking(service) || errorRate === undefined || errorRate <= HIGH_ERROR_RATE) {
    return undefined;
  }
  const all = errorsTotal === undefined ? "" : `, ${count(errorsTotal)} in all`;
  return {
    text: `Look in the log of ${id} for what it cannot use`,
    because: `${percent(errorRate)} of its latest work failed, more than ${
      percent(HIGH_ERROR_RATE)
    }${all}`,
    service_id: id,
    severity: errorRate >= MOST ? "critical" : "warning",
  };
}

function latencyAdvice(service: MonitoredService): Recommendation | undefined {
  const { id, figures: { latencyMs } } = service;
  if (!isWorking(service) || latencyMs === undefined || latencyMs <= HIGH_LATENCY_MS) {
    return undefined;
  }
  return {
    text: `Let ${id} take smaller batches, or give it more processor time`,
    because: `a batch takes it ${milliseconds(latencyMs)}, more than ${
      milliseconds(HIGH_LATENCY_MS)
    }`,
    service_id: id,
    severity: "warning",
  };
}

function poolAdvice(service: MonitoredService): Recommendation | undefined {
  const { id, pool } = service;
  if (!isWorking(service) || pool === undefined || pool.total === 0) return undefined;
  const { total, healthy, idle, waiting } = pool;
  if (healthy / total < LOW_POOL_RATIO) {
    return {
      text: `See whether the servers that ${id} connects to are up and can be reached`,
      because: `${count(healthy)} of its ${quantity(total, "connection")} ${
        healthy === 1 ? "is" : "are"
      } healthy, less than half`,
      service_id: id,
      severity: healthy === 0 ? "critical" : "warning",
    };
  }
  if (waiting === 0 || idle > 0) return undefined;
  return {
    text: `Raise CONNECTION_POOL_MAX_CONNECTIONS of ${id}`,
    because: `${count(waiting)} wait for a connection, and none of its ${count(total)} is idle`,
    service_id: id,
    severity: "info",
  };
}

/** All that fall behind, as one: who comes after a slow service falls behind with it. */
function lagAdvice({ services, bottleneck, lagTrendOf }: Findings): Recommendation[] {
  const behind = services.flatMap((service) => {
    const { id, figures: { ledgersBehindTip: lag } } = service;
    if (!isWorking(service) || lag === undefined) return [];
    const trend = lagTrendOf(id, LAG_WINDOW_MS);
    return trend !== undefined && isGrowing(lag, trend) ? [{ id, lag, trend }] : [];
  });
  if (behind.length === 0) return [];
  const worst = behind.reduce((most, each) => each.lag > most.lag ? each : most);
  const others = behind.filter((each) => each !== worst).map(({ id }) => id);
  const { first, overMs } = worst.trend;
  const growth = `${worst.id} is ${quantity(worst.lag, "ledger")} behind the tip, ${
    count(worst.lag - first)
  } more than ${duration(overMs / 1_000)} ago`;
  const rest = others.length === 0
    ? ""
    : `; ${named(others)} fall${others.length === 1 ? "s" : ""} behind too`;
  return [{
    text: bottleneck === null
      ? `Find out what keeps ${worst.id} from the tip: its upstream, or its own machine`
      : `Scale ${bottleneck.service_id} first: the pipeline does not keep up with the network`,
    because: growth + rest,
    service_id: bottleneck?.service_id ?? worst.id,
    severity: "warning",
  }];
}

function isGrowing(lag: number, { first, overMs, earlier, later }: HistoryTrend): boolean {
  return overMs >= LAG_SEEN_MS && lag - first >= LAG_GROWTH_LEDGERS && later > earlier;
}
