import type { Clock } from "../component/mod.ts";

/** What bounds a piece of work. */
export interface Bounds {
  /** The time. */
  readonly clock: Clock;
  /** Longest time it may take. */
  readonly ms: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** What it fails with when it takes too long. */
  readonly late: () => Error;
}

/**
 * The outcome of some work, or a rejection as soon as its time is over or its signal aborts, also
 * where the work heeds no signal.
 */
export async function within<T>(
  { clock, ms, signal, late }: Bounds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLate = new AbortController();
  const timer = clock.setTimeout(() => tooLate.abort(late()), ms);
  const either = AbortSignal.any([signal, tooLate.signal]);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => reject(either.reason);
  either.addEventListener("abort", end, { once: true });
  if (either.aborted) end();
  try {
    return await Promise.race([ended, either.aborted ? ended : work(either)]);
  } finally {
    timer.stop();
    either.removeEventListener("abort", end);
  }
}
