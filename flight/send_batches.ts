import type { Writable } from "node:stream";
import type { Schema } from "apache-arrow";
import { IpcEncoder, type IpcMessage } from "../arrow/mod.ts";
import { encodeBatchMetadata, ledgersIn } from "./batch_metadata.ts";
import type { BudgetShare, InflightBudget } from "./inflight_budget.ts";
import { type FlightData, SerializedFlightData } from "./flight_data.ts";
import type { FlightBatch } from "./flight_dataset.ts";
import { untilAborted } from "../grpc/mod.ts";
import { FlightError } from "./flight_error.ts";

/** What a stream counts as it goes. */
export interface SendStats {
  bytesSent: number;
  batchesSent: number;
}

/** How a stream of batches is sent. */
export interface SendOptions {
  schema: Schema;
  signal: AbortSignal;
  budget: InflightBudget;
  /** This stream's part of the budget. */
  share: BudgetShare;
  maxMessageBytes: number;
  stats: SendStats;
  /** FlightDescriptor for the first message; DoPut has one. */
  descriptor?: Uint8Array;
}

/**
 * Sends a schema and batches as FlightData. The next batch is asked for only when the bytes in
 * flight allow it, so that a peer which does not read holds up whatever makes the batches.
 *
 * grpc-js' `write` says "full" only after 16 messages of any size; what counts here are the bytes
 * whose write callback has not come. Resolves when all have been sent; does not end the stream.
 */
export async function sendBatches(
  call: Pick<Writable, "write">,
  batches: AsyncIterable<FlightBatch>,
  options: SendOptions,
): Promise<void> {
  const { signal, schema, descriptor } = options;
  const sender = new FrameSender(call, options);
  const encoder = new IpcEncoder(schema);
  const iterator = batches[Symbol.asyncIterator]();
  let finished = false;
  try {
    await sender.send({ ...encoder.encodeSchema(), ...(descriptor && { descriptor }) });
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      if (next.done) break;
      const { batch, metadata } = next.value;
      await sendBatch(sender, encoder.encode(batch), encodeBatchMetadata(metadata), next.value);
    }
    finished = true;
    await sender.drained();
  } finally {
    // A dataset that does not heed the signal is told in this way, and not waited for.
    if (!finished) iterator.return?.()?.catch?.(() => {});
    sender.close();
  }
}

/** The messages of one batch; what the batch says of itself goes with the last. */
async function sendBatch(
  sender: FrameSender,
  messages: readonly IpcMessage[],
  appMetadata: Uint8Array,
  batch: FlightBatch,
): Promise<void> {
  for (const [i, message] of messages.entries()) {
    const last = i === messages.length - 1;
    await sender.send(last ? { ...message, appMetadata } : message, last ? batch : undefined);
  }
}

/** Writes frames within the budget. */
class FrameSender {
  readonly #call: Pick<Writable, "write">;
  readonly #options: SendOptions;
  #closed = false;
  #failure: Error | undefined;
  #onDrained: (() => void) | undefined;

  constructor(call: Pick<Writable, "write">, options: SendOptions) {
    this.#call = call;
    this.#options = options;
  }

  /** Sends a message; `flightBatch` is the batch that it ends, where it does. */
  async send(frame: FlightData, flightBatch?: FlightBatch): Promise<void> {
    const { budget, share, signal, maxMessageBytes, stats } = this.#options;
    const ledgers = flightBatch === undefined ? 0 : ledgersIn(flightBatch.metadata);
    const bytes = new SerializedFlightData(frame).length;
    if (bytes > maxMessageBytes) {
      throw new FlightError(
        "RESOURCE_EXHAUSTED",
        `A batch of ${
          flightBatch?.batch.numRows ?? 0
        } rows takes ${bytes} bytes: a message has at most ${maxMessageBytes}. ` +
          "Ask for fewer ledgers a batch, or raise MAX_MESSAGE_BYTES on both sides.",
      );
    }
    await budget.acquire(share, bytes, signal, ledgers);
    this.#call.write(frame, (error?: Error | null) => {
      // After close() the whole share has been given back already.
      if (this.#closed) return;
      if (error) {
        this.#failure = error;
      } else {
        stats.bytesSent += bytes;
        if (flightBatch !== undefined) stats.batchesSent++;
      }
      budget.release(share, bytes, ledgers);
      if (share.used === 0) this.#onDrained?.();
    });
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when everything written has been sent. */
  async drained(): Promise<void> {
    if (this.#options.share.used > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onDrained = resolve;
      await untilAborted(promise, this.#options.signal);
    }
    if (this.#failure) throw this.#failure;
  }

  /** Gives back what is still held: of a cancelled stream no callback comes any more. */
  close(): void {
    this.#closed = true;
    const { budget, share } = this.#options;
    budget.release(share, share.used, share.ledgers);
  }
}
