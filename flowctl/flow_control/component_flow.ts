import {
  type Clock,
  type ClockTimer,
  type HealthFlow,
  healthPool,
  type Logger,
  type PoolFigures,
} from "../component/mod.ts";
import type { ResolvedConfig } from "../config/mod.ts";
import { ConsumerLoads, type FlowPolicy, type ToldLoad } from "./consumer_loads.ts";
import { FlowControl } from "./flow_control.ts";
import {
  decodeFlowSignal,
  encodeFlowSignal,
  type FlowSignalMessage,
} from "./flow_signal_message.ts";
import type { FlowReason } from "./flow_signal.ts";
import { DEFAULT_GLOBAL_LIMIT, DEFAULT_VALID_MS, STEP_MS } from "./limits.ts";
import { LoadReporter, type ReportOutcome } from "./load_reporter.ts";
import { ANY_PACE, ReaderPace } from "./reader_pace.ts";
import { strictestOf } from "./_strictest.ts";

/** A reader to which bytes are held that it has not taken for this long has stopped: its load is full. */
export const STALLED_READER_MS = 1_000;

/** Between two lines of the log about backpressure of the same kind. */
const LOG_INTERVAL_MS = 10_000;

/** Weight of the latest batch in the latency that is shown. */
const LATEST_WEIGHT = 0.1;

/** What a component has in hand at a moment. */
export interface InHand {
  /** Ledgers that it took in, or handed to readers' connections, and has not finished. */
  readonly ledgers: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Batches that wait for their turn. */
  readonly waiting: number;
  /** How full the fullest of its queues is, 1 at its limit; 0 without a queue. */
  readonly fill: number;
}

/** A stream that is read from a component. */
export interface FlowReader {
  readonly consumer: string | undefined;
  readonly heldBytes: number;
  readonly takenAgoMs: number;
}

/** What a component's flow is made of. */
export interface ComponentFlowOptions {
  /** Its limits, thresholds and policy. */
  readonly config: Pick<
    ResolvedConfig,
    "component" | "integer" | "bytes" | "number" | "string" | "optionalString"
  >;
  readonly clock: Clock;
  readonly log: Logger;
  /** What it has in hand now. */
  readonly inHand: () => InHand;
  /** Who reads from it now. */
  readonly readers?: () => readonly FlowReader[];
  /** Its connections to whom it reads from, once it keeps some. */
  readonly pool?: () => PoolFigures | undefined;
}

/** How loaded a component is for one of its producers: the worse of its own load and its consumers'. */
type Effective = Pick<
  FlowSignalMessage,
  "load" | "backpressure" | "throttle" | "ledgersPerSecond" | "bytesPerSecond" | "reason"
>;

/**
 * Flow control of one component: takes the loads that its consumers tell, measures its own, tells
 * its producers, and paces its readers by what their consumers want.
 *
 * Under the policy `slowest` a producer is told the worse of both, so that all go at the pace of the
 * slowest consumer; the producer sends that much for each of them, and each is sent its own part. Under `independent` it is told this component's own load: a slow consumer is
 * held back by what its stream may hold, and no other one with it.
 *
 * Life: `start()` steps ten times a second, `stop()`.
 */
export class ComponentFlow {
  /** The name under which this component reads from its producers. */
  readonly name: string;
  readonly consumers: ConsumerLoads;
  readonly #options: ComponentFlowOptions;
  readonly #control: FlowControl;
  readonly #self: number;
  readonly #limits: { readonly ledgers: number; readonly bytes: number };
  /** With how many producers each tells. */
  readonly #reporters = new Map<LoadReporter, () => number>();
  readonly #paces = new Map<string, { readonly pace: ReaderPace; users: number }>();
  /** Consumers that have told their load, as long as they tell it or read. */
  readonly #speaking = new Set<string>();
  #timer: ClockTimer | undefined;
  #latencyMs: number | undefined;
  #wasActive = false;
  #loggedAt = -Infinity;

  /** Does nothing before `start()`. */
  constructor(options: ComponentFlowOptions) {
    const { config, clock, log } = options;
    this.#options = options;
    this.name = instanceName(config);
    this.#limits = {
      ledgers: config.integer("MAX_INFLIGHT"),
      bytes: config.bytes("MAX_INFLIGHT_BYTES"),
    };
    const onError = (error: unknown) => log.error("A listener of flow control failed", { error });
    this.#control = new FlowControl({
      backpressureThreshold: config.number("FLOW_CONTROL_BACKPRESSURE_THRESHOLD"),
      recoveryThreshold: config.number("FLOW_CONTROL_RECOVERY_THRESHOLD"),
      globalLimit: Math.max(DEFAULT_GLOBAL_LIMIT, this.#limits.ledgers),
      capacity: 1,
      clock,
      onError,
    });
    this.#self = this.#control.intern(config.component, {
      maxInflight: this.#limits.ledgers,
      maxInflightBytes: this.#limits.bytes,
    });
    this.consumers = new ConsumerLoads({
      clock,
      policy: config.string("FLOW_CONTROL_POLICY") as FlowPolicy,
      onError,
    });
    this.consumers.onChange(() => this.#tell());
    this.#control.subscribe(() => this.#tell());
  }

  /** Begins to step. */
  start(): void {
    this.#timer ??= this.#options.clock.setInterval(() => this.#step(), STEP_MS);
  }

  /** Steps no more; readers that wait for their pace are let go. */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    this.consumers.stop();
    this.#reporters.clear();
    for (const { pace } of this.#paces.values()) pace.set(ANY_PACE);
  }

  /** Takes the body of a consumer's `flow_signal`. Throws FlowControlError for one that cannot be. */
  take(body: Uint8Array): void {
    const message = decodeFlowSignal(body);
    this.consumers.take(message);
    this.#speaking.add(message.consumer);
  }

  /** What is in hand has changed: backpressure comes on at once where that is too much. */
  changed(): void {
    const { ledgers, bytes, fill } = this.#options.inHand();
    this.#control.update(this.#self, ledgers, bytes, fill);
  }

  /** Notes work that is done: its ledgers, the time it took, and the time since it came. */
  done(ledgers: number, busyMs: number, sinceMs: number): void {
    this.#control.drained(this.#self, ledgers, busyMs);
    this.#latencyMs = this.#latencyMs === undefined
      ? sinceMs
      : this.#latencyMs + LATEST_WEIGHT * (sinceMs - this.#latencyMs);
  }

  /**
   * Tells producers the load from now on, until the answer is disposed of. `producers` says how many
   * send at once: each is asked for its part of the rate.
   */
  reportTo(
    send: (body: Uint8Array) => Promise<ReportOutcome>,
    producers: () => number = () => 1,
  ): Disposable {
    const reporter = new LoadReporter({
      send: (message) => send(encodeFlowSignal(message)),
      clock: this.#options.clock,
    });
    this.#reporters.set(reporter, producers);
    reporter.report(this.#message(producers()));
    return { [Symbol.dispose]: () => void this.#reporters.delete(reporter) };
  }

  /** The pace of a reader, shared by all streams of its consumer; dispose of it with the stream. */
  paceOf(consumer = ""): Disposable & Pick<ReaderPace, "take" | "batchLedgers"> {
    let shared = this.#paces.get(consumer);
    if (shared === undefined) {
      shared = { pace: new ReaderPace(this.#options.clock), users: 0 };
      this.#paces.set(consumer, shared);
      this.#setPace(consumer, shared.pace);
    }
    const { pace } = shared;
    shared.users++;
    return {
      take: (ledgers, bytes, signal) => pace.take(ledgers, bytes, signal),
      batchLedgers: (most) => pace.batchLedgers(most),
      [Symbol.dispose]: () => {
        if (--shared.users === 0) this.#paces.delete(consumer);
      },
    };
  }

  /** How work flows now. */
  health(): HealthFlow {
    const pool = this.#options.pool?.();
    const { ledgers, bytes, waiting } = this.#options.inHand();
    const own = this.#control.describe(this.#self);
    const { backpressure, throttle, ledgersPerSecond, reason } = this.#withConsumers();
    return {
      inflight: ledgers,
      max_inflight: this.#limits.ledgers,
      inflight_bytes: bytes,
      max_inflight_bytes: this.#limits.bytes,
      queue_depth: waiting,
      load_ratio: rounded(own.load),
      throttle_rate: rounded(throttle),
      backpressure_active: backpressure,
      reason: backpressure || ledgersPerSecond !== undefined ? reason : null,
      ledgers_per_second_limit: ledgersPerSecond === undefined ? null : rounded(ledgersPerSecond),
      processing_latency_ms: this.#latencyMs === undefined ? null : rounded(this.#latencyMs),
      consumers: this.#consumerLoads().map((consumer) => ({
        consumer: consumer.consumer,
        load_ratio: rounded(consumer.load),
        backpressure_active: consumer.backpressure,
        throttle_rate: rounded(consumer.throttle),
        ledgers_per_second: consumer.ledgersPerSecond === undefined
          ? null
          : rounded(consumer.ledgersPerSecond),
        reason: consumer.backpressure ? consumer.reason : null,
      })),
      ...(pool === undefined ? {} : { pool: healthPool(pool) }),
    };
  }

  #step(): void {
    this.#forgetGone();
    this.changed();
    this.#control.step();
    this.#tell();
  }

  /** Tells producers, readers and the log how it is now. */
  #tell(): void {
    for (const [reporter, producers] of this.#reporters) {
      reporter.report(this.#message(producers()));
    }
    for (const [consumer, { pace }] of this.#paces) this.#setPace(consumer, pace);
    this.#logChange();
  }

  #message(producers: number): FlowSignalMessage {
    // What one consumer takes is read for each of those that read: at its producer they are one.
    const load = this.consumers.policy === "slowest"
      ? this.#withConsumers(Math.max(1, this.#paces.size))
      : this.#own();
    const part = 1 / Math.max(1, producers);
    return { consumer: this.name, ...load, ...ratesOf(load, part), validMs: DEFAULT_VALID_MS };
  }

  #setPace(consumer: string, pace: ReaderPace): void {
    pace.set(this.consumers.of(consumer) ?? ANY_PACE);
  }

  #own(): Effective {
    const { load, active, throttle, pacedRate, reason } = this.#control.describe(this.#self);
    return {
      load,
      backpressure: active,
      throttle,
      ledgersPerSecond: pacedRate,
      bytesPerSecond: undefined,
      reason,
    };
  }

  /** The worse of what is measured here and what consumers tell or show, of so many at one pace. */
  #withConsumers(readers = 1): Effective {
    return this.#consumerLoads().reduce<Effective>(
      (worst, told) => worseOf(worst, { ...told, ...ratesOf(told, readers) }),
      this.#own(),
    );
  }

  /** What consumers told, and those of which only the stream tells that they have stopped. */
  #consumerLoads(): (Effective & { readonly consumer: string })[] {
    const told = this.consumers.list();
    const stalled = new Set<string>();
    for (const reader of this.#options.readers?.() ?? []) {
      if (isStalled(reader) || this.#isSilent(reader, told)) {
        stalled.add(reader.consumer ?? "unnamed");
      }
    }
    return [
      ...told.map((load) =>
        stalled.delete(load.consumer)
          ? { ...worseOf(load, { ...STALLED, throttle: load.throttle }), consumer: load.consumer }
          : load
      ),
      ...Array.from(stalled, (consumer) => ({ consumer, ...STALLED })),
    ];
  }

  /** A consumer that told its load each second, and has not for as long as a word counts, hangs. */
  #isSilent({ consumer }: FlowReader, told: readonly ToldLoad[]): boolean {
    return consumer !== undefined && this.#speaking.has(consumer) &&
      !told.some((load) => load.consumer === consumer);
  }

  #forgetGone(): void {
    if (this.#speaking.size === 0) return;
    const here = new Set(this.consumers.list().map(({ consumer }) => consumer));
    for (const { consumer } of this.#options.readers?.() ?? []) {
      if (consumer !== undefined) here.add(consumer);
    }
    for (const consumer of this.#speaking) if (!here.has(consumer)) this.#speaking.delete(consumer);
  }

  #logChange(): void {
    const { load, backpressure, reason, throttle, ledgersPerSecond } = this.#withConsumers();
    if (backpressure === this.#wasActive) return;
    const { clock, log } = this.#options;
    const now = clock.monotonic();
    // What comes and goes all the time is said once in a while.
    if (now - this.#loggedAt < LOG_INTERVAL_MS && backpressure) return;
    this.#wasActive = backpressure;
    if (!backpressure) return log.info("Backpressure is off", { load: rounded(load) });
    this.#loggedAt = now;
    log.info("Backpressure is on: less is asked for, nothing is dropped", {
      reason,
      load: rounded(load),
      throttle: rounded(throttle),
      ...(ledgersPerSecond === undefined ? {} : { ledgers_per_second: rounded(ledgersPerSecond) }),
    });
  }
}

/** A consumer that takes nothing: it says no pace, and reading on is up to it. */
const STALLED = {
  load: 1,
  backpressure: true,
  throttle: 1,
  ledgersPerSecond: undefined,
  bytesPerSecond: undefined,
  reason: "slow_consumer" as FlowReason,
};

function isStalled({ heldBytes, takenAgoMs }: FlowReader): boolean {
  return heldBytes > 0 && takenAgoMs >= STALLED_READER_MS;
}

function worseOf(own: Effective, told: Effective): Effective {
  const isWorse = told.load > own.load || told.backpressure && !own.backpressure;
  return {
    ...strictestOf(own, told),
    // Whatever a consumer's own reason is, here it is a slow consumer.
    reason: !isWorse ? own.reason : told.reason === "manual" ? "manual" : "slow_consumer",
  };
}

/** The rates that a load asks for, so many times. */
function ratesOf({ ledgersPerSecond, bytesPerSecond }: Effective, times: number) {
  return {
    ledgersPerSecond: ledgersPerSecond && ledgersPerSecond * times,
    bytesPerSecond: bytesPerSecond && bytesPerSecond * times,
  };
}

/** Tells processes of one name apart, also where the port is not known yet. */
function instanceName(config: ComponentFlowOptions["config"]): string {
  return config.optionalString("FLOWCTL_COMPONENT_ID") ??
    `${config.component}-${crypto.randomUUID().slice(0, 8)}`;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
