import { assertEquals } from "@std/assert";
import { LabelBounds } from "./label_bounds.ts";

Deno.test("a value that is not declared, and an open one too many, counts as other", () => {
  const bounds = new LabelBounds({ type: ["mint", "burn"], id: { atMost: 2, of: "id" } });
  assertEquals(bounds.of({ type: "mint", id: "a" }), { type: "mint", id: "a" });
  assertEquals(bounds.of({ type: "made up", id: "b" }), { type: "other", id: "b" });
  assertEquals(bounds.of({ type: "burn", id: "c" }), { type: "burn", id: "other" });
  assertEquals(bounds.of({ type: "burn", id: "a" }), { type: "burn", id: "a" });
  assertEquals(bounds.of(undefined), { type: "other", id: "other" });
});

Deno.test("with a new reading the values of open labels count from the beginning", () => {
  const bounds = new LabelBounds({ id: { atMost: 1, of: "id" } });
  assertEquals([bounds.of({ id: "a" }).id, bounds.of({ id: "b" }).id], ["a", "other"]);
  bounds.reset();
  assertEquals([bounds.of({ id: "b" }).id, bounds.of({ id: "a" }).id], ["b", "other"]);
});
