import type { Clock, ClockTimer } from "./clock.ts";
import type { LogLevel } from "./logger.ts";

/** Span in which records of one message and level are counted. */
export const REPEAT_SPAN_MS = 60_000;

/** Records of one message and level in it: a busy minute shows whole, a flood does not. */
export const MAX_REPEATS = 100;

/** Messages that are counted at once; of more, those that repeat least are hardly a flood. */
const MAX_COUNTED = 1_000;

/** How much of a message tells it from others. */
const KEY_LENGTH = 200;

/** Hears of records that were left out. */
export type TellLeftOut = (level: LogLevel, message: string, count: number) => void;

interface Counted {
  readonly level: LogLevel;
  readonly message: string;
  count: number;
}

/**
 * Counts records by level and message, lets so many of them into the log in a minute, and tells at the
 * end of the minute how many more there were. Records of level debug are asked for, and all written.
 *
 * Life: nothing runs while nothing is left out; `flush()` tells what was left out until then.
 */
export class LogRepeats {
  readonly #clock: Clock;
  readonly #tell: TellLeftOut;
  readonly #counted = new Map<string, Counted>();
  #spanBegan = -Infinity;
  #spanEnd: ClockTimer | undefined;

  /** Has counted nothing yet. */
  constructor(clock: Clock, tell: TellLeftOut) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Whether one more record is to be written. */
  allows(level: LogLevel, message: string): boolean {
    if (level === "debug") return true;
    const now = this.#clock.monotonic();
    if (now - this.#spanBegan >= REPEAT_SPAN_MS) {
      this.flush();
      this.#spanBegan = now;
    }
    const counted = this.#count(level, message);
    if (counted === undefined || counted.count <= MAX_REPEATS) return true;
    const restMs = this.#spanBegan + REPEAT_SPAN_MS - now;
    this.#spanEnd ??= this.#clock.setTimeout(() => this.flush(), restMs);
    return false;
  }

  /** Ends the minute. */
  flush(): void {
    this.#spanEnd?.stop();
    this.#spanEnd = undefined;
    this.#spanBegan = -Infinity;
    // What is told is a record too, and must find the minute over.
    const all = [...this.#counted.values()];
    this.#counted.clear();
    for (const { level, message, count } of all) {
      if (count > MAX_REPEATS) this.#tell(level, message, count - MAX_REPEATS);
    }
  }

  #count(level: LogLevel, message: string): Counted | undefined {
    const key = `${level} ${message.slice(0, KEY_LENGTH)}`;
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      if (this.#counted.size >= MAX_COUNTED) return undefined;
      counted = { level, message, count: 0 };
      this.#counted.set(key, counted);
    }
    counted.count++;
    return counted;
  }
}
