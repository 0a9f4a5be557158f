import type { ComponentDeclaration, ResolvedConfig } from "../config/mod.ts";
import type { Clock } from "./clock.ts";
import type { HealthPool } from "./health_pool.ts";
import type { HttpRoutes } from "./health_server.ts";
import type { Logger } from "./logger.ts";
import type { MetricsRegistry } from "./metrics_registry.ts";

/** What a component says once it is ready to serve. */
export interface ReadyInfo {
  /** The ports it really listens on, by name (`flight`); the host adds its own `health`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where it reads from; several are separated by commas. */
  readonly upstream?: string;
  /** What it writes, each as a path or address. */
  readonly outputs?: readonly string[];
  /** Network passphrase, once it is known. */
  readonly network?: string;
}

/**
 * How far a component is, in the same words for every component, so that whoever shows or compares
 * them needs to know none of them. The counts are of this process, unless a component keeps them.
 */
export interface HealthProgress {
  /** Last ledger reached: sent by the source, made into events, committed; null before the first. */
  readonly ledger: number | null;
  /** Newest ledger that is known upstream; null while none is. */
  readonly tip: number | null;
  /** Ledgers reached. */
  readonly ledgers_total: number;
  /** Events reached; null for a component that deals with none. */
  readonly events_total: number | null;
  /** Bytes sent or written, where the component counts them. */
  readonly bytes_total?: number;
  /** Ledgers and events that could not be used, where the component counts them. */
  readonly errors_total?: number;
  /**
   * Events (of a source its ledgers) that this process has done, where the other counts are also of
   * earlier processes.
   */
  readonly processed_total?: number;
  /** Seconds since the last ledger reached was closed, by its own word; null before the first. */
  readonly lag_seconds?: number | null;
  /** Seconds since the last commit, or since the start before the first; of a component that commits. */
  readonly commit_age_seconds?: number;
}

/** A consumer of a component, as far as it or its stream tells how it keeps up. */
export interface HealthConsumer {
  /** Its name, as it told it. */
  readonly consumer: string;
  /** Its load, or that of the worst behind it; above 1 it is over its limit. */
  readonly load_ratio: number;
  /** Whether it asks for less. */
  readonly backpressure_active: boolean;
  /** Part of its own pace that it asks for, from 0.05 to 1. */
  readonly throttle_rate: number;
  /** Ledgers a second that it asks for; null while it takes whatever comes. */
  readonly ledgers_per_second: number | null;
  /** Why it asks for less; null while it does not. */
  readonly reason: string | null;
}

/**
 * How work flows through a component, in the same words for every component. In flight is what it
 * has taken in, or handed to readers' connections, and not yet finished.
 */
export interface HealthFlow {
  /** Ledgers in flight. */
  readonly inflight: number;
  /** Most ledgers that may be: MAX_INFLIGHT. */
  readonly max_inflight: number;
  /** Bytes in flight. */
  readonly inflight_bytes: number;
  /** Most bytes that may be: MAX_INFLIGHT_BYTES. */
  readonly max_inflight_bytes: number;
  /** Batches that wait for their turn. */
  readonly queue_depth: number;
  /** The fullest of what is bounded here, 1 at its limit. */
  readonly load_ratio: number;
  /** Part of the pace that is let through, from 0.05 to 1: its own, or that of a consumer if lower. */
  readonly throttle_rate: number;
  /** Whether it asks for less than comes, or a consumer of it does. */
  readonly backpressure_active: boolean;
  /** Why; null while it is not. */
  readonly reason: string | null;
  /** Ledgers a second that are let through; null while there is no such limit. */
  readonly ledgers_per_second_limit: number | null;
  /** Time from when a batch comes until it is done, of the latest ones; null before the first. */
  readonly processing_latency_ms: number | null;
  /** Those who read from here, as far as they are known. */
  readonly consumers: readonly HealthConsumer[];
  /** Its connections to its peers; absent where it keeps no pool. */
  readonly pool?: HealthPool;
}

/** How a component is. Starting and unhealthy answer 503. */
export interface HealthReport {
  /** Degraded: the work goes on, with something wrong that details name. */
  readonly status: "healthy" | "starting" | "degraded" | "unhealthy";
  /** How far it is, where it works on ledgers. */
  readonly progress?: HealthProgress;
  /** How work flows through it, where it moves ledgers. */
  readonly flow?: HealthFlow;
  /** Cursors and counts of this component, by name; bigints are written as text. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * What a process of the pipeline does. The host calls `start` at most once, `health` whenever asked,
 * and `stop` once, also after a `start` that failed or while one is still on its way.
 */
export interface Component {
  /** Opens what it needs and serves; work that goes on belongs to the background. */
  start(): Promise<ReadyInfo>;
  /**
   * Resolves when there is nothing left to do, rejects when it cannot go on; FinalError tells that a
   * restart would not help. Read after `start`.
   */
  readonly finished?: Promise<void>;
  /** Further paths of the health port, answered from before `start` on. */
  readonly routes?: HttpRoutes;
  /** Must be quick and may throw, which counts as unhealthy. Asked once more after `stop`. */
  health(): HealthReport;
  /** Stops serving, finishes what was begun, closes everything. */
  stop(reason: string): Promise<void>;
}

/** What the host gives a component. */
export interface ComponentContext {
  /** What the component is, from its component.yaml. */
  readonly declaration: ComponentDeclaration;
  /** Its variables. */
  readonly config: ResolvedConfig;
  /** Its log, on standard error. */
  readonly log: Logger;
  /** What `/metrics` shows. */
  readonly metrics: MetricsRegistry;
  /** Aborts when the component is asked to stop, just before `stop` is called. */
  readonly signal: AbortSignal;
  /** The time; a component asks no other. */
  readonly clock: Clock;
}

/**
 * Makes a component from its context; may throw ConfigError (exit code 2), an error that is final
 * (4, see FinalError) or any other (1).
 */
export type BuildComponent = (context: ComponentContext) => Component | Promise<Component>;
