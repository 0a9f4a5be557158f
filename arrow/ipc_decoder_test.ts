import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { RecordBatch } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { BoolColumn } from "./bool_column.ts";
import { DictionaryColumn } from "./dictionary_column.ts";
import { IpcDecoder } from "./ipc_decoder.ts";
import { IpcEncoder, type IpcMessage } from "./ipc_encoder.ts";
import { RecordBatchBuilder } from "./record_batch_builder.ts";
import { ttpEventSchema } from "./schemas.ts";
import { Uint32Column } from "./uint32_column.ts";
import { Utf8Column } from "./utf8_column.ts";

const schema = ttpEventSchema.select([
  "ledger_sequence",
  "to_muxed_id_type",
  "amount",
  "transaction_successful",
]);

const ROWS = 20;

/** A decoder that knows the schema and the dictionary, and the message of one batch. */
function prepared(nullTypes = false) {
  const [ledgers, amounts, flags] = [new Uint32Column(), new Utf8Column(), new BoolColumn()];
  const types = new DictionaryColumn(["id", "text", "hash"]);
  const byName = new Map(
    Object.entries({
      ledger_sequence: ledgers,
      to_muxed_id_type: types,
      amount: amounts,
      transaction_successful: flags,
    }),
  );
  const builder = new RecordBatchBuilder(
    schema,
    schema.fields.map((field) => byName.get(field.name)!),
  );
  for (let i = 0; i < ROWS; i++) {
    ledgers.append(i);
    nullTypes && i === 2 ? types.appendNull() : types.append(i % 2);
    amounts.appendString(String(i * i));
    flags.append(true);
  }
  const encoder = new IpcEncoder(schema);
  const decoder = new IpcDecoder();
  decoder.decode(encoder.encodeSchema().header, new Uint8Array(0));
  const [dictionary, batch] = encoder.encode(builder.finish());
  return { decoder, dictionary: dictionary!, batch: batch! };
}

/** The body on the wire, and where each of its pieces begins. */
function laidOut(message: IpcMessage): { body: Uint8Array; at: Map<Uint8Array, number> } {
  const body = new Uint8Array(message.bodyLength);
  const at = new Map<Uint8Array, number>();
  let offset = 0;
  for (const piece of message.body) {
    body.set(piece, offset);
    at.set(piece, offset);
    offset += (piece.length + 7) & ~7;
  }
  return { body, at };
}

/** Where the one piece of that many bytes begins. */
function pieceOf(message: IpcMessage, bytes: number): number {
  const found = message.body.filter((piece) => piece.length === bytes);
  assertEquals(found.length, 1, `one piece of ${bytes} bytes`);
  return laidOut(message).at.get(found[0]!)!;
}

function refused(act: () => unknown): string {
  const error = assertThrows(act, ArrowError) as ArrowError;
  assertEquals(error.code, "BAD_MESSAGE");
  return error.message;
}

/** What the decoder says of the batch once its body has been tampered with. */
function afterTampering(tamper: (body: DataView, batch: IpcMessage) => void, nullTypes = false) {
  const { decoder, dictionary, batch } = prepared(nullTypes);
  decoder.decode(dictionary.header, laidOut(dictionary).body);
  const { body } = laidOut(batch);
  tamper(new DataView(body.buffer), batch);
  return () => decoder.decode(batch.header, body);
}

const OFFSETS_BYTES = (ROWS + 1) * 4;

Deno.test("text whose offsets go back, are negative or pass the values is refused by name", () => {
  for (const [row, offset] of [[1, 2_000_000_000], [2, -5], [3, 0], [0, -4], [ROWS, 1_000]]) {
    const message = refused(afterTampering((body, batch) => {
      body.setInt32(pieceOf(batch, OFFSETS_BYTES) + 4 * row!, offset!, true);
    }));
    assertStringIncludes(message, 'column "amount" has offsets');
  }
});

Deno.test("an index beyond the dictionary is refused, except where the row is null", () => {
  for (const index of [3, 127, -1]) {
    const put = (row: number) => (body: DataView, batch: IpcMessage) =>
      body.setInt8(pieceOf(batch, ROWS) + row, index);
    const message = refused(afterTampering(put(1)));
    assertStringIncludes(message, `column "to_muxed_id_type" has the dictionary index ${index}`);
    assert(afterTampering(put(2), true)() instanceof RecordBatch, "row 2 is null");
    assertStringIncludes(refused(afterTampering(put(3), true)), "dictionary index");
  }
});

Deno.test("a batch before its dictionary is refused", () => {
  const { decoder, batch } = prepared();
  refused(() => decoder.decode(batch.header, laidOut(batch).body));
});

Deno.test("a dictionary with bad offsets is refused before any batch uses it", () => {
  const { decoder, dictionary } = prepared();
  const { body } = laidOut(dictionary);
  new DataView(body.buffer).setInt32(pieceOf(dictionary, 16) + 4, 99, true);
  assertStringIncludes(refused(() => decoder.decode(dictionary.header, body)), "the dictionary");
});
