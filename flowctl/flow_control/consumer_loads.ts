import { type Clock, type ClockTimer } from "../component/mod.ts";
import { FlowControlError } from "./flow_control_error.ts";
import type { FlowReason } from "./flow_signal.ts";
import type { FlowSignalMessage } from "./flow_signal_message.ts";
import { DEFAULT_CONSUMERS } from "./limits.ts";
import { Listeners } from "./_listeners.ts";
import { strictestOf } from "./_strictest.ts";

/**
 * FLOW_CONTROL_POLICY: all consumers at the pace of the slowest, or each at its own as far as the
 * buffer goes.
 */
export type FlowPolicy = "slowest" | "independent";

/** The load of one consumer, or of all as if they were one. */
export interface ConsumerLoad {
  /** Whose load it is; of all, the one with the largest. */
  readonly consumer: string;
  /** 1 is full; of all, the largest. */
  readonly load: number;
  /** What makes that load. */
  readonly reason: FlowReason;
  /** Whether it, or any, asks for less. */
  readonly backpressure: boolean;
  /** The throttle; of all, the lowest. */
  readonly throttle: number;
  /** Ledgers a second that it wants at most; of all, the least that one of them wants. */
  readonly ledgersPerSecond: number | undefined;
  /** Bytes a second, in the same way. */
  readonly bytesPerSecond: number | undefined;
}

/** What a consumer said, with its age, to show. */
export interface ToldLoad extends ConsumerLoad {
  /** Milliseconds since it was said. */
  readonly ageMs: number;
  /** Milliseconds for which it still counts. */
  readonly validMs: number;
}

interface Told {
  readonly load: ConsumerLoad;
  readonly atMs: number;
  readonly untilMs: number;
}

/**
 * What the consumers of a producer say of themselves. A word counts for as long as it says; a consumer
 * that fell silent holds nobody up. `stop()` takes back the timer that this needs.
 */
export class ConsumerLoads {
  /** Which of them counts for whom. */
  readonly policy: FlowPolicy;
  readonly #clock: Clock;
  readonly #most: number;
  readonly #told = new Map<string, Told>();
  readonly #listeners: Listeners<void>;
  #timer: ClockTimer | undefined;

  constructor(options: {
    readonly clock: Clock;
    readonly policy: FlowPolicy;
    /** Most consumers: 64. */
    readonly maxConsumers?: number;
    /** Gets what a listener throws; the console does where it is not given. */
    readonly onError?: (error: unknown) => void;
  }) {
    this.policy = options.policy;
    this.#clock = options.clock;
    this.#most = options.maxConsumers ?? DEFAULT_CONSUMERS;
    this.#listeners = new Listeners(
      options.onError ?? ((error) => console.error("A listener of consumers' loads:", error)),
    );
  }

  /** Consumers whose word counts. */
  get count(): number {
    this.expire();
    return this.#told.size;
  }

  /**
   * Takes in what a consumer says; it counts instead of what it said before.
   *
   * @throws FlowControlError CAPACITY for one more consumer than there may be
   */
  take(message: FlowSignalMessage): void {
    const { consumer, load, reason, backpressure, throttle } = message;
    const { ledgersPerSecond, bytesPerSecond, validMs } = message;
    this.expire();
    const before = this.#told.get(consumer);
    if (before === undefined && this.#told.size >= this.#most) {
      throw new FlowControlError(
        "CAPACITY",
        `${this.#most} consumers tell their load already, which is the most: another counts once ` +
          "one of them is gone",
      );
    }
    const atMs = this.#clock.monotonic();
    const said: ConsumerLoad = {
      consumer,
      load,
      reason,
      backpressure,
      throttle,
      ledgersPerSecond,
      bytesPerSecond,
    };
    this.#told.set(consumer, { load: said, atMs, untilMs: atMs + validMs });
    this.#wakeAtNext();
    if (before === undefined || !isSame(before.load, said)) this.#listeners.tell();
  }

  /** Drops what does not count any more. It happens by itself as well. */
  expire(): void {
    const nowMs = this.#clock.monotonic();
    let gone = false;
    for (const [consumer, { untilMs }] of this.#told) {
      if (untilMs <= nowMs) gone = this.#told.delete(consumer);
    }
    if (!gone) return;
    this.#wakeAtNext();
    this.#listeners.tell();
  }

  /** Drops the word of a consumer that is gone. */
  forget(consumer: string): void {
    if (!this.#told.delete(consumer)) return;
    this.#wakeAtNext();
    this.#listeners.tell();
  }

  /** All as if they were one; `undefined` when no word counts. */
  worst(): ConsumerLoad | undefined {
    this.expire();
    let worst: ConsumerLoad | undefined;
    for (const { load } of this.#told.values()) {
      worst = worst === undefined ? load : worseOf(worst, load);
    }
    return worst;
  }

  /** What counts for a consumer under the policy: all of them, or its own word. */
  of(consumer: string): ConsumerLoad | undefined {
    if (this.policy === "slowest") return this.worst();
    this.expire();
    return this.#told.get(consumer)?.load;
  }

  /** What each said, in the order in which they came. */
  list(): ToldLoad[] {
    this.expire();
    const nowMs = this.#clock.monotonic();
    return [...this.#told.values()].map(({ load, atMs, untilMs }) => ({
      ...load,
      ageMs: nowMs - atMs,
      validMs: untilMs - nowMs,
    }));
  }

  /**
   * Calls back when what counts has changed.
   *
   * @returns a function that ends it
   * @throws FlowControlError CAPACITY beyond 64 listeners
   */
  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Forgets all, without a word to listeners. */
  stop(): void {
    this.#told.clear();
    this.#wakeAtNext();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #wakeAtNext(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    let nextMs = Infinity;
    for (const { untilMs } of this.#told.values()) nextMs = Math.min(nextMs, untilMs);
    if (nextMs === Infinity) return;
    // A word may have expired since the look that found that it has not.
    const ms = Math.max(0, nextMs - this.#clock.monotonic());
    this.#timer = this.#clock.setTimeout(() => {
      this.expire();
      // A timer may come a little early.
      if (this.#told.size > 0) this.#wakeAtNext();
    }, ms);
  }
}

function worseOf(a: ConsumerLoad, b: ConsumerLoad): ConsumerLoad {
  const { consumer, reason } = b.load > a.load ? b : a;
  return { ...strictestOf(a, b), consumer, reason };
}

function isSame(a: ConsumerLoad, b: ConsumerLoad): boolean {
  return a.load === b.load && a.reason === b.reason && a.backpressure === b.backpressure &&
    a.throttle === b.throttle && a.ledgersPerSecond === b.ledgersPerSecond &&
    a.bytesPerSecond === b.bytesPerSecond;
}
