import type { Clock } from "../component/mod.ts";
import type { FlowSignalMessage } from "./flow_signal_message.ts";

/** Without a change a load is told this often, well within the time for which it counts. */
export const REPORT_INTERVAL_MS = 1_000;

/** A producer that knows no flow signals is asked again this late: it may be another one by then. */
export const UNSUPPORTED_PAUSE_MS = 60_000;

/** Part by which a load or a rate must change to be told before it is time. */
const CHANGE = 0.02;

/** How a report ended: `unsupported` where the producer knows no flow signals. */
export type ReportOutcome = "taken" | "unsupported";

/** What a reporter is made of. */
export interface LoadReporterOptions {
  /** Tells the producers; rejects when they cannot be told now. */
  readonly send: (message: FlowSignalMessage) => Promise<ReportOutcome>;
  /** The time. */
  readonly clock: Clock;
}

/**
 * Tells producers how loaded their consumer is: at once when backpressure comes or goes, at each
 * step while the load or the rate changes, and else every second. One message is on its way at a
 * time; what came meanwhile is told by the latest word alone. Reading on does not depend on it:
 * what cannot be told now is told by the next message.
 */
export class LoadReporter {
  /** Messages that were taken. */
  taken = 0;
  /** Messages that could not be told. */
  failed = 0;
  readonly #options: LoadReporterOptions;
  #told: FlowSignalMessage | undefined;
  #toldAt = -Infinity;
  #pauseUntil = -Infinity;
  #waiting: FlowSignalMessage | undefined;
  #sending = false;

  constructor(options: LoadReporterOptions) {
    this.#options = options;
  }

  /** Takes the load as it is now, and tells it when it is worth it. */
  report(message: FlowSignalMessage): void {
    const now = this.#options.clock.monotonic();
    if (now < this.#pauseUntil) return;
    const isDue = now - this.#toldAt >= REPORT_INTERVAL_MS;
    if (!isDue && this.#told !== undefined && !differs(this.#told, message)) return;
    this.#waiting = message;
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    const { send, clock } = this.#options;
    this.#sending = true;
    while (this.#waiting !== undefined) {
      const message = this.#waiting;
      this.#waiting = undefined;
      this.#told = message;
      this.#toldAt = clock.monotonic();
      try {
        const outcome = await send(message);
        if (outcome === "taken") this.taken++;
        else this.#pauseUntil = clock.monotonic() + UNSUPPORTED_PAUSE_MS;
      } catch {
        // The stream itself tells what is wrong with the producer.
        this.failed++;
        this.#told = undefined;
      }
    }
    this.#sending = false;
  }
}

/** Whether a message says something that the producer should know at once. */
function differs(told: FlowSignalMessage, now: FlowSignalMessage): boolean {
  return told.backpressure !== now.backpressure ||
    isFar(told.load, now.load) ||
    isFar(told.throttle, now.throttle) ||
    isFar(told.ledgersPerSecond, now.ledgersPerSecond) ||
    isFar(told.bytesPerSecond, now.bytesPerSecond);
}

function isFar(told: number | undefined, now: number | undefined): boolean {
  if (told === undefined || now === undefined) return told !== now;
  return Math.abs(now - told) > CHANGE * Math.max(1, Math.abs(told));
}
