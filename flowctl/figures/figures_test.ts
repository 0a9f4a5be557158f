import { assertEquals } from "@std/assert";
import { count, duration, milliseconds, percent, quantity, rate } from "./figures.ts";

Deno.test("a duration is told in its two largest units", () => {
  const cases: [number, string][] = [
    [0, "0s"],
    [59.9, "59s"],
    [60, "1m 0s"],
    [3_725, "1h 2m"],
    [86_400, "1d 0h"],
  ];
  for (const [seconds, text] of cases) assertEquals(duration(seconds), text);
});

Deno.test("large numbers have commas, and small rates a decimal", () => {
  assertEquals([count(1234567.8), quantity(1, "ledger"), quantity(2000, "ledger")], [
    "1,234,568",
    "1 ledger",
    "2,000 ledgers",
  ]);
  assertEquals([rate(0.25), rate(9.94), rate(1234.5)], ["0.3", "9.9", "1,235"]);
});

Deno.test("a small part does not look like none, and a large one has no decimals", () => {
  assertEquals([0, 0.0001, 0.05, 0.0623, 0.85, 12].map(percent), [
    "0 %",
    "< 0.1 %",
    "5 %",
    "6.2 %",
    "85 %",
    "1,200 %",
  ]);
});

Deno.test("a time is told in milliseconds, and in seconds from one second on", () => {
  assertEquals([0.25, 12, 999, 5_000, 7_200].map(milliseconds), [
    "0.3 ms",
    "12 ms",
    "999 ms",
    "5 s",
    "7.2 s",
  ]);
});
