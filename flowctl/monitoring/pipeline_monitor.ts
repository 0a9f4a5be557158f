import { type Clock, type ClockTimer, describeError, realClock } from "../component/mod.ts";
import { within } from "../controller/mod.ts";
import { DEFAULT_INTERVAL_MS, LOOK_TIMEOUT_MS, SOON_MS } from "./limits.ts";
import { MetricsHistory } from "./metrics_history.ts";
import type { MonitoredService } from "./monitored_service.ts";
import {
  type MonitorReading,
  type PipelineSnapshot,
  pipelineSnapshot,
} from "./pipeline_snapshot.ts";
import { type PipelineReport, pipelineReport } from "./report/mod.ts";

/** What a monitor is made of. */
export interface PipelineMonitorOptions {
  /**
   * Reads all services now. What it cannot read it names among the problems; what it throws is one
   * problem more, and the services of before stand.
   */
  readonly read: (signal: AbortSignal) => Promise<MonitorReading>;
  /** Time between two looks; 5 s by default. */
  readonly intervalMs?: number;
  /** Longest time between two looks, however long the interval is; then the history alone has that. */
  readonly maxIntervalMs?: number;
  /** The machine's time by default. */
  readonly clock?: Clock;
  /** Hears of a look that failed, and of a listener that did. */
  readonly onError?: (error: unknown, where: string) => void;
}

/** Hears of each look. */
export type SnapshotListener = (snapshot: PipelineSnapshot) => void;

/**
 * Looks at a pipeline again and again, and keeps what it has seen for an hour: at a control plane's own registry, at a control plane
 * elsewhere, or at the components themselves, by what `read` does.
 *
 * Life: `start()` looks at once, `stop()`.
 *
 * ```ts
 * import { ControlPlane, PipelineMonitor, registryReader } from "@obsrvr/stellar-components/flowctl";
 *
 * await using controlPlane = new ControlPlane({ port: 0 });
 * await controlPlane.start();
 * await using monitor = new PipelineMonitor({ read: registryReader(controlPlane) });
 * monitor.onSnapshot(({ services, health }) => console.log(services.length, health.status));
 * monitor.start();
 * await monitor.look();
 * ```
 */
export class PipelineMonitor {
  /** The metrics of the last hour; a look that fails leaves a gap. */
  readonly history: MetricsHistory;
  readonly #options: PipelineMonitorOptions;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<SnapshotListener>();
  #latest: PipelineSnapshot;
  #joined = true;
  #looking: Promise<PipelineSnapshot> | undefined;
  #timer: ClockTimer | undefined;
  #soon: ClockTimer | undefined;

  /** Looks at nothing before `start()`. */
  constructor(options: PipelineMonitorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    const { intervalMs = DEFAULT_INTERVAL_MS, maxIntervalMs = Infinity } = options;
    this.#intervalMs = Math.min(intervalMs, maxIntervalMs);
    this.history = new MetricsHistory({ intervalMs });
    this.#latest = pipelineSnapshot({ services: [], problems: [] }, this.#clock.now());
  }

  /** What the last look has found; before the first one there is no service. */
  get latest(): PipelineSnapshot {
    return this.#latest;
  }

  /** The report on the last look, and on how lags have gone before it. */
  report(): PipelineReport {
    return pipelineReport(
      this.#latest,
      (id, windowMs) => this.history.trend("ledgers_behind_tip", id, windowMs),
    );
  }

  /** Looks now and from now on. */
  start(): void {
    if (this.#timer !== undefined || this.#ending.signal.aborted) return;
    this.#timer = this.#clock.setInterval(() => void this.look(), this.#intervalMs);
    void this.look();
  }

  /**
   * Calls back after each look from now on.
   *
   * @returns ends that
   */
  onSnapshot(listener: SnapshotListener): () => void {
    // The same function may listen twice.
    const own: SnapshotListener = (snapshot) => listener(snapshot);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Looks now; while a look is on its way, that one counts. Never rejects. */
  look(): Promise<PipelineSnapshot> {
    this.#looking ??= this.#look().finally(() => this.#looking = undefined);
    return this.#looking;
  }

  /** Looks in a moment, since something has changed; all changes until then cost one look. */
  lookSoon(): void {
    if (this.#soon !== undefined || this.#timer === undefined) return;
    this.#soon = this.#clock.setTimeout(() => {
      this.#soon = undefined;
      void this.look();
    }, SOON_MS);
  }

  /** Looks no more, and lets nobody hear of a look that is on its way. */
  async stop(): Promise<void> {
    this.#ending.abort(new DOMException("the monitor stops", "AbortError"));
    this.#timer?.stop();
    this.#soon?.stop();
    this.#timer = undefined;
    this.#soon = undefined;
    this.#listeners.clear();
    await this.#looking;
  }

  /** The same as `stop`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #look(): Promise<PipelineSnapshot> {
    const { signal } = this.#ending;
    const clock = this.#clock;
    const late = () => new Error(`no answer within ${LOOK_TIMEOUT_MS / 1000} s`);
    let snapshot: PipelineSnapshot;
    try {
      const { read } = this.#options;
      const reading = await within({ clock, ms: LOOK_TIMEOUT_MS, signal, late }, read);
      this.#joined = reading.joined ?? true;
      snapshot = pipelineSnapshot(reading, clock.now());
      this.history.record(snapshot);
    } catch (error) {
      if (signal.aborted) return this.#latest;
      this.#options.onError?.(error, "the pipeline cannot be read");
      const problem = `the pipeline cannot be read: ${describeError(error)}`;
      snapshot = pipelineSnapshot(this.#readingOfBefore(problem), clock.now());
    }
    if (!signal.aborted) this.#take(snapshot);
    return this.#latest;
  }

  /** What was known stands, and grows older. */
  #readingOfBefore(problem: string): MonitorReading {
    const elapsedMs = Math.max(0, this.#clock.now() - this.#latest.timeMs);
    const older = (service: MonitoredService): MonitoredService => {
      const { lastHeartbeatAgeMs: ageMs } = service;
      return ageMs === null ? service : { ...service, lastHeartbeatAgeMs: ageMs + elapsedMs };
    };
    const services = this.#latest.services.map(older);
    return { services, problems: [problem], joined: this.#joined };
  }

  #take(snapshot: PipelineSnapshot): void {
    this.#latest = snapshot;
    for (const listener of this.#listeners) {
      try {
        listener(snapshot);
      } catch (error) {
        this.#options.onError?.(error, "a listener of the monitor failed");
      }
    }
  }
}
