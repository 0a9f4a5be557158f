import { assertEquals } from "@std/assert";
import { plainText } from "./plain_text.ts";

Deno.test("names cannot steer a terminal", () => {
  assertEquals(plainText("a\x1b[2Jb\r\nc\x9b1m\u202e"), "a\ufffd[2Jb\ufffd\ufffdc\ufffd1m\ufffd");
  assertEquals(plainText("Zürich-1 – 東京"), "Zürich-1 – 東京");
});
