import { figure, serviceMetrics } from "../../metrics/mod.ts";
import { isWorking, type Service, type ServiceType } from "../../service/mod.ts";
import { DEFAULT_PIPELINE, MAX_SHOWN_PIPELINES } from "./flowctl_metrics.ts";

/** Types from the end of a pipeline to its beginning. */
const FROM_THE_END: readonly ServiceType[] = [
  "CONSUMER",
  "PROCESSOR",
  "SOURCE",
  "PIPELINE",
  "UNSPECIFIED",
];

/** What is remembered of a service between two looks. */
interface Seen {
  readonly events: number | undefined;
  readonly heartbeatAt: number;
}

type SeenService = Pick<
  Service,
  "id" | "type" | "status" | "metrics" | "maxInflight" | "lastHeartbeatAt"
>;

/**
 * What has left the last stage of each pipeline, and how long its stages take, from the heartbeats of
 * its services. A service's own count may begin anew; what it had counted when it was first seen does
 * not count here.
 */
export class PipelineTotals {
  /** Events that have left the last stage, by pipeline; at most {@linkcode MAX_SHOWN_PIPELINES}. */
  readonly events = new Map<string, number>();
  /** Told at each new heartbeat of a service of the last stage how long all stages take together. */
  onLatency: (pipeline: string, seconds: number) => void = () => {};
  #seen = new Map<string, Seen>();

  /** Takes in how the services are now. */
  update(services: readonly SeenService[], pipelines: ReadonlyMap<string, string>): void {
    const seen = new Map<string, Seen>();
    for (const [pipeline, members] of this.#byPipeline(services, pipelines)) {
      const last = FROM_THE_END.find((type) => members.some((each) => each.type === type));
      const latencyMs = stagesMs(members);
      let sum = this.events.get(pipeline) ?? 0;
      for (const service of members) {
        const { id, type, metrics, lastHeartbeatAt } = service;
        const before = this.#seen.get(id);
        const events = figure(metrics.events_processed_total) ?? before?.events;
        seen.set(id, { events, heartbeatAt: lastHeartbeatAt });
        if (type !== last || before === undefined) continue;
        sum += growth(before.events, events);
        if (latencyMs !== undefined && lastHeartbeatAt !== before.heartbeatAt) {
          this.onLatency(pipeline, latencyMs / 1000);
        }
      }
      this.events.set(pipeline, sum);
    }
    this.#seen = seen;
  }

  #byPipeline(
    services: readonly SeenService[],
    pipelines: ReadonlyMap<string, string>,
  ): Map<string, SeenService[]> {
    const grouped = new Map<string, SeenService[]>();
    let room = MAX_SHOWN_PIPELINES - this.events.size;
    for (const service of services) {
      let name = pipelines.get(service.id) ?? DEFAULT_PIPELINE;
      // A pipeline is never forgotten, or its counter would go back: so they are bounded.
      const isNew = !this.events.has(name) && !grouped.has(name);
      if (isNew && room-- <= 0) name = DEFAULT_PIPELINE;
      const members = grouped.get(name);
      if (members === undefined) grouped.set(name, [service]);
      else members.push(service);
    }
    return grouped;
  }
}

/** How much a count grew; one that went back began anew. */
function growth(before: number | undefined, now: number | undefined): number {
  if (before === undefined || now === undefined) return 0;
  return now >= before ? now - before : now;
}

/** The slowest working service of each stage, added up; undefined where none tells. */
function stagesMs(members: readonly SeenService[]): number | undefined {
  const slowest = new Map<ServiceType, number>();
  for (const service of members) {
    const { latencyMs } = serviceMetrics(service);
    if (latencyMs === undefined || !isWorking(service)) continue;
    slowest.set(service.type, Math.max(slowest.get(service.type) ?? 0, latencyMs));
  }
  if (slowest.size === 0) return undefined;
  return [...slowest.values()].reduce((sum, ms) => sum + ms, 0);
}
