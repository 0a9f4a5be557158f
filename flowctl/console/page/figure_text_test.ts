import { assertEquals } from "@std/assert";
import { eventNoun, figureText, shortEventType } from "./figure_text.ts";

Deno.test("each kind of figure is written in its own way", () => {
  assertEquals([
    figureText(0, "rate"),
    figureText(1234.4, "rate"),
    figureText(0.856, "part"),
    figureText(0.0004, "part"),
    figureText(7_240, "milliseconds"),
    figureText(12_000, "count"),
    figureText(900, "bytes"),
    figureText(85_123_456, "bytes"),
    figureText(3 * 1024 ** 3, "bytes"),
    figureText(3_725, "seconds"),
    figureText(4_200, "age"),
    figureText(59_123_456, "ledger"),
  ], [
    "0.0/s",
    "1,234/s",
    "86 %",
    "< 0.1 %",
    "7.2 s",
    "12,000",
    "900 B",
    "81 MiB",
    "3.0 GiB",
    "1h 2m",
    "4s",
    "59123456",
  ]);
});

Deno.test("what is not known is a dash, and so is what is no number", () => {
  assertEquals([null, undefined, NaN, Infinity].map((value) => figureText(value, "count")), [
    "–",
    "–",
    "–",
    "–",
  ]);
});

Deno.test("an event type is told by its last part", () => {
  assertEquals(["a.b.Event", "Event", "a.", ""].map(shortEventType), ["Event", "Event", "a.", ""]);
  assertEquals(["SOURCE", "CONSUMER"].map(eventNoun), ["ledgers", "events"]);
});
