import type { Schema } from "apache-arrow";
import { EndpointPace } from "./endpoint_pace.ts";
import type { FlightRangeInfo } from "./flight_client.ts";
import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import {
  acquireLease,
  type EndpointWish,
  giveBack,
  isCurable,
  isFailure,
  listedEndpoints,
  machineClock,
  type OnMove,
  type RangeClient,
  type RangeClients,
  type RangeClock,
  servingEndpoints,
} from "./range_clients.ts";
import { RangePlan } from "./range_plan.ts";
import { RangeStream } from "./range_stream.ts";
import { ReadingPlaces } from "./reading_places.ts";
import { ReorderBuffer } from "./reorder_buffer.ts";
import { tellFlowSignal } from "./flow_signal_action.ts";
import type { CheckSchema } from "./sub_range_fetch.ts";

/** A call that answers once is asked of a second server when it has not been answered for this long. */
export const ASK_AGAIN_MS = 2_000;

/**
 * Streams at once of a reader over all its servers: more were not faster, and each may hold two
 * messages and an HTTP/2 window.
 */
export const MAX_PARALLEL_STREAMS = 4;

/** What a RangeReader is made of. */
export interface RangeReaderOptions {
  /** Connections to servers of the same datasets. */
  readonly clients: RangeClients;
  /**
   * Streams at once over all that is read, of which a server is asked for two at most; 1 reads each
   * range as one stream.
   */
  readonly parallel: number;
  /** Bytes that may wait for their turn, over all that is read. */
  readonly bufferBytes: number;
  /** Told when an endpoint is left for another, once until it works again. */
  readonly onMove?: OnMove;
  /** Time; the machine's by default. */
  readonly clock?: RangeClock;
}

/**
 * Reads from several servers of the same datasets as if they were one: what fails for the moment's
 * sake is asked of the next one at once, and fails only when each has failed in turn. What asks
 * wrongly (INVALID_ARGUMENT, OUT_OF_RANGE, DATA_LOSS …) is asked of no other. History is read over
 * several streams at once.
 *
 * The clients are their owner's to open and close.
 */
export class RangeReader {
  readonly #options: RangeReaderOptions;
  readonly #clock: RangeClock;
  readonly #pace: EndpointPace;
  readonly #buffer: ReorderBuffer;
  readonly #places: ReadingPlaces;
  /** Endpoints whose leaving has been told since they last gave something. */
  readonly #left = new Set<string>();
  /** The endpoint that was used last. */
  #endpoint: string | undefined;
  /** The endpoint whose schema was refused last. */
  #refused: string | undefined;

  /** Throws RangeError for `parallel` below 1 or a negative size of the buffer. */
  constructor(options: RangeReaderOptions) {
    const { parallel, bufferBytes } = options;
    if (!(Number.isInteger(parallel) && parallel >= 1)) {
      throw new RangeError(`"parallel" must be a whole number from 1 on: ${parallel}.`);
    }
    if (!(bufferBytes >= 0)) {
      throw new RangeError(`"bufferBytes" must be 0 or above: ${bufferBytes}.`);
    }
    this.#options = options;
    this.#clock = options.clock ?? machineClock;
    this.#pace = new EndpointPace(() => this.#clock.monotonic());
    this.#buffer = new ReorderBuffer(bufferBytes);
    this.#places = new ReadingPlaces(parallel, this.#clock);
  }

  /** The endpoint that is used now or was used last, else the one that is wanted most. */
  get endpoint(): string {
    return this.#endpoint ?? listedEndpoints(this.#options.clients)[0] ?? "";
  }

  /** All endpoints, for messages. */
  get endpoints(): string {
    return listedEndpoints(this.#options.clients).join(", ");
  }

  /** Bytes that wait for their turn. */
  get bufferedBytes(): number {
    return this.#buffer.used;
  }

  /** Servers that are read from now. */
  get servers(): number {
    return this.#places.endpoints.size;
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
   * Tells the servers that are read from the load of their consumer, over connections that are open.
   * `unsupported` when none of them takes it. Throws FlightError when one cannot be told now; the
   * others are told all the same.
   */
  async tellLoad(body: Uint8Array, signal: AbortSignal): Promise<"taken" | "unsupported"> {
    const clients = [...this.#places.endpoints].map((at) => this.#options.clients.pick(at));
    const told = await Promise.allSettled(
      clients.map((client) => client && tellFlowSignal(client, body, signal)),
    );
    const failed = told.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const isUnknown = told.length > 0 &&
      told.every((outcome) => outcome.status === "fulfilled" && outcome.value === "unsupported");
    return isUnknown ? "unsupported" : "taken";
  }

  /**
   * As FlightClient's, in order whatever it is read over. A stream that breaks off goes on at the
   * next server with the ledger after the last one received. One that breaks off within a ledger
   * (`partial`) fails nevertheless, for whoever has its first part must forget it; who asks again is
   * served by the next server.
   */
  doGet(
    request: RangeRequest,
    signal?: AbortSignal,
    checkSchema: CheckSchema = () => {},
  ): AsyncGenerator<FlightBatch, void, undefined> {
    const { clients, parallel, bufferBytes } = this.#options;
    const ask = parallel > 1 && bufferBytes > 0
      ? (range: RangeRequest) => this.getFlightInfo(range)
      : undefined;
    return new RangeStream({
      clients,
      buffer: this.#buffer,
      pace: this.#pace,
      clock: this.#clock,
      places: this.#places,
      plan: new RangePlan(request, ask, bufferBytes / parallel),
      checkSchema: this.#remembering(checkSchema),
      signal,
      refused: () => this.#refused,
      newestBeside: (avoid) => this.#newestBeside(request.dataset, avoid),
      onUse: (endpoint) => void (this.#endpoint = endpoint),
      onWorks: (endpoint) => this.#works(endpoint),
      onMove: (left, taken, error) => this.#move(left, taken, error),
    }).read();
  }

  async #newestBeside(dataset: string, avoid: string): Promise<number | undefined> {
    try {
      const call = (client: RangeClient) => client.getFlightInfo({ dataset });
      const { endpoint, answer } = await this.#call(call, { order: "preferred", avoid });
      return endpoint === avoid ? undefined : answer.lastLedger;
    } catch {
      // It is asked again after the next silence.
      return undefined;
    }
  }

  async #ask<R>(call: (client: RangeClient) => Promise<R>): Promise<R> {
    const { clients } = this.#options;
    let left: { endpoint: string; error: Error } | undefined;
    for (let failures = 1;; failures++) {
      const avoid = left?.endpoint ?? this.#refused;
      const wish: EndpointWish = { order: "preferred", ...(avoid !== undefined && { avoid }) };
      try {
        const { endpoint, answer } = await this.#askSilent(call, wish);
        if (left !== undefined && left.endpoint !== endpoint) {
          this.#move(left.endpoint, endpoint, left.error);
        }
        this.#works(endpoint);
        return answer;
      } catch (failure) {
        if (!(failure instanceof FailedCall)) throw failure;
        const { endpoint, error } = failure;
        this.#endpoint = endpoint ?? this.#endpoint;
        const isRoundOver = failures >= listedEndpoints(clients).length ||
          servingEndpoints(clients).length === 0;
        if (endpoint === undefined || !isCurable(error) || isRoundOver) throw error;
        left = { endpoint, error };
      }
    }
  }

  /** Asks a second server too when the first is silent; the first answer counts. */
  async #askSilent<R>(call: (client: RangeClient) => Promise<R>, wish: EndpointWish) {
    const { clients } = this.#options;
    let asked: string | undefined;
    const first = this.#call(call, wish, (endpoint) => asked = endpoint);
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = this.#clock.setTimeout(() => resolve("late"), ASK_AGAIN_MS);
    try {
      const outcome = await Promise.race([first, late]);
      if (outcome !== "late") return outcome;
      const hasOther = servingEndpoints(clients).some((endpoint) => endpoint !== asked);
      if (asked === undefined || !hasOther) return await first;
      const second = this.#call(call, { order: "preferred", avoid: asked });
      return await Promise.any([first, second]).catch(() => first);
    } finally {
      timer.stop();
    }
  }

  /** One call. Rejects with a FailedCall. */
  async #call<R>(
    call: (client: RangeClient) => Promise<R>,
    wish: EndpointWish,
    onAsked: (endpoint: string) => void = () => {},
  ): Promise<{ endpoint: string; answer: R }> {
    const { clients } = this.#options;
    const open = this.#openClient(wish);
    if (open !== undefined) {
      try {
        onAsked(open.endpoint);
        return { endpoint: open.endpoint, answer: await call(open) };
      } catch (error) {
        // Whether it is the connection or the server shows with one of the caller's own.
        if (!isFailure(error)) throw new FailedCall(open.endpoint, error as Error);
      }
    }
    const lease = await acquireLease(clients, undefined, wish).catch((error) => {
      throw new FailedCall(undefined, error);
    });
    onAsked(lease.endpoint);
    try {
      const answer = await call(lease.connection);
      lease.release();
      return { endpoint: lease.endpoint, answer };
    } catch (error) {
      giveBack(lease, error);
      throw new FailedCall(lease.endpoint, error as Error);
    }
  }

  /** A connection to the wanted endpoint that is open already: short calls wait for no stream. */
  #openClient({ avoid }: EndpointWish): RangeClient | undefined {
    const { clients } = this.#options;
    const serving = servingEndpoints(clients);
    const wanted = serving.find((endpoint) => endpoint !== avoid) ?? serving[0];
    return wanted === undefined ? undefined : clients.pick(wanted);
  }

  /** Remembers whose schema was refused. */
  #remembering(check: CheckSchema): CheckSchema {
    return (schema, endpoint) => {
      try {
        check(schema, endpoint);
        if (this.#refused === endpoint) this.#refused = undefined;
      } catch (error) {
        this.#refused = endpoint;
        throw error;
      }
    };
  }

  #works(endpoint: string): void {
    this.#endpoint = endpoint;
    this.#left.delete(endpoint);
  }

  /** While all are away, going round and round is no news. */
  #move(left: string, taken: string, error: Error): void {
    if (this.#left.has(left)) return;
    this.#left.add(left);
    this.#options.onMove?.(left, taken, error);
  }
}

/** A call that failed, and whom it asked; undefined when no connection became free. */
class FailedCall extends Error {
  override readonly name = "FailedCall";

  constructor(readonly endpoint: string | undefined, readonly error: Error) {
    super(error.message, { cause: error });
  }
}
