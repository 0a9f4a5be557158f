import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { RecordBatch, tableFromIPC } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { DictionaryColumn } from "./dictionary_column.ts";
import { decodeEncapsulatedSchema, IpcDecoder } from "./ipc_decoder.ts";
import { encapsulateSchema, IpcEncoder, type IpcMessage } from "./ipc_encoder.ts";
import { Int64Column } from "./int64_column.ts";
import { RecordBatchBuilder } from "./record_batch_builder.ts";
import { schemaDifference } from "./same_type.ts";
import { stellarLedgerSchema, ttpEventSchema, withNetwork } from "./schemas.ts";
import { Utf8Column } from "./utf8_column.ts";

const schema = withNetwork(ttpEventSchema, "Test").select(["operation_id", "event_type", "amount"]);

function someColumns(values: readonly string[] = ["mint", "fee"]) {
  const ids = new Int64Column();
  const amounts = new Utf8Column();
  const types = new DictionaryColumn(values);
  const builder = new RecordBatchBuilder(schema, [ids, types, amounts]);
  const row = (id: number | null, amount: string, type: number) => {
    id === null ? ids.appendNull() : ids.appendNumber(id);
    amounts.appendString(amount);
    types.append(type);
  };
  return { builder, row };
}

/** The body as it stands on the wire. */
function flat(message: IpcMessage): Uint8Array {
  const out = new Uint8Array(message.bodyLength);
  let at = 0;
  for (const part of message.body) {
    out.set(part, at);
    at += (part.length + 7) & ~7;
  }
  assertEquals(at, message.bodyLength);
  return out;
}

const rows = (batch: RecordBatch) => batch.toArray().map((row) => ({ ...row.toJSON() }));

Deno.test("batches come back from their messages, nulls, dictionaries and empty batches included", () => {
  const { builder, row } = someColumns();
  const encoder = new IpcEncoder(schema);
  const decoder = new IpcDecoder();
  assertEquals(decoder.decode(encoder.encodeSchema().header, new Uint8Array(0)), undefined);
  assertEquals(schemaDifference(schema, decoder.schema!), undefined);
  assertEquals(decoder.schema!.metadata, schema.metadata);
  const read: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    if (i !== 1) row(i * 1e12, `a${i}`, 1), row(null, "", 0);
    for (const message of encoder.encode(builder.finish())) {
      const batch = decoder.decode(message.header, flat(message));
      if (batch !== undefined) read.push(rows(batch));
    }
  }
  assertEquals(read, [
    [{ operation_id: 0n, amount: "a0", event_type: "fee" }, {
      operation_id: null,
      amount: "",
      event_type: "mint",
    }],
    [],
    [{ operation_id: 2_000_000_000_000n, amount: "a2", event_type: "fee" }, {
      operation_id: null,
      amount: "",
      event_type: "mint",
    }],
  ]);
});

Deno.test("a dictionary is sent once, and again when it is another one", () => {
  const encoder = new IpcEncoder(schema);
  const one = someColumns();
  const other = someColumns(["transfer", "mint"]);
  const decoder = new IpcDecoder();
  decoder.decode(encoder.encodeSchema().header, new Uint8Array(0));
  const counts: number[] = [];
  const types: string[] = [];
  for (const { builder, row } of [one, one, other]) {
    row(1, "1", 0);
    const messages = encoder.encode(builder.finish());
    counts.push(messages.length);
    for (const m of messages) {
      const batch = decoder.decode(m.header, flat(m));
      if (batch !== undefined) types.push(batch.getChild("event_type")!.get(0));
    }
  }
  assertEquals([counts, types], [[2, 1, 2], ["mint", "mint", "transfer"]]);
});

Deno.test("the pieces of a message are the batch's own buffers, not copies", () => {
  const { builder, row } = someColumns();
  row(1, "12345678", 0);
  const batch = builder.finish();
  const message = new IpcEncoder(schema).encode(batch).at(-1)!;
  assert(message.body.some((b) => b.buffer === batch.getChild("amount")!.data[0]!.values.buffer));
});

Deno.test("a batch with other columns is refused", () => {
  const { builder } = someColumns();
  const encoder = new IpcEncoder(stellarLedgerSchema);
  assertThrows(() => encoder.encode(builder.finish()), ArrowError, "the columns must be sequence");
});

Deno.test("messages that cannot be read are an ArrowError", () => {
  const { builder, row } = someColumns();
  row(1, "1", 0);
  const encoder = new IpcEncoder(schema);
  const message = encoder.encode(builder.finish()).at(-1)!;
  const decoder = new IpcDecoder();
  const body = flat(message);
  assertThrows(() => decoder.decode(message.header, body), ArrowError, "begin with its schema");
  decoder.decode(encoder.encodeSchema().header, new Uint8Array(0));
  assertThrows(() => decoder.decode(message.header, body.slice(8)), ArrowError, "must have a body");
  assertThrows(() => decoder.decode(new Uint8Array(3), body), ArrowError);
  assertThrows(() => decoder.decode(new Uint8Array(64).fill(0xff), body), ArrowError);
});

Deno.test("a misaligned body is read like an aligned one", () => {
  const { builder, row } = someColumns();
  row(77, "x", 0);
  const encoder = new IpcEncoder(schema);
  const decoder = new IpcDecoder();
  decoder.decode(encoder.encodeSchema().header, new Uint8Array(0));
  for (const m of encoder.encode(builder.finish())) {
    const shifted = new Uint8Array(m.bodyLength + 3).subarray(3);
    shifted.set(flat(m));
    const batch = decoder.decode(m.header, shifted);
    if (batch !== undefined) assertEquals(batch.getChild("operation_id")!.get(0), 77n);
  }
});

Deno.test("an encapsulated schema is an IPC stream that any reader opens", () => {
  const bytes = encapsulateSchema(ttpEventSchema);
  assertEquals([...bytes.subarray(0, 4)], [255, 255, 255, 255]);
  assertEquals(bytes.length % 8, 0);
  const schema = decodeEncapsulatedSchema(bytes);
  assertEquals(schemaDifference(ttpEventSchema, schema), undefined);
  assertEquals(schema.metadata, ttpEventSchema.metadata);
  assertStrictEquals(tableFromIPC(bytes).schema.fields.length, ttpEventSchema.fields.length);
  assertThrows(() => decodeEncapsulatedSchema(new Uint8Array(5)), ArrowError);
});
