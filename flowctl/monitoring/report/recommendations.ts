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
  POOL_OPENING_SECONDS,
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

/** What is to be told; the sentences are made for those only that are told. */
interface Advice {
  readonly severity: Severity;
  tell(): Omit<Recommendation, "severity">;
}

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/**
 * What should be done, what is worst first, and how much more there would be. Of a thousand services
 * with something wrong only as many are put into words as are told.
 */
export function recommendationsFor(
  findings: Findings,
  most: number,
): { told: Recommendation[]; leftOut: number } {
  const { services } = findings;
  const all: Advice[] = [...missingServices(findings)];
  addEach(services, statusAdvice, all);
  all.push(...scaling(findings));
  for (const advice of [errorAdvice, latencyAdvice, poolAdvice]) addEach(services, advice, all);
  all.push(...lagAdvice(findings));
  const told = SEVERITIES.flatMap((severity) => all.filter((each) => each.severity === severity))
    .slice(0, most)
    .map(({ severity, tell }) => ({ ...tell(), severity }));
  return { told, leftOut: all.length - told.length };
}

function addEach(
  services: readonly MonitoredService[],
  adviceOn: (service: MonitoredService) => Advice | undefined,
  all: Advice[],
): void {
  for (const service of services) {
    const advice = adviceOn(service);
    if (advice !== undefined) all.push(advice);
  }
}

function missingServices({ topology }: Findings): Advice[] {
  return topology.missingLinks.map((link) => ({
    severity: "critical",
    tell: () => ({
      text: `Start a service that serves ${link.eventType}`,
      because: missingLinkSentence(link),
      service_id: null,
    }),
  }));
}

function statusAdvice(service: MonitoredService): Advice | undefined {
  const { id, status, expired, isSilent, lastHeartbeatAgeMs: ageMs, healthEndpoint } = service;
  if (isSilent) {
    const where = healthEndpoint === undefined ? "" : ` at ${healthEndpoint}`;
    return {
      severity: "critical",
      tell: () => ({
        text: `See whether ${id} still runs, and restart it if not`,
        because: `${id} gives no answer${where}`,
        service_id: id,
      }),
    };
  }
  if (expired === true || expired === undefined && (ageMs ?? 0) > LONG_SILENCE_MS) {
    return {
      severity: "critical",
      tell: () => ({
        text: `See whether ${id} still runs and reaches the control plane, and restart it if not`,
        because: `it was heard of ${duration((ageMs ?? 0) / 1_000)} ago, and is silent for ` +
          "longer than three heartbeats usually take (HEARTBEAT_TTL)",
        service_id: id,
      }),
    };
  }
  if (status !== "UNHEALTHY" && status !== "DEGRADED") return undefined;
  const where = `the log of ${id}${
    healthEndpoint === undefined ? "" : ` and at ${healthEndpoint}`
  }`;
  return {
    severity: status === "UNHEALTHY" ? "critical" : "warning",
    tell: () => ({
      text: `Look for the reason in ${where}`,
      because: `${id} says that it is ${status}`,
      service_id: id,
    }),
  };
}

/** A service that is full because one after it is slow needs nothing: only the slow one is named. */
function scaling({ services, heldBack }: Findings): Advice[] {
  const held = new Map<MonitoredService, MonitoredService[]>();
  for (const service of services) {
    if (!isBusy(service)) continue;
    const cause = heldBack.causeOf(service);
    const others = held.get(cause);
    if (others === undefined) held.set(cause, [service]);
    else others.push(service);
  }
  return [...held].map(([cause, busy]) => ({
    severity: "warning",
    tell: () => {
      const isHeld = ({ id, figures }: MonitoredService) =>
        id !== cause.id && figures.backpressureActive === true;
      return {
        text:
          `Scale ${cause.id}: give it more threads, memory or a faster disk, or run another one`,
        because: [...heldSentence(busy.filter(isHeld)), ...ownLoad(cause)].join("; "),
        service_id: cause.id,
      };
    },
  }));
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

function errorAdvice(service: MonitoredService): Advice | undefined {
  const { id, figures: { errorRate, errorsTotal } } = service;
  if (!isWorking(service) || errorRate === undefined || errorRate <= HIGH_ERROR_RATE) {
    return undefined;
  }
  return {
    severity: errorRate >= MOST ? "critical" : "warning",
    tell: () => {
      const all = errorsTotal === undefined ? "" : `, ${count(errorsTotal)} in all`;
      const more = `more than ${percent(HIGH_ERROR_RATE)}${all}`;
      return {
        text: `Look in the log of ${id} for what it cannot use`,
        because: `${percent(errorRate)} of its latest work failed, ${more}`,
        service_id: id,
      };
    },
  };
}

function latencyAdvice(service: MonitoredService): Advice | undefined {
  const { id, figures: { latencyMs } } = service;
  if (!isWorking(service) || latencyMs === undefined || latencyMs <= HIGH_LATENCY_MS) {
    return undefined;
  }
  return {
    severity: "warning",
    tell: () => ({
      text: `Let ${id} take smaller batches, or give it more processor time`,
      because: `a batch takes it ${milliseconds(latencyMs)}, more than ${
        milliseconds(HIGH_LATENCY_MS)
      }`,
      service_id: id,
    }),
  };
}

function poolAdvice(service: MonitoredService): Advice | undefined {
  const { id, pool, figures: { uptimeSeconds } } = service;
  if (!isWorking(service) || pool === undefined || pool.total === 0) return undefined;
  if (uptimeSeconds !== undefined && uptimeSeconds < POOL_OPENING_SECONDS) return undefined;
  const { total, healthy, idle, waiting } = pool;
  if (healthy / total < LOW_POOL_RATIO) {
    return {
      severity: healthy === 0 ? "critical" : "warning",
      tell: () => ({
        text: `See whether the servers that ${id} connects to are up and can be reached`,
        because: `${count(healthy)} of its ${quantity(total, "connection")} ${
          healthy === 1 ? "is" : "are"
        } healthy, less than half`,
        service_id: id,
      }),
    };
  }
  if (waiting === 0 || idle > 0) return undefined;
  return {
    severity: "info",
    tell: () => ({
      text: `Raise CONNECTION_POOL_MAX_CONNECTIONS of ${id}`,
      because: `${count(waiting)} wait for a connection, and none of its ${count(total)} is idle`,
      service_id: id,
    }),
  };
}

/** All that fall behind, as one: who comes after a slow service falls behind with it. */
function lagAdvice({ services, bottleneck, lagTrendOf }: Findings): Advice[] {
  const behind: { id: string; lag: number; trend: HistoryTrend }[] = [];
  for (const service of services) {
    const { id, figures: { ledgersBehindTip: lag } } = service;
    // A lag of less cannot have grown by as much.
    if (!isWorking(service) || lag === undefined || lag < LAG_GROWTH_LEDGERS) continue;
    const trend = lagTrendOf(id, LAG_WINDOW_MS);
    if (trend !== undefined && isGrowing(trend)) behind.push({ id, lag, trend });
  }
  if (behind.length === 0) return [];
  const worst = behind.reduce((most, each) => each.lag > most.lag ? each : most);
  const others = behind.filter((each) => each !== worst).map(({ id }) => id);
  const { earlier, later, overMs } = worst.trend;
  return [{
    severity: "warning",
    tell: () => {
      const half = duration(overMs / 2_000);
      const growth = `${worst.id} is ${
        quantity(worst.lag, "ledger")
      } behind the tip: in the last ${half} ${count(later)} at the least, and ${
        count(earlier)
      } in the ${half} before`;
      const rest = others.length === 0
        ? ""
        : `; ${named(others)} fall${others.length === 1 ? "s" : ""} behind too`;
      return {
        text: bottleneck === null
          ? `Find out what keeps ${worst.id} from the tip: its upstream, or its own machine`
          : `Scale ${bottleneck.service_id} first: the pipeline does not keep up with the network`,
        because: growth + rest,
        service_id: bottleneck?.service_id ?? worst.id,
      };
    },
  }];
}

/** Least values are compared: the lag of a sink rises until it commits, and falls then. */
function isGrowing({ overMs, earlier, later }: HistoryTrend): boolean {
  return overMs >= LAG_SEEN_MS && later - earlier >= LAG_GROWTH_LEDGERS;
}
