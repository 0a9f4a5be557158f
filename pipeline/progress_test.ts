import { assertEquals } from "@std/assert";
import { Progress } from "./progress.ts";

Deno.test("with an end, the bar shows how much of the range is committed", () => {
  const progress = new Progress({ endLedger: 109 });
  progress.update({ cursor: undefined, ledgers: 0, events: 0, files: 0 }, 0);
  assertEquals(progress.fraction(), 0);
  progress.update({ cursor: 104, ledgers: 5, events: 2500, files: 1 }, 1000);
  assertEquals(progress.fraction(), 0.5);
  assertEquals(
    progress.bar(),
    "████████████░░░░░░░░░░░░  50 % · ledger 104 · 5 ledgers (5.0/s) · 2,500 events (2,500/s) · 1 files",
  );
});

Deno.test("without an end there is no bar", () => {
  const progress = new Progress({ endLedger: 0 });
  progress.update({ cursor: 7, ledgers: 3, events: 9, files: 0 }, 0);
  assertEquals(progress.bar(), progress.text());
});

Deno.test("rates are those of the last ten seconds, not of the whole run", () => {
  const progress = new Progress({ endLedger: 0 });
  for (let second = 0; second <= 30; second++) {
    const ledgers = second <= 20 ? second * 100 : 2000 + (second - 20) * 10;
    progress.update({ cursor: ledgers, ledgers, events: 0, files: 0 }, second * 1000);
  }
  assertEquals(progress.rates().ledgers, 10);
});

Deno.test("before anything is known the line says so", () => {
  assertEquals(new Progress({ endLedger: 0 }).text(), "waiting for the first ledger");
});
