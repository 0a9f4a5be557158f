import { FlightError } from "./flight_error.ts";
import type { RangeClient } from "./failover_client.ts";

/**
 * Stands in for a server that is not known yet: whatever is asked of it fails as UNAVAILABLE, which a
 * reader waits for, with the reason of the moment.
 */
export class AbsentClient implements RangeClient {
  /** @param endpoint what messages call it */
  constructor(readonly endpoint: string, private readonly reason: () => string) {}

  /** Rejects. */
  getSchema(): Promise<never> {
    return Promise.reject(this.#failure());
  }

  /** Rejects. */
  getFlightInfo(): Promise<never> {
    return Promise.reject(this.#failure());
  }

  /** Throws when it is read. */
  // deno-lint-ignore require-yield -- there is nothing to yield
  async *doGet(): AsyncGenerator<never, void, undefined> {
    throw await Promise.resolve(this.#failure());
  }

  /** Does nothing. */
  close(): void {}

  #failure(): FlightError {
    return new FlightError("UNAVAILABLE", this.reason());
  }
}
