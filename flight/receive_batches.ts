import type { Schema } from "apache-arrow";
import { ArrowError, IpcDecoder } from "../arrow/mod.ts";
import { decodeBatchMetadata } from "./batch_metadata.ts";
import type { FlightData } from "./flight_data.ts";
import type { FlightBatch } from "./flight_dataset.ts";
import { FlightError, type FlightErrorCode } from "./flight_error.ts";

const EMPTY = new Uint8Array(0);

/** How received batches are checked. */
export interface ReceiveOptions {
  /** What an unreadable message is: DATA_LOSS to a reader, INVALID_ARGUMENT to a server. */
  badMessage: FlightErrorCode;
  /** Called with the schema, before any batch; may throw. */
  onSchema?: (schema: Schema) => void;
  /** Called with a message that has no header, which carries metadata only; may throw. */
  onMetadata?: (frame: FlightData) => void;
}

/** Batches out of FlightData messages, the mirror of sendBatches. */
export async function* receiveBatches(
  frames: AsyncIterable<FlightData>,
  options: ReceiveOptions,
): AsyncGenerator<FlightBatch, void, undefined> {
  const decoder = new IpcDecoder();
  for await (const frame of frames) {
    if (frame.header.length === 0) {
      options.onMetadata?.(frame);
      continue;
    }
    const received = decodeFrame(decoder, frame, options);
    if (received !== undefined) yield received;
  }
}

function decodeFrame(
  decoder: IpcDecoder,
  frame: FlightData,
  { badMessage, onSchema }: ReceiveOptions,
): FlightBatch | undefined {
  try {
    const before = decoder.schema;
    const batch = decoder.decode(frame.header, frame.body[0] ?? EMPTY);
    if (decoder.schema !== before) onSchema?.(decoder.schema!);
    if (batch === undefined) return undefined;
    return { batch, metadata: decodeBatchMetadata(frame.appMetadata, batch, badMessage) };
  } catch (error) {
    if (error instanceof ArrowError) {
      throw new FlightError(badMessage, error.message, { cause: error });
    }
    throw error;
  }
}
