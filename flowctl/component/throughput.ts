/** Commits come in bursts, 30 s apart by default: a shorter window would show zeros in between. */
const WINDOW_MS = 60_000;

/** Samples kept: one a second over the window, and some more. */
const MAX_SAMPLES = 128;

/** The rate at which a counter grows, over the last minute. */
export class Throughput {
  readonly #samples: { readonly atMs: number; readonly total: number }[] = [];

  /** Takes in the counter at a moment of any clock that only goes forward. */
  update(total: number, atMs: number): void {
    const samples = this.#samples;
    // A process that was started again counts from 0.
    if (samples.length > 0 && total < samples.at(-1)!.total) samples.length = 0;
    samples.push({ atMs, total });
    while (
      samples.length > 2 && (samples[1]!.atMs <= atMs - WINDOW_MS || samples.length > MAX_SAMPLES)
    ) {
      samples.shift();
    }
  }

  /** Units a second; `undefined` before there are two samples. */
  perSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
    return (last.total - first.total) / ((last.atMs - first.atMs) / 1000);
  }
}
