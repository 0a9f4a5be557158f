import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Vector } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import { INITIAL_ROWS } from "./column.ts";
import { DictionaryColumn } from "./dictionary_column.ts";

Deno.test("dictionary values and nulls come back, with either index width", () => {
  for (const bits of [8, 32] as const) {
    const column = new DictionaryColumn(["transfer", "mint"], bits);
    const expected: (string | null)[] = [];
    for (let i = 0; i < INITIAL_ROWS + 7; i++) {
      i % 3 === 2 ? column.appendNull() : column.append(i % 3);
      expected.push(["transfer", "mint", null][i % 3]!);
    }
    assertEquals([...new Vector([column.toData()])], expected);
  }
});

Deno.test("all batches of a column share one dictionary", () => {
  const column = new DictionaryColumn(["a"]);
  column.append(0);
  const first = column.toData();
  column.append(0);
  assertStrictEquals(first.dictionary, column.toData().dictionary);
});

Deno.test("an index outside the dictionary is refused", () => {
  const column = new DictionaryColumn(["a", "b"]);
  for (const index of [2, -1, NaN]) {
    assertThrows(() => column.append(index), ArrowError, "from 0 to 1");
  }
  assertEquals(column.length, 0);
});

Deno.test("more values than an 8-bit index can name are refused", () => {
  const values = Array.from({ length: 129 }, (_, i) => String(i));
  assertThrows(() => new DictionaryColumn(values), ArrowError, "128");
  assertEquals(new DictionaryColumn(values, 32).values.length, 129);
});
