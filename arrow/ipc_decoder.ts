import {
  Message,
  MessageHeader,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
  type Vector,
} from "apache-arrow";
import { checkData, checkDictionary } from "./_check_data.ts";
import { ArrowError } from "./arrow_error.ts";
import { encapsulate } from "./ipc_encoder.ts";

/** The part of arrow-js' reader that is used here; internal to it, so its version is pinned. */
interface ReaderInternals {
  dictionaries: Map<number, Vector>;
  _loadDictionaryBatch(header: unknown, body: Uint8Array): Vector;
  _loadRecordBatch(header: unknown, body: Uint8Array, metadata: unknown): RecordBatch;
}

/**
 * IPC messages to record batches, the mirror of IpcEncoder. Batches are views of the bodies that
 * are passed in, where these are aligned to 8 bytes; others are copied once.
 */
export class IpcDecoder {
  /** Schema of the stream, once its message has come. */
  schema: Schema | undefined;
  #reader: ReaderInternals | undefined;

  /**
   * Takes one message and gives its record batch; undefined for schemas and dictionaries. Throws
   * ArrowError when the message cannot be read, comes before the schema, or has a column that
   * leaves its own buffers.
   */
  decode(header: Uint8Array, body: Uint8Array): RecordBatch | undefined {
    try {
      return this.#decode(header, body);
    } catch (error) {
      if (error instanceof ArrowError) throw error;
      throw new ArrowError(
        "BAD_MESSAGE",
        `An Arrow message of ${header.length} + ${body.length} bytes cannot be read: ` +
          (error instanceof Error ? error.message : String(error)),
        { cause: error },
      );
    }
  }

  #decode(header: Uint8Array, body: Uint8Array): RecordBatch | undefined {
    const message = Message.decode(header);
    if (Number(message.bodyLength) > body.length) {
      throw new ArrowError(
        "BAD_MESSAGE",
        `An Arrow message must have a body of ${message.bodyLength} bytes: it has ${body.length}.`,
      );
    }
    if (message.isSchema()) {
      this.#open(header);
      return undefined;
    }
    const reader = this.#reader;
    if (reader === undefined) {
      throw new ArrowError("BAD_MESSAGE", "An Arrow stream must begin with its schema.");
    }
    // 64-bit columns are read in place, which needs alignment. Not `slice`: a Buffer's copies
    // nothing.
    const aligned = body.byteOffset % 8 === 0 ? body : new Uint8Array(body);
    if (message.isDictionaryBatch()) {
      const dictionary = message.header() as { id: number };
      const values = reader._loadDictionaryBatch(dictionary, aligned);
      checkDictionary(values, dictionary.id);
      reader.dictionaries.set(dictionary.id, values);
      return undefined;
    }
    if (message.isRecordBatch()) {
      const batch = reader._loadRecordBatch(message.header(), aligned, message.metadata);
      for (const [i, column] of batch.data.children.entries()) {
        checkData(column, `column "${batch.schema.fields[i]!.name}"`);
      }
      return batch;
    }
    throw new ArrowError(
      "BAD_MESSAGE",
      `An Arrow stream holds schemas, dictionaries and record batches: ${
        MessageHeader[message.headerType]
      } is none.`,
    );
  }

  #open(header: Uint8Array): void {
    const reader = RecordBatchReader.from(encapsulate(header));
    reader.open();
    this.#reader = (reader as unknown as { _impl: ReaderInternals })._impl;
    this.schema = reader.schema;
  }
}

/** The schema of an encapsulated message, as FlightInfo and SchemaResult carry it. */
export function decodeEncapsulatedSchema(bytes: Uint8Array): Schema {
  try {
    const reader = RecordBatchReader.from(bytes);
    reader.open();
    if (reader.schema) return reader.schema;
  } catch (error) {
    throw new ArrowError("BAD_MESSAGE", "An Arrow schema cannot be read.", { cause: error });
  }
  throw new ArrowError("BAD_MESSAGE", "An Arrow schema was expected: the message has none.");
}
