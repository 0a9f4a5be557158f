import type { HealthPool } from "../../component/mod.ts";
import type { ServiceStatus, ServiceType } from "../../service/mod.ts";
import type { PipelineHealth } from "../../topology/mod.ts";
import type { HistoryTrend } from "../metrics_history.ts";
import type { PipelineSnapshot } from "../pipeline_snapshot.ts";
import { type Bottleneck, bottleneckOf } from "./bottleneck.ts";
import { HeldBack } from "./held_back.ts";
import { type Recommendation, recommendationsFor } from "./recommendations.ts";
import { MAX_RECOMMENDATIONS } from "./report_limits.ts";

/** A service in the report; null stands for what it does not tell. */
export interface ReportedService {
  readonly id: string;
  readonly type: ServiceType;
  readonly status: ServiceStatus;
  readonly load_ratio: number | null;
  /** Events a second; of a source its ledgers. */
  readonly throughput: number | null;
  readonly latency_ms: number | null;
  readonly queue_depth: number | null;
  readonly error_rate: number | null;
  readonly ledgers_behind_tip: number | null;
  readonly lag_seconds: number | null;
  /** Of a service that commits. */
  readonly commit_age_seconds: number | null;
  readonly heartbeat_age_ms: number | null;
}

/** The connections of a service. */
export interface ReportedPool extends HealthPool {
  readonly service_id: string;
}

/** How work is held back. */
export interface ReportedFlowControl {
  /** Ids of the services that ask for less than comes, or a consumer of which does. */
  readonly backpressure: readonly string[];
  /** Ids of those that are let through a part of their pace only. */
  readonly throttled: readonly string[];
  /** The lowest such part; null where nobody is throttled. */
  readonly lowest_throttle_rate: number | null;
  /** What all have in hand together; null where nobody tells it. */
  readonly inflight: number | null;
}

/** How a pipeline is, and what to do about it, in the names of its JSON form. */
export interface PipelineReport {
  /** In ISO 8601. */
  readonly time: string;
  /** That of the pipeline's health; a recommendation alone changes nothing in it. */
  readonly status: PipelineHealth["status"];
  /** Why it is not healthy, a sentence each. */
  readonly reasons: readonly string[];
  readonly services: readonly ReportedService[];
  /** Of the services that tell of one. */
  readonly pools: readonly ReportedPool[];
  readonly flow_control: ReportedFlowControl;
  /** What holds up the others; null where nothing does. */
  readonly bottleneck: Bottleneck | null;
  /** What is worst first. */
  readonly recommendations: readonly Recommendation[];
  /** Recommendations beyond the most that are told. */
  readonly recommendations_left_out: number;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/** How the lag of a service has gone within some time; `undefined` where that is not known. */
export type LagTrendOf = (serviceId: string, windowMs: number) => HistoryTrend | undefined;

/** The report on a snapshot; linear in services. */
export function pipelineReport(
  snapshot: PipelineSnapshot,
  lagTrendOf: LagTrendOf = () => undefined,
): PipelineReport {
  const { timeMs, services, topology, health, problems } = snapshot;
  const heldBack = new HeldBack(services, topology);
  const bottleneck = bottleneckOf(services, heldBack);
  const { told, leftOut } = recommendationsFor(
    { services, topology, heldBack, bottleneck, lagTrendOf },
    MAX_RECOMMENDATIONS,
  );
  return {
    time: new Date(timeMs).toISOString(),
    status: health.status,
    reasons: health.reasons,
    services: services.map(reportedService),
    pools: services.flatMap(({ id, pool }) =>
      pool === undefined ? [] : [{ service_id: id, ...pool }]
    ),
    flow_control: flowControl(snapshot),
    bottleneck,
    recommendations: told,
    recommendations_left_out: leftOut,
    problems,
  };
}

function reportedService(service: PipelineSnapshot["services"][number]): ReportedService {
  const { figures } = service;
  return {
    id: service.id,
    type: service.type,
    status: service.status,
    load_ratio: figures.loadRatio ?? null,
    throughput: figures.eventsPerSecond ?? null,
    latency_ms: figures.latencyMs ?? null,
    queue_depth: figures.queueDepth ?? null,
    error_rate: figures.errorRate ?? null,
    ledgers_behind_tip: figures.ledgersBehindTip ?? null,
    lag_seconds: figures.lagSeconds ?? null,
    commit_age_seconds: figures.commitAgeSeconds ?? null,
    heartbeat_age_ms: service.lastHeartbeatAgeMs,
  };
}

function flowControl({ services }: PipelineSnapshot): ReportedFlowControl {
  const throttled: string[] = [];
  let lowest: number | null = null;
  let all: number | null = null;
  for (const { id, figures: { throttleRate, inflight } } of services) {
    if (inflight !== undefined) all = (all ?? 0) + inflight;
    if (throttleRate === undefined || throttleRate >= 1) continue;
    throttled.push(id);
    lowest = Math.min(lowest ?? 1, throttleRate);
  }
  return {
    backpressure: services.filter(({ figures }) => figures.backpressureActive).map(({ id }) => id),
    throttled,
    lowest_throttle_rate: lowest,
    inflight: all,
  };
}
