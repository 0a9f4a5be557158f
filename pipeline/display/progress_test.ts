import { assert, assertEquals } from "@std/assert";
import { type Position, Progress } from "./progress.ts";

/** A position of a run that began with empty tables. */
function at(
  cursor: number | undefined,
  ledgers: number,
  events: number,
  tip?: number,
): Position {
  return { cursor, tip, ledgers, events, files: 1, ledgersByRun: ledgers, eventsByRun: events };
}

Deno.test("with an end, the bar shows how much of the range is committed", () => {
  const progress = new Progress({ startLedger: 100, endLedger: 109 });
  progress.start(0);
  progress.update(at(undefined, 0, 0, 200), 0);
  assertEquals(progress.fraction(), 0);
  progress.update(at(104, 5, 2500, 200), 1000);
  assertEquals(progress.fraction(), 0.5);
  assertEquals(
    progress.bar(),
    "██████░░░░░░  50 % · committed up to 104 of 109 · 5 ledgers · 2,500 events · " +
      "5.0 ledgers/s · tip 200",
  );
});

Deno.test("the bar counts from what this run has to do, not from the first ledger of the tables", () => {
  const progress = new Progress({ startLedger: 2, endLedger: 109 });
  const resumed = { ...at(99, 0, 0, 200), ledgers: 98 };
  progress.update(resumed, 0);
  assertEquals(progress.fraction(), 0);
  progress.update({ ...resumed, cursor: 104, ledgers: 103, ledgersByRun: 5 }, 1000);
  assertEquals(progress.fraction(), 0.5);
});

Deno.test("without an end there is no bar: what is committed comes first, then the rest", () => {
  const progress = new Progress({ endLedger: 0 });
  progress.start(0);
  progress.update(at(1054, 1053, 18965, 1055), 1_053_000);
  assertEquals(progress.fraction(), undefined);
  assertEquals(
    progress.bar(),
    "committed up to 1,054 · 1,053 ledgers · 18,965 events · 1.0 ledgers/s · tip 1,055",
  );
});

Deno.test("a line fits the terminal: what matters least is left out", () => {
  const follow = new Progress({ endLedger: 0 });
  follow.update(at(53_312_120, 120, 35_520, 53_312_121), 0);
  assertEquals(
    follow.bar(79),
    "committed up to 53,312,120 · 120 ledgers · 0.0 ledgers/s · tip 53,312,121",
  );
  const ends = new Progress({ startLedger: 53_312_001, endLedger: 53_312_120 });
  ends.update(at(53_312_120, 120, 35_520, 53_312_121), 0);
  assert(ends.bar(79).length <= 79, ends.bar(79));
  assertEquals(
    ends.bar(79),
    "████████████ 100 % · committed up to 53,312,120 of 53,312,120 · 0.0 ledgers/s",
  );
});

Deno.test("rates are those of the last minute, not of the whole run", () => {
  const progress = new Progress({ endLedger: 0 });
  for (let second = 0; second <= 120; second++) {
    const ledgers = second <= 60 ? second * 100 : 6000 + (second - 60) * 10;
    progress.update(at(ledgers, ledgers, 0), second * 1000);
  }
  assertEquals(progress.rate(), 10);
});

Deno.test("before anything is known or committed the line says so", () => {
  const progress = new Progress({ endLedger: 0 });
  assertEquals(progress.text(), "waiting for the first ledger");
  progress.update(at(undefined, 0, 0), 0);
  assertEquals(progress.text(), "waiting for the first ledger");
  progress.update(at(undefined, 0, 0, 1055), 0);
  assertEquals(progress.text(), "nothing committed yet · tip 1,055");
});

Deno.test("a START_LEDGER that the source does not have yet is waited for, and it is said", () => {
  for (const endLedger of [0, 53_313_000]) {
    const progress = new Progress({ startLedger: 53_312_000, endLedger });
    progress.update(at(undefined, 0, 0, 101), 0);
    assertEquals(
      progress.text(79),
      "waiting for ledger 53,312,000; the source ends at 101",
    );
  }
});

Deno.test("an END_LEDGER that the source does not have yet is waited for, and it is said", () => {
  const progress = new Progress({ startLedger: 2, endLedger: 200 });
  progress.update(at(101, 100, 900, 101), 0);
  assert(!progress.text().includes("waiting"), "the next ledger may be about to come");
  progress.update(at(101, 100, 900, 101), 10_000);
  assertEquals(
    progress.bar(79),
    "committed up to 101 · waiting for ledger 102; the source ends at 101",
  );
  progress.update(at(101, 100, 900, 102), 11_000);
  assert(!progress.text().includes("waiting"));
});

Deno.test("a line of waiting fits the terminal, also with long numbers", () => {
  const progress = new Progress({ endLedger: 53_400_000 });
  for (const atMs of [0, 10_000]) progress.update(at(53_312_120, 9, 9, 53_312_120), atMs);
  assertEquals(
    progress.bar(79),
    "committed up to 53,312,120 · waiting for ledger 53,312,121",
  );
});

Deno.test("a pipeline at the tip that it follows waits for nothing in particular", () => {
  const progress = new Progress({ startLedger: 2, endLedger: 0 });
  progress.update(at(101, 100, 900, 101), 0);
  assert(!progress.text().includes("waiting"));
});
