import type { Schema } from "apache-arrow";
import { EndpointRotation, type OnMove } from "./endpoint_rotation.ts";
import type { FlightClient, FlightRangeInfo } from "./flight_client.ts";
import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";

/** The part of FlightClient that is needed; tests have others. */
export type RangeClient = Pick<
  FlightClient,
  "endpoint" | "getSchema" | "getFlightInfo" | "doGet" | "close"
>;

/** Told the schema of each stream and who sends it, before its first batch; may throw to refuse it. */
export type CheckSchema = (schema: Schema, endpoint: string) => void;

/**
 * Reads from several servers of the same datasets as if they were one: what fails for the moment's
 * sake is asked of the next one at once, and fails only when each has failed in turn. What asks
 * wrongly (INVALID_ARGUMENT, OUT_OF_RANGE, DATA_LOSS …) is asked of no other.
 *
 * Life: as a FlightClient; `close()` closes all of them.
 */
export class FailoverClient {
  readonly #rotation: EndpointRotation<RangeClient>;

  /** Takes over the clients, in the order in which their servers are wanted. */
  constructor(clients: readonly RangeClient[], onMove?: OnMove) {
    this.#rotation = new EndpointRotation(clients, onMove);
  }

  /** The endpoint that is used now. */
  get endpoint(): string {
    return this.#rotation.current.endpoint;
  }

  /** All endpoints, for messages. */
  get endpoints(): string {
    return this.#rotation.text;
  }

  /**
   * Asks other servers from now on, in this order; streams that run go on at theirs until it fails. The
   * clients that are left out are their owner's to close.
   */
  replace(clients: readonly RangeClient[]): void {
    this.#rotation.replace(clients);
  }

  /** As FlightClient's. */
  getSchema(dataset: string): Promise<Schema> {
    return this.#ask((client) => client.getSchema(dataset));
  }

  /** As FlightClient's. */
  getFlightInfo(request: RangeRequest): Promise<FlightRangeInfo> {
    return this.#ask((client) => client.getFlightInfo(request));
  }

  /**
   * As FlightClient's. A stream that breaks off goes on at the next server with the ledger after the
   * last one received. One that breaks off within a ledger (`partial`) fails nevertheless, for whoever
   * has its first part must forget it; who asks again is served by the next server.
   */
  async *doGet(
    request: RangeRequest,
    signal?: AbortSignal,
    checkSchema: CheckSchema = () => {},
  ): AsyncGenerator<FlightBatch, void, undefined> {
    const round = this.#rotation.round();
    let rest = request;
    let isPartial = false;
    while (true) {
      const client = round.current;
      try {
        let isFirst = true;
        for await (const flightBatch of client.doGet(rest, signal)) {
          if (isFirst) this.#check(client, flightBatch, checkSchema);
          isFirst = false;
          round.worked(client);
          const { last_ledger, partial } = flightBatch.metadata;
          isPartial = partial === true;
          rest = { ...rest, startLedger: isPartial ? last_ledger : last_ledger + 1 };
          yield flightBatch;
        }
        if (isWhole(rest) || signal?.aborted) return;
        if (!round.failed(client, endedEarly(client)) || isPartial) return;
      } catch (error) {
        if (signal?.aborted || !isCurable(error)) throw error;
        if (!round.failed(client, error) || isPartial) throw error;
        if (isWhole(rest)) return;
      }
    }
  }

  /** Closes the connections to all servers. */
  close(): void {
    for (const client of this.#rotation.all) client.close();
  }

  /** A server that is refused is asked last from now on. */
  #check(client: RangeClient, { batch }: FlightBatch, check: CheckSchema): void {
    try {
      check(batch.schema, client.endpoint);
    } catch (error) {
      this.#rotation.leave(client, error as Error);
      throw error;
    }
  }

  async #ask<R>(call: (client: RangeClient) => Promise<R>): Promise<R> {
    const round = this.#rotation.round();
    while (true) {
      const client = round.current;
      try {
        const answer = await call(client);
        round.worked(client);
        return answer;
      } catch (error) {
        if (!isCurable(error) || !round.failed(client, error)) throw error;
      }
    }
  }
}

function isCurable(error: unknown): error is FlightError {
  return error instanceof FlightError && error.isCurable;
}

/** Whether nothing is left of what was asked for; what follows the tip never ends. */
function isWhole({ startLedger, endLedger }: RangeRequest): boolean {
  return startLedger !== undefined && !!endLedger && startLedger > endLedger;
}

/** A server that is stopped ends the streams that follow the tip without an error. */
function endedEarly({ endpoint }: RangeClient): FlightError {
  return new FlightError(
    "UNAVAILABLE",
    `Flight server ${endpoint}: the stream ended before the last ledger.`,
  );
}
