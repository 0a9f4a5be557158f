import {
  addDeclaredMetrics,
  type Clock,
  type ClockTimer,
  type MetricsRegistry,
  oncePerTurn,
  type OpenLabel,
  type Sample,
} from "../../component/mod.ts";
import { figure, serviceMetrics, type ToldEndpoint, toldPool } from "../../metrics/mod.ts";
import type { Service } from "../../service/mod.ts";
import { FLOWCTL_METRICS, MAX_SHOWN_SERVICES } from "./flowctl_metrics.ts";
import { PipelineTotals } from "./pipeline_totals.ts";

/** What the flowctl metrics of all registered services are made from. */
export interface RegisteredServicesOptions {
  /** All services that are known. */
  readonly services: () => readonly Service[];
  /** The names of pipelines by the ids of their services, as far as pipeline runs tell. */
  readonly pipelines: () => ReadonlyMap<string, string>;
  /** The time. */
  readonly clock: Clock;
  /** Time between two looks, so that counters miss nothing between scrapes. */
  readonly intervalMs: number;
}

/** One service's figures of one look. */
interface Shown {
  readonly id: string;
  readonly type: Service["type"];
  readonly load: number | undefined;
  readonly throughput: number | undefined;
  readonly queueDepth: number | undefined;
  readonly throttle: number | undefined;
  readonly backpressure: number | undefined;
  readonly pool: ReturnType<typeof toldPool>;
}

/**
 * The flowctl metrics of all services that are registered with a control plane, as their last
 * heartbeats tell. A service that has fallen silent has no series: its last figures say nothing of
 * now. Life: `start()`, `stop()`.
 */
export class RegisteredServicesMetrics {
  /** Services beyond those that are shown. */
  notShown = 0;
  readonly #options: RegisteredServicesOptions;
  readonly #totals: PipelineTotals;
  readonly #read = oncePerTurn(() => this.#look());
  #timer: ClockTimer | undefined;

  /** Adds the metrics; looks at nothing before a scrape or `start()`. */
  constructor(metrics: MetricsRegistry, options: RegisteredServicesOptions) {
    this.#options = options;
    this.#totals = new PipelineTotals();
    const { pipelineLatency } = addDeclaredMetrics(metrics, FLOWCTL_METRICS, {
      pipelineThroughput: () => {
        this.#read();
        return [...this.#totals.events].map(([pipeline, value]) => ({
          value,
          labels: { pipeline },
        }));
      },
      loadRatio: () => this.#typed(({ load }) => load),
      backpressure: () => this.#plain(({ backpressure }) => backpressure),
      throttle: () => this.#plain(({ throttle }) => throttle),
      connections: () =>
        this.#read().flatMap(({ id, pool }) =>
          (pool?.endpoints ?? []).map(({ endpoint, busy }) => ({
            value: busy,
            labels: { service_id: id, endpoint },
          }))
        ),
      reconnections: () =>
        this.#read().flatMap(({ id, pool }) =>
          [...pool?.reconnects ?? []].map(([reason, value]) => ({
            value,
            labels: { service_id: id, reason },
          }))
        ),
      poolTotal: () => this.#byEndpoint(({ total }) => total),
      poolHealthy: () => this.#byEndpoint(({ healthy }) => healthy),
      poolIdle: () => this.#byEndpoint(({ idle }) => idle),
      throughput: () => this.#typed(({ throughput }) => throughput),
      queueDepth: () => this.#typed(({ queueDepth }) => queueDepth),
    });
    this.#totals.onLatency = (pipeline, seconds) => pipelineLatency.observe(seconds, { pipeline });
  }

  /** Looks from now on, also between scrapes. */
  start(): void {
    const { clock, intervalMs } = this.#options;
    this.#timer ??= clock.setInterval(() => this.#read(), intervalMs);
  }

  /** Looks no more by itself. */
  stop(): void {
    this.#timer?.stop();
  }

  #look(): Shown[] {
    const heard = this.#options.services().filter(({ expired }) => !expired);
    this.#totals.update(heard, this.#options.pipelines());
    this.notShown = Math.max(0, heard.length - MAX_SHOWN_SERVICES);
    return heard.slice(0, MAX_SHOWN_SERVICES).map(shown);
  }

  #plain(value: (shown: Shown) => number | undefined): Sample<{ service_id: OpenLabel }>[] {
    return this.#read().flatMap((each) => {
      const known = value(each);
      return known === undefined ? [] : [{ value: known, labels: { service_id: each.id } }];
    });
  }

  #typed(
    value: (shown: Shown) => number | undefined,
  ): Sample<{ service_id: OpenLabel; service_type: OpenLabel }>[] {
    return this.#read().flatMap((each) => {
      const known = value(each);
      if (known === undefined) return [];
      return [{ value: known, labels: { service_id: each.id, service_type: each.type } }];
    });
  }

  /** The connections of all services to an endpoint together. */
  #byEndpoint(value: (told: ToldEndpoint) => number): Sample<{ endpoint: OpenLabel }>[] {
    const sums = new Map<string, number>();
    for (const { pool } of this.#read()) {
      for (const told of pool?.endpoints ?? []) {
        sums.set(told.endpoint, (sums.get(told.endpoint) ?? 0) + value(told));
      }
    }
    return [...sums].map(([endpoint, sum]) => ({ value: sum, labels: { endpoint } }));
  }
}

function shown(service: Service): Shown {
  const { id, type, loadRatio, eventsPerSecond, queueDepth } = serviceMetrics(service);
  const { metrics } = service;
  return {
    id,
    type,
    load: loadRatio,
    throughput: eventsPerSecond,
    queueDepth,
    throttle: figure(metrics.throttle_rate),
    backpressure: figure(metrics.backpressure_active),
    pool: toldPool(metrics),
  };
}
