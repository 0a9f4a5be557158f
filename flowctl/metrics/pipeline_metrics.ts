import { isWorking, SERVICE_TYPES, type ServiceType } from "../service/mod.ts";
import { type MeasuredService, type ServiceMetrics, serviceMetrics } from "./service_metrics.ts";

/** The largest of some figures, and whose it is. */
export interface Peak {
  readonly value: number;
  readonly serviceId: string;
}

/** Events a second of all services of a type together; none where no service of it tells any. */
export type TypeThroughput = Readonly<Partial<Record<ServiceType, number>>>;

/**
 * A pipeline as a whole. Only services that work count: the last figures of one that has fallen
 * silent say nothing of now. `undefined` where no service tells a figure.
 */
export interface PipelineTotal {
  /** How many services there are. */
  readonly services: number;
  /** How many of them work. */
  readonly working: number;
  /**
   * Events a second at the end of the pipeline: of the consumers, else of the processors, else of
   * the sources. A sum over all would count an event once at each stage.
   */
  readonly eventsPerSecond: number | undefined;
  /** Events a second at each stage. */
  readonly eventsPerSecondByType: TypeThroughput;
  /** The slowest service; data passes the others too. */
  readonly latencyMs: Peak | undefined;
  /** The most loaded service: what holds up the others first. */
  readonly loadRatio: Peak | undefined;
  /** What waits in all queues. */
  readonly queueDepth: number | undefined;
  /** The service of whose latest work most failed. */
  readonly errorRate: Peak | undefined;
}

/** What the services of a pipeline do, each and together. */
export interface PipelineMetrics {
  /** In the order in which they were given. */
  readonly services: readonly ServiceMetrics[];
  readonly total: PipelineTotal;
}

/** Types from the end of a pipeline to its beginning. */
const FROM_THE_END: readonly ServiceType[] = [
  "CONSUMER",
  "PROCESSOR",
  "SOURCE",
  "PIPELINE",
  "UNSPECIFIED",
];

/** The figures of some services; takes time linear in services, and looks at each one once. */
export function pipelineMetrics(services: readonly MeasuredService[]): PipelineMetrics {
  const all = services.map(serviceMetrics);
  return { services: all, total: pipelineTotal(all) };
}

/** A pipeline as a whole, from the figures of its services. */
export function pipelineTotal(services: readonly ServiceMetrics[]): PipelineTotal {
  const working = services.filter(isWorking);
  const byType = throughputByType(working);
  const end = FROM_THE_END.find((type) => byType[type] !== undefined);
  return {
    services: services.length,
    working: working.length,
    eventsPerSecond: end && byType[end],
    eventsPerSecondByType: byType,
    latencyMs: peakOf(working, "latencyMs"),
    loadRatio: peakOf(working, "loadRatio"),
    queueDepth: queuesOf(working),
    errorRate: peakOf(working, "errorRate"),
  };
}

function throughputByType(services: readonly ServiceMetrics[]): TypeThroughput {
  const sums = new Map<ServiceType, number>();
  for (const { type, eventsPerSecond } of services) {
    if (eventsPerSecond !== undefined) sums.set(type, (sums.get(type) ?? 0) + eventsPerSecond);
  }
  const known = SERVICE_TYPES.filter((type) => sums.has(type));
  return Object.fromEntries(known.map((type) => [type, sums.get(type)!]));
}

function peakOf(
  services: readonly ServiceMetrics[],
  name: "latencyMs" | "loadRatio" | "errorRate",
): Peak | undefined {
  let peak: Peak | undefined;
  for (const service of services) {
    const value = service[name];
    if (value === undefined || peak !== undefined && value <= peak.value) continue;
    peak = { value, serviceId: service.id };
  }
  return peak;
}

function queuesOf(services: readonly ServiceMetrics[]): number | undefined {
  let sum: number | undefined;
  for (const { queueDepth } of services) {
    if (queueDepth !== undefined) sum = (sum ?? 0) + queueDepth;
  }
  return sum;
}
