import { assert, assertEquals, assertThrows } from "@std/assert";
import { RecordBatch, Schema } from "apache-arrow";
import { ttpEventSchema } from "../../../arrow/mod.ts";
import { sampleBatch, sampleLedgerRow } from "../testing/mod.ts";
import { appendArrow, RowsError } from "./from_arrow.ts";
import { appendHubbleRows } from "./hubble_rows.ts";
import { appendLedgerRow } from "./ledger_rows.ts";
import { RowBatch } from "./row_batch.ts";
import { MAX_STATISTICS_TEXT_BYTES, recordCount, statisticsJson } from "./statistics.ts";
import { HUBBLE_FIELDS, LEDGER_FIELDS, TTP_EVENT_FIELDS } from "./table_schema.ts";
import { toServedBatch } from "./to_served_batch.ts";

function eventRows(batch: RecordBatch): RowBatch {
  const rows = new RowBatch(TTP_EVENT_FIELDS);
  appendArrow(rows, batch);
  return rows;
}

function plain(batch: RecordBatch): unknown[] {
  return [...batch].map((row) => ({ ...row.toJSON() }));
}

Deno.test("events keep every value on the way into stored rows and back", () => {
  const { batch } = sampleBatch(3_000_000, 3_000_030, { events: () => 9 });
  const rows = eventRows(batch);
  const all = Array.from({ length: rows.rows }, (_, i) => i);
  assertEquals(plain(toServedBatch(ttpEventSchema, rows, all)), plain(batch));
});

Deno.test("a slice of a batch is read from its own first row on", () => {
  const { batch } = sampleBatch(10, 12, { events: () => 9 });
  const sliced = eventRows(batch.slice(5, 21));
  const rows = eventRows(batch);
  const wanted = new RowBatch(TTP_EVENT_FIELDS);
  wanted.appendRange(rows, 5, 21);
  assertEquals(plain(sliced.toArrow()), plain(wanted.toArrow()));
});

Deno.test("a batch without a column, or with one of another kind, is refused by name", () => {
  const { batch } = sampleBatch(2, 2);
  const without = batch.select(batch.schema.names.filter((name) => name !== "amount"));
  assertThrows(() => eventRows(without), RowsError, '"amount" is missing');
  const fields = batch.schema.fields.map((field) =>
    field.name === "amount"
      ? field.clone({ name: "successful" })
      : field.name === "successful"
      ? field.clone({ name: "amount" })
      : field
  );
  const swapped = new RecordBatch(new Schema(fields), batch.data);
  assertThrows(() => eventRows(swapped), RowsError, "must be readable as string");
});

Deno.test("statistics are exact beyond 2^53, ordered by UTF-8, rounded outwards in time, never cut", () => {
  const fields = [
    { name: "n", type: "long" },
    { name: "t", type: "string" },
    { name: "at", type: "timestamp" },
    { name: "long_text", type: "string" },
    { name: "nothing", type: "string" },
  ] as const;
  const rows = new RowBatch(fields);
  const numbers = [9007199254740993n, -9223372036854775808n, 9223372036854775807n, 0n];
  const texts = ["b", "\u{1F600}", "\uFFFD", 'a"'];
  const times = [1_700_000_000_000_001n, 1_700_000_000_000_000n, 1_699_999_999_999_999n, 5n];
  for (let i = 0; i < 4; i++) {
    rows.fixed("n").appendInt64(numbers[i]!);
    rows.text("t").appendText(texts[i]!);
    rows.fixed("at").appendInt64(times[i]!);
    rows.text("long_text").appendText("x".repeat(MAX_STATISTICS_TEXT_BYTES + i));
    rows.text("nothing").appendNull();
  }
  const text = statisticsJson(rows);
  assertEquals(recordCount(text), 4);
  assert(text.includes('"minValues":{"n":-9223372036854775808,"t":"a\\"",'), text);
  assert(text.includes('"maxValues":{"n":9223372036854775807,"t":"\u{1F600}",'), text);
  const { minValues, maxValues, nullCount } = JSON.parse(text);
  assertEquals(minValues.at, "1970-01-01T00:00:00.000Z");
  assertEquals(maxValues.at, "2023-11-14T22:13:20.001Z");
  assertEquals("long_text" in minValues, false);
  assertEquals("nothing" in maxValues, false);
  assertEquals(nullCount, { n: 0, t: 0, at: 0, long_text: 0, nothing: 4 });
});

Deno.test("the facts of a ledger are checked before any of them is stored", () => {
  const rows = new RowBatch(LEDGER_FIELDS);
  appendLedgerRow(rows, sampleLedgerRow(7, 3), 3);
  assertEquals(rows.fixed("fee_pool").int64At(0), 9007199254740993n);
  assertEquals(rows.fixed("event_count").numberAt(0), 3);
  const bad: [string, unknown][] = [
    ["hash", "abc"],
    ["closed_at", "yesterday"],
    ["closed_at", "2023-99-14T22:13:20Z"],
    ["total_coins", "9223372036854775808"],
    ["total_coins", 1.5],
    ["base_fee", null],
    ["base_fee", "1e3"],
  ];
  for (const [name, value] of bad) {
    const row = { ...sampleLedgerRow(8, 3), [name]: value };
    assertThrows(() => appendLedgerRow(rows, row, 0), RowsError, `"${name}" of ledger 8`);
    for (const column of rows.columns) assertEquals(column.length, 1);
  }
});

Deno.test("Hubble's columns have its asset names, its amount in units and the M… address", () => {
  const rows = eventRows(sampleBatch(6, 6, { events: () => 5 }).batch);
  rows.text("to_muxed_id_type").clear();
  for (let i = 0; i < 5; i++) rows.text("to_muxed_id_type").appendText("id");
  const hubble = new RowBatch(HUBBLE_FIELDS);
  appendHubbleRows(hubble, rows, 0, 5, (account, id) => `M ${account.slice(0, 2)} ${id.length}`);
  const texts = (name: string) =>
    Array.from(
      { length: 5 },
      (_, i) => hubble.text(name).isNull(i) ? null : hubble.text(name).textAt(i),
    );
  const issuer = rows.text("asset_issuer").textAt(0);
  assertEquals(texts("asset").slice(0, 2), [
    `credit_alphanum4:USDC:${issuer}`,
    `credit_alphanum4:A/B:${issuer}`,
  ]);
  assertEquals(texts("asset_type")[4], "native");
  assertEquals(texts("asset")[4], "native");
  assertEquals(hubble.fixed("amount").doubleAt(0), 6 * 1_000_003 / 1e7);
  assertEquals(texts("amount_raw")[0], String(6 * 1_000_003));
  assert(texts("to_muxed")[0]!.startsWith("M G"));
  assertEquals(hubble.rows, 5);
});
