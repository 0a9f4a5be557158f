import { assertEquals } from "@std/assert";
import { red, stripAnsiCode } from "@std/fmt/colors";
import { textTable } from "./text_table.ts";

const COLUMNS = [{ head: "name" }, { head: "events", isNumber: true }, { head: "state" }];

Deno.test("each column is as wide as it must be, and numbers stand to the right", () => {
  assertEquals(textTable(COLUMNS, [["source", "7", "healthy"], ["a", "1,000,000", ""]], false), [
    "name       events  state",
    "source          7  healthy",
    "a       1,000,000",
  ]);
});

Deno.test("colours change no width, and there are none where none are wanted", () => {
  const columns = [{ head: "state", paint: red }, { head: "last" }];
  assertEquals(textTable(columns, [["bad", "x"]], false), ["state  last", "bad    x"]);
  const painted = textTable(columns, [["bad", "x"]], true)[1]!;
  assertEquals(painted, `${red("bad  ")}  x`);
  assertEquals(stripAnsiCode(painted), "bad    x");
});
