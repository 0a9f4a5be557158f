import { assert, assertEquals, assertThrows } from "@std/assert";
import { appendArrow, RowBatch, TTP_EVENT_FIELDS } from "../rows/mod.ts";
import { sampleBatch } from "../testing/mod.ts";
import { CsvWriter } from "./csv.ts";
import type { FormatWriter } from "./format_writer.ts";
import { OutputFileError } from "./format_writer.ts";
import { JsonWriter } from "./json.ts";
import { ParquetWriter } from "./parquet.ts";

const rows = new RowBatch(TTP_EVENT_FIELDS);
appendArrow(rows, sampleBatch(3_000_000, 3_000_009, { events: () => 8 }).batch);

const CODECS = ["none", "snappy", "gzip", "lz4", "zstd", "brotli"] as const;
const writers: [string, FormatWriter][] = [
  ["jsonl", new JsonWriter("jsonl")],
  ["json", new JsonWriter("json")],
  ["pretty", new JsonWriter("pretty")],
  ["csv", new CsvWriter(",")],
  ...await Promise.all(
    CODECS.map(async (codec): Promise<[string, FormatWriter]> => [
      `parquet ${codec}`,
      await ParquetWriter.create(codec),
    ]),
  ),
];

for (const [name, writer] of writers) {
  Deno.test(`${name} files have the same bytes whether rows came at once, one by one, or from files`, () => {
    const whole = writer.createBuffer(TTP_EVENT_FIELDS);
    whole.append(rows, 0, rows.rows);
    const wanted = whole.encode();
    assertEquals(wanted.rows, rows.rows);

    const single = writer.createBuffer(TTP_EVENT_FIELDS);
    for (let row = 0; row < rows.rows; row++) single.append(rows, row, row + 1);
    assertEquals(single.encode(), wanted);

    const first = writer.createBuffer(TTP_EVENT_FIELDS);
    first.append(rows, 0, 33);
    const mark = first.mark();
    first.append(rows, 33, 70);
    const small = first.encode(mark);
    assertEquals(small.rows, 37);
    const loaded = writer.createBuffer(TTP_EVENT_FIELDS);
    const start = writer.createBuffer(TTP_EVENT_FIELDS);
    start.append(rows, 0, 33);
    loaded.load(start.encode().bytes, 33);
    loaded.load(small.bytes, 37);
    loaded.append(rows, 70, rows.rows);
    assertEquals(loaded.encode(), wanted);

    single.clear();
    single.append(rows, 0, rows.rows);
    assertEquals(single.encode(), wanted);
    assertThrows(() => loaded.load(new Uint8Array([1, 2, 3]), 1), OutputFileError);
  });
}

Deno.test("JSON has every integer with all its digits, decimals as text, escapes where needed", () => {
  const buffer = new JsonWriter("jsonl").createBuffer(TTP_EVENT_FIELDS);
  buffer.append(rows, 0, rows.rows);
  const text = new TextDecoder().decode(buffer.encode().bytes);
  const lines = text.split("\n");
  assertEquals(lines.length, rows.rows + 1);
  const second = JSON.parse(lines[1]!);
  assert(lines[1]!.includes(`"transaction_id":${3_000_000n << 32n | 2n << 12n},`), lines[1]);
  assertEquals(second.to_muxed_id, 'say "hi",\n\\ ä');
  assertEquals(second.amount_raw, second.amount);
  assertEquals(second.closed_at, new Date(1_715_000_000_000).toISOString().replace(".000", ""));
  assertEquals(second.transaction_hash.length, 64);
  assertEquals(typeof second.successful, "boolean");
  assertEquals(Object.keys(second), TTP_EVENT_FIELDS.map((field) => field.name));
  const pretty = new JsonWriter("pretty").createBuffer(TTP_EVENT_FIELDS);
  pretty.append(rows, 0, 2);
  const array = JSON.parse(new TextDecoder().decode(pretty.encode().bytes));
  assertEquals(array[1], second);
});

Deno.test("CSV quotes as RFC 4180 says, and tells null from an empty text", () => {
  const fields = [{ name: "a", type: "string" }, { name: "b", type: "string" }] as const;
  const texts = new RowBatch(fields);
  const cells = ["plain", "semi;colon", "com,ma", 'quo"te', "line\r\nbreak", "", null];
  for (const cell of cells) {
    for (const name of ["a", "b"]) {
      if (cell === null) texts.text(name).appendNull();
      else texts.text(name).appendText(cell);
    }
  }
  const buffer = new CsvWriter(";").createBuffer(fields);
  buffer.append(texts, 0, texts.rows);
  assertEquals(
    new TextDecoder().decode(buffer.encode().bytes),
    [
      "a;b",
      "plain;plain",
      '"semi;colon";"semi;colon"',
      "com,ma;com,ma",
      '"quo""te";"quo""te"',
      '"line\r\nbreak";"line\r\nbreak"',
      '"";""',
      ";",
      "",
    ].join("\r\n"),
  );
  for (const delimiter of ["", '"', "\n", "ab", "ä"]) {
    assertThrows(() => new CsvWriter(delimiter), RangeError);
  }
});
