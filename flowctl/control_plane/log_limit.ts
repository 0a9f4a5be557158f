import type { Clock, ClockTimer } from "../component/mod.ts";
import { LOG_LINES_A_SPAN, LOG_SPAN_MS } from "./limits.ts";

/**
 * Lets so many lines of each kind into the log in a minute, so that no client can fill it, and tells
 * at the end of the minute how many were left out.
 *
 * Life: `stop()` tells what was left out until then.
 */
export class LogLimit {
  readonly #clock: Clock;
  readonly #tellLeftOut: (kind: string, count: number) => void;
  /** Lines of this span by kind. */
  readonly #lines = new Map<string, number>();
  #spanEnd: ClockTimer | undefined;

  constructor(clock: Clock, tellLeftOut: (kind: string, count: number) => void) {
    this.#clock = clock;
    this.#tellLeftOut = tellLeftOut;
  }

  /** Whether one more line of this kind may be written. Kinds are few and not what clients say. */
  allows(kind: string): boolean {
    this.#spanEnd ??= this.#clock.setTimeout(() => this.stop(), LOG_SPAN_MS);
    const lines = (this.#lines.get(kind) ?? 0) + 1;
    this.#lines.set(kind, lines);
    return lines <= LOG_LINES_A_SPAN;
  }

  /** Ends the minute. */
  stop(): void {
    this.#spanEnd?.stop();
    this.#spanEnd = undefined;
    for (const [kind, lines] of this.#lines) {
      if (lines > LOG_LINES_A_SPAN) this.#tellLeftOut(kind, lines - LOG_LINES_A_SPAN);
    }
    this.#lines.clear();
  }
}
