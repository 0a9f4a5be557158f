/** Time as the reading of a lake needs it, passed in so that tests decide how it goes by. */
export interface LakeClock {
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
