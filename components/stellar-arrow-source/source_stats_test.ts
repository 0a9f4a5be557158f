import { assertEquals } from "@std/assert";
import { SourceStats } from "./source_stats.ts";

Deno.test("a reader of old ledgers is counted, and does not make the source lag", () => {
  const stats = new SourceStats();
  stats.sent(10, 100, 1576, 50_000);
  stats.sent(19, 100, 20, 1_000);
  assertEquals([stats.ledgers, stats.lastLedgerSent], [29, 1576]);
  assertEquals(stats.lagSeconds(60_000), 10);
  stats.sent(1, 100, 1577, 55_000);
  assertEquals([stats.lastLedgerSent, stats.lagSeconds(60_000)], [1577, 5]);
});
