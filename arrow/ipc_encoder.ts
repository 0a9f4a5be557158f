import { Message, RecordBatch, RecordBatchWriter, Schema } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { schemaDifference } from "./same_type.ts";

/**
 * One Arrow IPC message in pieces: the bare Message flatbuffer and the buffers of its body, each
 * to be padded with zeros to a multiple of 8 bytes. Nothing has been copied: the pieces are views
 * of the record batch's own buffers.
 */
export interface IpcMessage {
  /** The Message flatbuffer, without prefix. */
  readonly header: Uint8Array;
  /** Buffers of the body, without padding. */
  readonly body: readonly Uint8Array[];
  /** Bytes of the whole body, padding included. */
  readonly bodyLength: number;
}

/**
 * Record batches of one schema to IPC messages: a dictionary batch where a column's dictionary is
 * new or another one than before, then the record batch. Bodies are not compressed.
 */
export class IpcEncoder {
  readonly #writer = new MessageWriter();

  /** For one stream: what has been sent of dictionaries is remembered. */
  constructor(readonly schema: Schema) {}

  /** The schema message, which comes first in a stream. */
  encodeSchema(): IpcMessage {
    return { header: encodeMessage(this.schema), body: [], bodyLength: 0 };
  }

  /**
   * The messages of one batch; the last one is the record batch itself. Throws ArrowError when
   * the batch has other columns than the schema.
   */
  encode(batch: RecordBatch): IpcMessage[] {
    if (batch.schema !== this.schema && batch.schema.fields !== this.schema.fields) {
      const difference = schemaDifference(this.schema, batch.schema);
      if (difference !== undefined) {
        throw new ArrowError(
          "SCHEMA_MISMATCH",
          `A batch is not of its stream's schema: ${difference}.`,
        );
      }
    }
    return this.#writer.messages(batch);
  }
}

/**
 * A schema as an encapsulated IPC message, as FlightInfo and SchemaResult carry it:
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | FF FF FF FF (continuation) |
 * | 4–7 | int32 length of the flatbuffer, padding included |
 * | 8–  | Message flatbuffer, padded to a multiple of 8 |
 */
export function encapsulateSchema(schema: Schema): Uint8Array<ArrayBuffer> {
  return encapsulate(encodeMessage(schema));
}

/** Puts the continuation marker and the length before a Message flatbuffer. */
export function encapsulate(header: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = (header.length + 7) & ~7;
  const out = new Uint8Array(8 + length);
  const view = new DataView(out.buffer);
  view.setInt32(0, -1, true);
  view.setInt32(4, length, true);
  out.set(header, 8);
  return out;
}

function encodeMessage(schema: Schema): Uint8Array {
  // Message.from is typed for record batch headers only, but takes schemas as well.
  return Message.encode(Message.from(schema as never));
}

/**
 * arrow-js' writer decides what a batch's messages are (dictionary batches included); this takes
 * each before it is flattened into a stream. The overridden methods are internal to arrow-js, so
 * its version is pinned and the tests compare with pyarrow.
 */
// deno-lint-ignore no-explicit-any -- the overridden members are private in arrow-js' types.
class MessageWriter extends (RecordBatchWriter as any) {
  #messages: { header: Uint8Array; body: Uint8Array[]; bodyLength: number }[] = [];

  messages(batch: RecordBatch): IpcMessage[] {
    this.#messages = [];
    // Not `write`: it silently ends the stream when schemas differ by constructor.
    // deno-lint-ignore no-explicit-any -- as above.
    (this as any)._writeRecordBatch(batch);
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  _writeMessage(message: Message): this {
    const bodyLength = Number(message.bodyLength);
    this.#messages.push({ header: Message.encode(message), body: [], bodyLength });
    return this;
  }

  _writeBodyBuffers(buffers: readonly ArrayBufferView[]): this {
    const body = this.#messages.at(-1)!.body;
    for (const b of buffers) {
      if (b.byteLength > 0) body.push(new Uint8Array(b.buffer, b.byteOffset, b.byteLength));
    }
    return this;
  }
}
