import { assertEquals } from "@std/assert";
import { type RunFacts, runSummary } from "./run_summary.ts";
import { NO_TOTALS, readSinkTotals } from "./sink_totals.ts";

const DETAILS = {
  cursor: 53312000,
  ledgers_total: 1,
  events_total: 296,
  events_by_type: { transfer: 130, fee: 163, mint: 3, burn: 0 },
  files_total: 2,
};

const FACTS: RunFacts = {
  totals: NO_TOTALS,
  seconds: 0,
  outputPath: "./out",
  formats: ["parquet"],
  isMeasured: true,
  endLedger: 0,
};

Deno.test("the summary names ledgers, events by type, files and rates", () => {
  const totals = readSinkTotals(DETAILS, { ledgers_total: 0, events_total: 0 })!;
  assertEquals(runSummary({ ...FACTS, totals, seconds: 0.5 }), [
    "ledgers  1, committed up to ledger 53312000",
    "events   296: 163 fee, 3 mint, 130 transfer",
    "files    2 Parquet files of events and ledgers in ./out",
    "rate     2.0 ledgers/s, 592 events/s: 1 ledger in 0.5 s by this run",
  ]);
});

Deno.test("a run that added nothing says so", () => {
  const totals = { ...NO_TOTALS, cursor: 9, ledgers: 8 };
  const lines = runSummary({ ...FACTS, totals });
  assertEquals(lines[0], "ledgers  8, committed up to ledger 9");
  assertEquals(
    lines[3],
    "this run added nothing; the figures are those of the tables as it found them",
  );
});

Deno.test("a run whose beginning is not known does not claim that it added nothing", () => {
  assertEquals(
    runSummary({ ...FACTS, isMeasured: false })[3],
    "this run ended before it was known what the tables held at its start",
  );
});

Deno.test("the files are named by all their formats", () => {
  const totals = { ...NO_TOTALS, files: 1 };
  assertEquals(
    runSummary({ ...FACTS, totals, formats: ["parquet", "csv"] })[2],
    "files    1 Parquet and CSV file of events and ledgers in ./out",
  );
  assertEquals(
    runSummary({ ...FACTS, totals, formats: ["parquet", "json", "csv"] })[2],
    "files    1 Parquet, JSON and CSV file of events and ledgers in ./out",
  );
});

Deno.test("details of another component are not taken for a sink's", () => {
  assertEquals(readSinkTotals({ last_ledger_sent: 5 }), undefined);
  assertEquals(readSinkTotals(undefined), undefined);
});

Deno.test("what the tables held before the run does not count for its rates", () => {
  const totals = readSinkTotals(DETAILS, { ledgers_total: 1, events_total: 200 })!;
  assertEquals([totals.ledgersByRun, totals.eventsByRun], [0, 96]);
  const unknown = readSinkTotals(DETAILS)!;
  assertEquals([unknown.ledgersByRun, unknown.eventsByRun], [0, 0]);
});

Deno.test("a run that had nothing left to do says why", () => {
  const totals = { ...FACTS.totals, cursor: 101, ledgersByRun: 0, eventsByRun: 0 };
  const added = (endLedger: number) => runSummary({ ...FACTS, totals, endLedger })[3]!;
  assertEquals(
    added(101),
    "this run added nothing, since END_LEDGER 101 was committed already; " +
      "the figures are those of the tables as it found them",
  );
  for (const other of [0, 102]) assertEquals(added(other).includes("END_LEDGER"), false);
});
