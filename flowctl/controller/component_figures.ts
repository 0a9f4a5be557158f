import {
  type Clock,
  type ClockTimer,
  type HealthProgress,
  type HealthReport,
  Throughput,
} from "../component/mod.ts";
import { poolFigures } from "../metrics/mod.ts";
import type { MetricReaders } from "./heartbeat_metrics.ts";

/** What figures are made from. */
export interface ComponentFiguresOptions {
  /** How far the component is, and how work flows through it, where it says so; may throw. */
  readonly health: () => Pick<HealthReport, "progress" | "flow">;
  /** The time. */
  readonly clock: Clock;
  /** When the component began, by the clock that only goes forward. */
  readonly startedAt: number;
  /** Time between two looks; rates are those of the last minute. */
  readonly intervalMs: number;
}

/**
 * A component's own figures for its heartbeats, from what it says on `/health`. What it does not
 * know is left out. Life: `start()`, `stop()`.
 */
export class ComponentFigures {
  readonly #options: ComponentFiguresOptions;
  readonly #events = new Throughput();
  readonly #errors = new Throughput();
  #timer: ClockTimer | undefined;
  readonly #named: MetricReaders;

  /** Looks at nothing before `start()`. */
  constructor(options: ComponentFiguresOptions) {
    this.#options = options;
    const { health, clock, startedAt } = options;
    const progress = () => health().progress;
    const flow = () => health().flow;
    this.#named = {
      events_processed_total: () => eventsOf(progress()),
      events_per_second: () => this.#eventsPerSecond(),
      errors_total: () => progress()?.errors_total,
      error_rate: () => this.#errorRate(),
      processing_latency_ms: () => flow()?.processing_latency_ms ?? undefined,
      queue_depth: () => flow()?.queue_depth,
      inflight: () => flow()?.inflight,
      max_inflight: () => flow()?.max_inflight,
      load_ratio: () => flow()?.load_ratio,
      throttle_rate: () => flow()?.throttle_rate,
      backpressure_active: () => asNumber(flow()?.backpressure_active),
      last_ledger: () => progress()?.ledger ?? undefined,
      ledgers_behind_tip: () => behindTip(progress()),
      lag_seconds: () => progress()?.lag_seconds ?? undefined,
      commit_age_seconds: () => progress()?.commit_age_seconds,
      uptime_seconds: () => Math.round(clock.monotonic() - startedAt) / 1000,
      memory_bytes: () => Deno.memoryUsage().rss,
    };
  }

  /** For a heartbeat of now; those of a pool are named after its endpoints. */
  get metrics(): MetricReaders {
    let pool: Record<string, number> = {};
    try {
      const told = this.#options.health().flow?.pool;
      if (told !== undefined) pool = poolFigures(told);
    } catch {
      // What cannot be read costs no other figure.
    }
    const readers = Object.entries(pool).map(([name, value]) => [name, () => value] as const);
    return { ...this.#named, ...Object.fromEntries(readers) };
  }

  /** Looks now and from now on. */
  start(): void {
    this.look();
    this.#timer ??= this.#options.clock.setInterval(() => this.look(), this.#options.intervalMs);
  }

  /** Looks no more. */
  stop(): void {
    this.#timer?.stop();
  }

  /** Looks at the counters once, for the rates. */
  look(): void {
    const { health, clock } = this.#options;
    try {
      const known = health().progress;
      const events = eventsOf(known);
      if (events === undefined) return;
      this.#events.update(events, clock.monotonic());
      const errors = known?.errors_total;
      if (errors !== undefined) this.#errors.update(errors, clock.monotonic());
    } catch {
      // The next look may find it well again.
    }
  }

  #eventsPerSecond(): number | undefined {
    const rate = this.#events.perSecond();
    return rate === undefined ? undefined : Math.round(rate * 10) / 10;
  }

  /** Part of the latest work that failed, from 0 to 1; unknown where there was none. */
  #errorRate(): number | undefined {
    const [events, errors] = [this.#events.perSecond(), this.#errors.perSecond()];
    if (events === undefined || errors === undefined) return undefined;
    const all = events + errors;
    return all > 0 ? errors / all : undefined;
  }
}

function asNumber(flag: boolean | undefined): number | undefined {
  return flag === undefined ? undefined : Number(flag);
}

/** The events of a source are its ledgers: that is its event type. */
function eventsOf(progress: HealthProgress | undefined): number | undefined {
  return progress?.processed_total ?? progress?.events_total ?? progress?.ledgers_total;
}

function behindTip(progress: HealthProgress | undefined): number | undefined {
  if (typeof progress?.tip !== "number" || progress.ledger === null) return undefined;
  return Math.max(0, progress.tip - progress.ledger);
}
