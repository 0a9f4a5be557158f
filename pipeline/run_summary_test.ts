import { assertEquals } from "@std/assert";
import { runSummary } from "./run_summary.ts";
import { NO_TOTALS, readSinkTotals } from "./sink_totals.ts";

const DETAILS = {
  cursor: 53312000,
  ledgers_total: 1,
  events_total: 296,
  events_by_type: { transfer: 130, fee: 163, mint: 3, burn: 0 },
  files_total: 2,
};

Deno.test("the summary names ledgers, events by type, files and rates", () => {
  const totals = readSinkTotals(DETAILS)!;
  assertEquals(runSummary({ totals, seconds: 0.5, outputPath: "./out", endLedger: 53312000 }), [
    "ledgers  1, committed up to ledger 53312000",
    "events   296: 163 fee, 3 mint, 130 transfer",
    "files    2 written to ./out",
    "rate     2.0 ledgers/s, 592 events/s over 0.5 s",
  ]);
});

Deno.test("a run that found its end committed says so and has rates of zero", () => {
  const totals = { ...NO_TOTALS, cursor: 9 };
  const lines = runSummary({ totals, seconds: 0, outputPath: "./out", endLedger: 9 });
  assertEquals(lines[0], "ledgers  0, committed up to ledger 9, as before this run");
  assertEquals(lines[3], "rate     0.0 ledgers/s, 0.0 events/s over 0.0 s");
});

Deno.test("details of another component are not taken for a sink's", () => {
  assertEquals(readSinkTotals({ last_ledger_sent: 5 }), undefined);
  assertEquals(readSinkTotals(undefined), undefined);
});
