import { type Clock, describeError } from "../component/mod.ts";
import { Backoff } from "../controller/mod.ts";
import type { ConnectionOpener } from "./connection_opener.ts";
import { RECONNECT_BACKOFF_MS } from "./limits.ts";
import { closeQuietly, type PoolEndpoint } from "./pool_endpoint.ts";
import type { Poolable } from "./pool_options.ts";

/** What a recovery is made of. */
export interface EndpointRecoveryOptions<C extends Poolable> {
  readonly opener: ConnectionOpener<C>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Takes over the connection that shows that the endpoint serves again. */
  readonly onRecovered: (endpoint: PoolEndpoint<C>, connection: C) => void;
}

/** Tries endpoints that failed again and again, until a connection to them passes its check. */
export class EndpointRecovery<C extends Poolable> {
  readonly #options: EndpointRecoveryOptions<C>;
  readonly #running = new Map<PoolEndpoint<C>, AbortController>();

  constructor(options: EndpointRecoveryOptions<C>) {
    this.#options = options;
  }

  /** Begins to try an endpoint, unless it is being tried. */
  begin(endpoint: PoolEndpoint<C>): void {
    if (this.#running.has(endpoint)) return;
    const ending = new AbortController();
    this.#running.set(endpoint, ending);
    void this.#run(endpoint, ending.signal);
  }

  /** Gives it up. */
  end(endpoint: PoolEndpoint<C>): void {
    this.#running.get(endpoint)?.abort();
    this.#running.delete(endpoint);
  }

  /** Gives all up. */
  stop(): void {
    for (const endpoint of this.#running.keys()) this.end(endpoint);
  }

  async #run(endpoint: PoolEndpoint<C>, signal: AbortSignal): Promise<void> {
    const { clock, random, opener, onRecovered } = this.#options;
    const backoff = new Backoff(random, RECONNECT_BACKOFF_MS);
    let connection: C | undefined;
    while (connection === undefined) {
      try {
        await clock.sleep(backoff.next(), signal);
        connection = await opener.open(endpoint, signal);
      } catch (error) {
        if (signal.aborted) return;
        endpoint.lastError = describeError(error);
      }
    }
    if (signal.aborted) {
      closeQuietly(connection);
      return;
    }
    this.#running.delete(endpoint);
    onRecovered(endpoint, connection);
  }
}
