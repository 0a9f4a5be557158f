import { assertEquals } from "@std/assert";
import { Vector } from "apache-arrow";
import { INITIAL_ROWS } from "./column.ts";
import { FixedBinaryColumn } from "./fixed_binary_column.ts";

Deno.test("byte strings of one width come back, nulls as zeros", () => {
  for (const width of [4, 32, 200]) {
    const column = new FixedBinaryColumn(width);
    const source = Uint8Array.from({ length: width + 3 }, (_, i) => i + 1);
    for (let i = 0; i < INITIAL_ROWS + 1; i++) column.appendBytes(source, 3);
    column.truncate(INITIAL_ROWS - 1);
    column.appendNull();
    column.appendBytes(source, 0);
    assertEquals(column.length, INITIAL_ROWS + 1);
    const data = column.toData();
    const vector = new Vector([data]);
    assertEquals(vector.get(INITIAL_ROWS - 2), source.slice(3));
    assertEquals(vector.get(INITIAL_ROWS - 1), null);
    assertEquals(vector.get(INITIAL_ROWS), source.slice(0, width));
    const at = (INITIAL_ROWS - 1) * width;
    assertEquals(data.values.slice(at, at + width), new Uint8Array(width));
  }
});
