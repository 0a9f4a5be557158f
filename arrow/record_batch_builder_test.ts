import { assertEquals, assertThrows } from "@std/assert";
import { Bool, Field, Int, Schema, Utf8 } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { BoolColumn } from "./bool_column.ts";
import { DictionaryColumn } from "./dictionary_column.ts";
import { RecordBatchBuilder } from "./record_batch_builder.ts";
import { ttpEventSchema } from "./schemas.ts";
import { Uint32Column } from "./uint32_column.ts";
import { Utf8Column } from "./utf8_column.ts";

const kind = ttpEventSchema.fields.find((f) => f.name === "to_muxed_id_type")!;
const schema = new Schema([
  new Field("n", new Int(false, 32), false),
  new Field("name", new Utf8(), true),
  new Field("kind", kind.type, true),
]);

function columns() {
  const n = new Uint32Column();
  const name = new Utf8Column();
  const kind = new DictionaryColumn(["id", "text"]);
  return { n, name, kind, builder: new RecordBatchBuilder(schema, [n, name, kind]) };
}

Deno.test("a batch has the rows that were appended, and the columns start again", () => {
  const { n, name, kind, builder } = columns();
  n.append(1), name.appendString("one"), kind.append(1);
  n.append(2), name.appendNull(), kind.appendNull();
  assertEquals([builder.rows, builder.byteLength], [2, 8 + (3 + 12 + 1) + (2 + 1)]);
  const batch = builder.finish();
  assertEquals(batch.toArray().map((row) => row.toJSON()), [
    { n: 1, name: "one", kind: "text" },
    { n: 2, name: null, kind: null },
  ]);
  assertEquals(builder.rows, 0);
  assertEquals(batch.dictionaries.get(2)!.toJSON(), ["id", "text"]);
});

Deno.test("a batch without rows has the schema and no rows", () => {
  const batch = columns().builder.finish();
  assertEquals([batch.numRows, batch.numCols], [0, 3]);
});

Deno.test("truncating drops half-written rows too", () => {
  const { n, name, kind, builder } = columns();
  n.append(1), name.appendString("one"), kind.append(0);
  n.append(2), name.appendString("two");
  builder.truncate(1);
  assertEquals(builder.finish().toArray().map((row) => row.toJSON().name), ["one"]);
});

Deno.test("columns of unequal length are an error that names the column and loses nothing", () => {
  const { n, builder, name, kind } = columns();
  n.append(1), name.appendString("one");
  assertThrows(() => builder.finish(), ArrowError, '"kind" must have 1 values');
  kind.append(0);
  assertEquals(builder.finish().numRows, 1);
});

Deno.test("a null in a column that allows none is an error that names the column", () => {
  const { n, builder, name, kind } = columns();
  n.appendNull(), name.appendNull(), kind.appendNull();
  assertThrows(() => builder.finish(), ArrowError, '"n" must have no nulls');
});

Deno.test("columns that are not the schema's are refused", () => {
  const other = new Schema([new Field("b", new Bool(), false)]);
  assertThrows(() => new RecordBatchBuilder(other, []), ArrowError, "1 fields");
  assertThrows(() => new RecordBatchBuilder(other, [new Uint32Column()]), ArrowError, '"b" must');
  assertEquals(new RecordBatchBuilder(other, [new BoolColumn()]).rows, 0);
});
