/** Wait before the first restart; it doubles from restart to restart. */
const FIRST_DELAY_MS = 1_000;

/** Longest wait: whatever was in the way is found gone within it. */
const LONGEST_DELAY_MS = 30_000;

/** A component that was healthy for so long has recovered: its next failure is a first one. */
const RECOVERED_AFTER_MS = 60_000;

/** How often a component may be restarted. */
export interface RestartLimits {
  /** Restarts within the window; one more is a failure for good. */
  readonly maxRestarts: number;
  /** The window in milliseconds. */
  readonly windowMs: number;
}

/** Decides whether and when a component that failed is started again. */
export class RestartPolicy {
  readonly #limits: RestartLimits;
  readonly #restartedAtMs: number[] = [];
  #delayMs = FIRST_DELAY_MS;

  constructor(limits: RestartLimits) {
    this.#limits = limits;
  }

  /**
   * Takes in a failure.
   *
   * @param nowMs any clock that only goes forward
   * @param healthyMs for how long the component had been healthy
   * @returns milliseconds to wait before the restart; `undefined` when there were too many
   */
  next(nowMs: number, healthyMs: number): number | undefined {
    if (healthyMs >= RECOVERED_AFTER_MS) this.#delayMs = FIRST_DELAY_MS;
    const { maxRestarts, windowMs } = this.#limits;
    const times = this.#restartedAtMs;
    while (times.length > 0 && times[0]! <= nowMs - windowMs) times.shift();
    if (times.length >= maxRestarts) return undefined;
    times.push(nowMs);
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS);
    return delayMs;
  }
}

/** Why a component that failed is not started again, as the end of a sentence. */
export function whyNoMore({ maxRestarts, windowMs }: RestartLimits): string {
  if (maxRestarts === 0) return "nothing is started again (MAX_RESTARTS=0)";
  const restarts = maxRestarts === 1 ? "1 restart" : `${maxRestarts} restarts`;
  const seconds = windowMs / 1000;
  const window = seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `${restarts} within ${window} did not help (MAX_RESTARTS)`;
}
