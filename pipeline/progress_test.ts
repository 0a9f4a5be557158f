import { assertEquals } from "@std/assert";
import { type Position, Progress } from "./progress.ts";

/** A position of a run that began with empty tables. */
function at(
  cursor: number | undefined,
  ledgers: number,
  events: number,
  files: number,
  tip?: number,
): Position {
  return { cursor, tip, ledgers, events, files, ledgersByRun: ledgers, eventsByRun: events };
}

Deno.test("with an end, the bar shows how much of the range is committed", () => {
  const progress = new Progress({ endLedger: 109 });
  progress.update(at(undefined, 0, 0, 0), 0);
  assertEquals(progress.fraction(), 0);
  progress.update(at(104, 5, 2500, 1), 1000);
  assertEquals(progress.fraction(), 0.5);
  assertEquals(
    progress.bar(),
    "████████████░░░░░░░░░░░░  50 % · ledger 104 · 5 ledgers (5.0/s) · 2,500 events (2,500/s) · " +
      "committed to 104, 1 file",
  );
});

Deno.test("without an end, the bar goes to the tip", () => {
  const progress = new Progress({ endLedger: 0 });
  progress.update(at(51, 50, 0, 0, 101), 0);
  assertEquals(progress.fraction(), 0.5);
});

Deno.test("without an end and a tip there is no bar", () => {
  const progress = new Progress({ endLedger: 0 });
  progress.update(at(7, 3, 9, 0), 0);
  assertEquals(progress.bar(), progress.text());
});

Deno.test("rates are those of the last ten seconds, not of the whole run", () => {
  const progress = new Progress({ endLedger: 0 });
  for (let second = 0; second <= 30; second++) {
    const ledgers = second <= 20 ? second * 100 : 2000 + (second - 20) * 10;
    progress.update(at(ledgers, ledgers, 0, 0), second * 1000);
  }
  assertEquals(progress.rates().ledgers, 10);
});

Deno.test("before anything is known the line says so", () => {
  assertEquals(new Progress({ endLedger: 0 }).text(), "waiting for the first ledger");
});

Deno.test("the first position has rates, of what came through, before anything is committed", () => {
  const progress = new Progress({ endLedger: 0 });
  progress.start(0);
  const passed = { ledger: 401, ledgers: 400, events: 8_000 };
  progress.update({ ...at(undefined, 0, 0, 0), passed }, 2_000);
  assertEquals(
    progress.text(),
    "ledger 401 · 400 ledgers (200/s) · 8,000 events (4,000/s) · nothing committed yet",
  );
  progress.update({ ...at(301, 300, 6_000, 2), passed }, 4_000);
  assertEquals(
    progress.text(),
    "ledger 401 · 400 ledgers (100/s) · 8,000 events (2,000/s) · committed to 301, 2 files",
  );
});
