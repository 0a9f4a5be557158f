import type { RangeClock } from "./range_clients.ts";
import type { RangeFetch, SubRange } from "./sub_range.ts";

/** How long nobody reads ahead at a server that has said that it has too many streams. */
export const REFUSED_MS = 2_000;

/** Streams at once that a server is asked for: others want to read there too. */
const STREAMS_PER_ENDPOINT = 2;

/**
 * How many streams a reader has at once, over all the ranges that it reads. A head always gets a
 * place, if need be that of the youngest stream that reads ahead.
 */
export class ReadingPlaces {
  readonly #limit: number;
  readonly #clock: RangeClock;
  readonly #taken = new Map<RangeFetch, SubRange>();
  readonly #refusedAt = new Map<string, number>();

  /** @param limit streams at once, from 1 on */
  constructor(limit: number, clock: RangeClock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** An endpoint that has too many streams. */
  get refusing(): string | undefined {
    for (const endpoint of this.#refusedAt.keys()) if (this.#refuses(endpoint)) return endpoint;
    return undefined;
  }

  /** Endpoints that streams are open to. */
  get endpoints(): ReadonlySet<string> {
    const endpoints = new Set<string>();
    for (const { endpoint } of this.#taken.keys()) {
      if (endpoint !== undefined) endpoints.add(endpoint);
    }
    return endpoints;
  }

  /** Whether another stream may read ahead at one of these endpoints. */
  hasFree(endpoints: readonly string[]): boolean {
    const accepting = endpoints.filter((endpoint) => !this.#refuses(endpoint)).length;
    const most = Math.min(this.#limit, STREAMS_PER_ENDPOINT * endpoints.length);
    return accepting > 0 && this.#taken.size < most;
  }

  /** Notes that an endpoint has too many streams. */
  refused(endpoint: string): void {
    this.#refusedAt.set(endpoint, this.#clock.monotonic());
  }

  /** Gives a stream a place. */
  take(fetch: RangeFetch, range: SubRange): void {
    this.#taken.set(fetch, range);
    if (this.#taken.size > this.#limit) this.#suspend(() => true);
  }

  /** Takes a stream's place back. */
  leave(fetch: RangeFetch): void {
    this.#taken.delete(fetch);
  }

  /** Ends a stream that reads ahead at this endpoint; false when there is none. */
  suspendAt(endpoint: string): boolean {
    return this.#suspend((fetch) => fetch.endpoint === endpoint);
  }

  #suspend(suits: (fetch: RangeFetch) => boolean): boolean {
    const youngest = [...this.#taken].findLast(([fetch, range]) => !range.isHead && suits(fetch));
    if (youngest === undefined) return false;
    const [fetch] = youngest;
    this.#taken.delete(fetch);
    fetch.cancel();
    return true;
  }

  #refuses(endpoint: string): boolean {
    const at = this.#refusedAt.get(endpoint);
    return at !== undefined && this.#clock.monotonic() - at < REFUSED_MS;
  }
}
