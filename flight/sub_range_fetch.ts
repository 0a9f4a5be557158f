import type { Schema } from "apache-arrow";
import type { EndpointPace } from "./endpoint_pace.ts";
import type { FlightBatch } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import {
  acquireLease,
  type EndpointWish,
  giveBack,
  isCurable,
  type RangeClients,
  type RangeClock,
  type RangeLease,
} from "./range_clients.ts";
import { batchBytes, type ReorderBuffer } from "./reorder_buffer.ts";
import type { RangeFetch, SubRange } from "./sub_range.ts";

/**
 * A stream that reads ahead gives its place back after this long without room: its server may have
 * others to serve, and ends streams that are not read (after 30 s) as failed.
 */
export const HELD_UP_MS = 5_000;

/** Told the schema of each stream and who sends it, before its first batch; may throw to refuse it. */
export type CheckSchema = (schema: Schema, endpoint: string) => void;

/** How a fetch came to its end. */
export type FetchEnd =
  /** The sub-range is whole, or the fetch was cancelled. */
  | { readonly type: "done" }
  /** The server ended the stream early, as one that is stopped does to those who follow the tip. */
  | { readonly type: "ended"; readonly endpoint: string; readonly error: FlightError }
  /** The server failed. */
  | { readonly type: "failed"; readonly endpoint: string; readonly error: FlightError }
  /** The server has too many streams. */
  | { readonly type: "refused"; readonly endpoint: string; readonly error: FlightError }
  /** No connection became free. */
  | { readonly type: "unconnected"; readonly error: Error }
  /** What was asked for is wrong, or the schema was refused. */
  | { readonly type: "final"; readonly endpoint: string; readonly error: Error };

/** What fetches of one stream of batches share. */
export interface FetchOptions {
  readonly clients: RangeClients;
  readonly buffer: ReorderBuffer;
  readonly pace: EndpointPace;
  readonly clock: RangeClock;
  readonly checkSchema: CheckSchema;
  /** Called when a connection has been got. */
  readonly onLease: (endpoint: string) => void;
  /** Called with each batch before it is put into the sub-range. */
  readonly onBatch: (fetch: SubRangeFetch, flightBatch: FlightBatch, bytes: number) => void;
}

/**
 * Reads what is left of a sub-range from one server. As long as the sub-range is not the head it
 * takes room in the buffer before it asks for a batch; then it asks for one when one is wanted.
 */
export class SubRangeFetch implements RangeFetch {
  endpoint: string | undefined;
  askedAt: number | undefined;
  readonly #range: SubRange;
  readonly #options: FetchOptions;
  readonly #ending = new AbortController();
  #wakeUp = () => {};
  /** Whether something else than the server has held it up. */
  #wasHeldUp = false;
  #ledgers = 0;

  constructor(range: SubRange, options: FetchOptions) {
    this.#range = range;
    this.#options = options;
  }

  wake(): void {
    this.#wakeUp();
  }

  cancel(): void {
    this.#range.leave(this);
    this.#ending.abort();
    this.#wakeUp();
  }

  /** Reads to the end, whichever that is; does not reject. The connection has been given back then. */
  async run(wish: EndpointWish): Promise<FetchEnd> {
    const { clients } = this.#options;
    const { signal } = this.#ending;
    let lease: RangeLease;
    try {
      lease = await acquireLease(clients, signal, wish);
    } catch (error) {
      return signal.aborted ? { type: "done" } : { type: "unconnected", error: error as Error };
    }
    const end = await this.#read(lease);
    if (end.type === "ended") lease.fail(end.error);
    else if (end.type === "done") lease.release();
    else giveBack(lease, end.error);
    return end;
  }

  async #read(lease: RangeLease): Promise<FetchEnd> {
    const { endpoint, connection } = lease;
    const { clock, onLease } = this.#options;
    const { signal } = this.#ending;
    this.endpoint = endpoint;
    onLease(endpoint);
    if (signal.aborted) return { type: "done" };
    this.askedAt = clock.monotonic();
    const batches = connection.doGet(this.#range.rest, signal);
    try {
      await this.#takeAll(batches, endpoint);
      if (signal.aborted || this.#range.isWhole) return { type: "done" };
      return { type: "ended", endpoint, error: endedEarly(endpoint) };
    } catch (error) {
      // A server may fail after its last batch, and what follows a cancellation is no news.
      if (signal.aborted || this.#range.isWhole && isCurable(error)) return { type: "done" };
      return failureOf(endpoint, error as Error);
    } finally {
      this.#ending.abort();
      await batches.return(undefined).catch(() => {});
    }
  }

  async #takeAll(
    batches: AsyncGenerator<FlightBatch, void, undefined>,
    endpoint: string,
  ): Promise<void> {
    const { buffer, checkSchema } = this.#options;
    let isFirst = true;
    for (;;) {
      const reserved = await this.#turn();
      if (reserved === undefined) return;
      let isPut = false;
      try {
        const next = await batches.next();
        if (next.done || this.#ending.signal.aborted) return;
        if (isFirst) checkSchema(next.value.batch.schema, endpoint);
        isFirst = false;
        isPut = true;
        this.#put(next.value, reserved);
      } finally {
        if (!isPut) buffer.free(reserved);
      }
    }
  }

  #put(flightBatch: FlightBatch, reserved: number): void {
    const { buffer, pace, clock, onBatch } = this.#options;
    const bytes = batchBytes(flightBatch);
    // What is given at once takes no room.
    if (reserved > 0) buffer.put(reserved, bytes);
    const { first_ledger, last_ledger } = flightBatch.metadata;
    this.#ledgers += last_ledger - first_ledger + 1;
    if (!this.#wasHeldUp && this.#range.isHistory) {
      pace.note(this.endpoint!, (clock.monotonic() - this.askedAt!) / this.#ledgers);
    }
    onBatch(this, flightBatch, bytes);
    this.#range.put(flightBatch, reserved > 0 ? bytes : 0);
  }

  /** Waits until a batch may be asked for. Undefined when it is cancelled, else the bytes reserved. */
  async #turn(): Promise<number | undefined> {
    const { buffer, clock } = this.#options;
    const range = this.#range;
    let timer: { stop(): void } | undefined;
    const noLonger = buffer.onRoom(() => this.#wakeUp());
    try {
      for (;;) {
        if (this.#ending.signal.aborted) return undefined;
        const reserved = range.isHead ? (range.isWanted ? 0 : undefined) : buffer.reserve();
        if (reserved !== undefined) return reserved;
        this.#wasHeldUp = true;
        if (!range.isHead) {
          timer ??= clock.setTimeout(() => {
            if (!range.isHead) this.cancel();
          }, HELD_UP_MS);
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wakeUp = resolve;
        await promise;
      }
    } finally {
      timer?.stop();
      noLonger();
    }
  }
}

function failureOf(endpoint: string, error: Error): FetchEnd {
  if (!isCurable(error)) return { type: "final", endpoint, error };
  const type = error.code === "RESOURCE_EXHAUSTED" ? "refused" : "failed";
  return { type, endpoint, error };
}

function endedEarly(endpoint: string): FlightError {
  return new FlightError(
    "UNAVAILABLE",
    `Flight server ${endpoint}: the stream ended before the last ledger.`,
  );
}
