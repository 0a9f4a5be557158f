/** An endpoint that takes this much longer for a ledger than the fastest one is slow. */
export const SLOW_FACTOR = 4;

/** How long a measured pace counts: after it a slow endpoint is given work again, to be measured. */
export const PACE_COUNTS_MS = 30_000;

interface Pace {
  readonly msPerLedger: number;
  readonly at: number;
}

/**
 * How long each endpoint takes for a ledger, from streams that nothing but the endpoint held up. It tells
 * when a stream is late, and where no work should go while others are faster.
 */
export class EndpointPace {
  readonly #paces = new Map<string, Pace>();

  /** @param monotonic the time in milliseconds */
  constructor(private readonly monotonic: () => number) {}

  /** Notes what a stream has measured; the newest counts. */
  note(endpoint: string, msPerLedger: number): void {
    this.#paces.delete(endpoint);
    this.#paces.set(endpoint, { msPerLedger, at: this.monotonic() });
    // Endpoints that discovery has replaced are forgotten.
    for (const [other, { at }] of this.#paces) {
      if (this.monotonic() - at >= PACE_COUNTS_MS) this.#paces.delete(other);
    }
  }

  /** Milliseconds a ledger of the fastest other endpoint; undefined while none has been measured. */
  bestBeside(endpoint: string | undefined): number | undefined {
    let best: number | undefined;
    for (const [other, { msPerLedger, at }] of this.#paces) {
      if (other === endpoint || this.monotonic() - at >= PACE_COUNTS_MS) continue;
      if (best === undefined || msPerLedger < best) best = msPerLedger;
    }
    return best;
  }

  /** The slowest endpoint, where it is slow beside another. */
  slow(): string | undefined {
    let slowest: string | undefined;
    let ms = 0;
    for (const [endpoint, { msPerLedger, at }] of this.#paces) {
      if (this.monotonic() - at >= PACE_COUNTS_MS) continue;
      const best = this.bestBeside(endpoint);
      if (best === undefined || msPerLedger < SLOW_FACTOR * best || msPerLedger <= ms) continue;
      slowest = endpoint;
      ms = msPerLedger;
    }
    return slowest;
  }
}
