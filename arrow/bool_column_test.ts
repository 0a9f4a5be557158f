import { assertEquals } from "@std/assert";
import { Vector } from "apache-arrow";
import { BoolColumn } from "./bool_column.ts";
import { INITIAL_ROWS } from "./column.ts";

Deno.test("booleans and nulls come back in order, past the first size", () => {
  const column = new BoolColumn();
  const expected: (boolean | null)[] = [];
  for (let i = 0; i < INITIAL_ROWS * 2 + 3; i++) {
    const v = i % 5 === 4 ? null : i % 3 === 0;
    v === null ? column.appendNull() : column.append(v);
    expected.push(v);
  }
  assertEquals([...new Vector([column.toData()])], expected);
});

Deno.test("bits of truncated rows leave nothing behind", () => {
  const column = new BoolColumn();
  for (let i = 0; i < 9; i++) column.append(true);
  column.truncate(3);
  column.append(false);
  const data = column.toData();
  assertEquals([...data.values], [0b0111]);
  assertEquals([...new Vector([data])], [true, true, true, false]);
});
