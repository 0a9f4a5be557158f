/** A timer that can be taken back. */
export interface ClockTimer {
  /** Takes it back; a second time does nothing. */
  stop(): void;
}

/** Time, passed in so that tests decide how it goes by. */
export interface Clock {
  /** Milliseconds since 1970; may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds that only go forward, from an arbitrary beginning; for measuring. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds.
   *
   * @throws the signal's reason when it aborts first
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once. */
  setTimeout(callback: () => void, ms: number): ClockTimer;
  /** Calls back every `ms` milliseconds until stopped. */
  setInterval(callback: () => void, ms: number): ClockTimer;
}

/** The machine's own time. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleepOn(realClock, ms, signal),
  setTimeout: (callback, ms) => {
    const id = setTimeout(callback, ms);
    return { stop: () => clearTimeout(id) };
  },
  setInterval: (callback, ms) => {
    const id = setInterval(callback, ms);
    return { stop: () => clearInterval(id) };
  },
};

/** A sleep made of a clock's timer, which an abort ends at once. */
export function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.stop();
      reject(signal!.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
