/** Whatever is reached at an address. */
export interface AtEndpoint {
  /** Its `host:port`. */
  readonly endpoint: string;
}

/** Told when one endpoint is left for another. */
export type OnMove = (left: string, taken: string, error: Error) => void;

/**
 * Endpoints that serve the same, in the order in which they are wanted, and the one that is used
 * now. It is used until it fails; then the next one is, and after the last the first again. All
 * callers share it, so that the first one that meets a failure moves the others too.
 */
export class EndpointRotation<T extends AtEndpoint> {
  readonly #onMove: OnMove;
  #all: readonly T[];
  #current: T;
  /** Whether the endpoint in use has given something since it was taken. */
  #works = false;
  /** Moves since the endpoint in use last worked. */
  #moves = 0;

  /**
   * `onMove` is told of each move of the first round after an endpoint has worked: while all are
   * away, going round and round is no news. Throws RangeError without any endpoint.
   */
  constructor(all: readonly T[], onMove: OnMove = () => {}) {
    this.#all = all;
    this.#current = first(all);
    this.#onMove = onMove;
  }

  /** All of them. */
  get all(): readonly T[] {
    return this.#all;
  }

  /**
   * Takes other endpoints from now on. The one that is used now is used until it fails when it is among
   * them or has worked: that others are wanted is no reason to break off what works. Throws RangeError
   * without any endpoint.
   */
  replace(all: readonly T[]): void {
    const next = first(all);
    this.#all = all;
    this.#moves = 0;
    if (!this.#works && !all.includes(this.#current)) this.#current = next;
  }

  /** The one to use now. */
  get current(): T {
    return this.#current;
  }

  /** Addresses of all, for messages. */
  get text(): string {
    return this.all.map(({ endpoint }) => endpoint).join(", ");
  }

  /** A caller's own count of what it has tried. */
  round(): EndpointRound<T> {
    return new EndpointRound(this);
  }

  /** Notes that an endpoint gave what it was asked for. */
  worked(used: T): void {
    if (used !== this.current) return;
    this.#moves = 0;
    this.#works = true;
  }

  /** Leaves an endpoint that failed, unless another caller has left it already. */
  leave(failed: T, error: Error): void {
    if (failed !== this.current) return;
    this.#works = false;
    // One that is no longer among them is followed by the first.
    const next = this.all[(this.all.indexOf(failed) + 1) % this.all.length]!;
    if (next === failed) return;
    this.#current = next;
    this.#moves++;
    if (this.#moves >= this.all.length) return;
    this.#onMove(failed.endpoint, this.current.endpoint, error);
  }
}

/** What one caller has tried in a row without success: a round is over when that is each endpoint once. */
export class EndpointRound<T extends AtEndpoint> {
  #failures = 0;

  constructor(private readonly rotation: EndpointRotation<T>) {}

  /** The one to use now. */
  get current(): T {
    return this.rotation.current;
  }

  /** Begins the round anew: this endpoint works. */
  worked(used: T): void {
    this.#failures = 0;
    this.rotation.worked(used);
  }

  /**
   * Goes on to the next endpoint.
   *
   * @returns whether it may be tried at once; false when the round is over, and a new one begins
   */
  failed(used: T, error: Error): boolean {
    this.rotation.leave(used, error);
    this.#failures++;
    if (this.#failures < this.rotation.all.length) return true;
    this.#failures = 0;
    return false;
  }
}

function first<T>(all: readonly T[]): T {
  if (all[0] === undefined) throw new RangeError("At least one endpoint must be named.");
  return all[0];
}
