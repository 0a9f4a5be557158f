import { assertEquals } from "@std/assert";
import { green, red } from "@std/fmt/colors";
import { paintStatus } from "./paint_status.ts";

Deno.test("a status has its colour, padded or not, and another word has none", () => {
  assertEquals(["healthy  ", "unhealthy", "asleep"].map(paintStatus), [
    green("healthy  "),
    red("unhealthy"),
    "asleep",
  ]);
});
