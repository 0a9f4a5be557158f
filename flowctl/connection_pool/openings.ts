import type { ConnectionOpener } from "./connection_opener.ts";
import { closeQuietly, type PoolEndpoint } from "./pool_endpoint.ts";
import type { Poolable } from "./pool_options.ts";
import type { Waiter } from "./waiting_line.ts";

/** A connection on its way. */
export interface Opening<C extends Poolable> {
  readonly endpoint: PoolEndpoint<C>;
  readonly ending: AbortController;
  /** For whom; nobody when it is opened to be kept, or when another came first. */
  waiter: Waiter<C> | undefined;
}

/** What the openings are made of. */
export interface OpeningsOptions<C extends Poolable> {
  readonly opener: ConnectionOpener<C>;
  /** Takes over a connection that has been opened. */
  readonly onOpened: (endpoint: PoolEndpoint<C>, connection: C) => void;
  /** Told why one has not. */
  readonly onFailed: (endpoint: PoolEndpoint<C>, error: unknown) => void;
}

/** Connections on their way to be a pool's. */
export class Openings<C extends Poolable> {
  readonly #options: OpeningsOptions<C>;
  readonly #openings = new Set<Opening<C>>();

  constructor(options: OpeningsOptions<C>) {
    this.#options = options;
  }

  /** Begins to open one, for the waiter or to be kept. */
  open(endpoint: PoolEndpoint<C>, waiter?: Waiter<C>): void {
    const opening: Opening<C> = { endpoint, ending: new AbortController(), waiter: undefined };
    if (waiter !== undefined) attach(opening, waiter);
    endpoint.opening++;
    this.#openings.add(opening);
    void this.#finish(opening);
  }

  /**
   * Whether one that suits the waiter is being opened for it; one that does not suit it any more, or
   * that nobody waits for, changes hands.
   */
  has(waiter: Waiter<C>, suits: (endpoint: PoolEndpoint<C>) => boolean): boolean {
    if (waiter.opening !== undefined) {
      if (suits(waiter.opening.endpoint)) return true;
      waiter.opening.waiter = undefined;
      waiter.opening = undefined;
    }
    for (const opening of this.#openings) {
      if (opening.waiter !== undefined || !suits(opening.endpoint)) continue;
      attach(opening, waiter);
      return true;
    }
    return false;
  }

  /** Gives up those to an endpoint. */
  cancel(endpoint: PoolEndpoint<C>): void {
    for (const opening of this.#openings) {
      if (opening.endpoint !== endpoint) continue;
      this.#forget(opening);
      opening.ending.abort();
    }
  }

  async #finish(opening: Opening<C>): Promise<void> {
    const { opener, onOpened, onFailed } = this.#options;
    const { endpoint } = opening;
    let connection: C;
    try {
      connection = await opener.open(endpoint, opening.ending.signal);
    } catch (error) {
      if (this.#forget(opening)) onFailed(endpoint, error);
      return;
    }
    // It may have been given up at the same moment.
    if (this.#forget(opening)) onOpened(endpoint, connection);
    else closeQuietly(connection);
  }

  /** @returns false when it was given up before */
  #forget(opening: Opening<C>): boolean {
    if (!this.#openings.delete(opening)) return false;
    opening.endpoint.opening--;
    if (opening.waiter !== undefined) opening.waiter.opening = undefined;
    return true;
  }
}

function attach<C extends Poolable>(opening: Opening<C>, waiter: Waiter<C>): void {
  opening.waiter = waiter;
  waiter.opening = opening;
  waiter.hasAsked = true;
}
