import { count, quantity, rate } from "./progress.ts";
import type { SinkTotals } from "./sink_totals.ts";

/** What a run did, for its last lines. */
export interface RunFacts {
  readonly totals: SinkTotals;
  /** Time from the start of the last component to the end. */
  readonly seconds: number;
  readonly outputPath: string;
}

/** Ledgers, events by type, files and rates, one fact a line. */
export function runSummary(facts: RunFacts): string[] {
  const { totals, seconds } = facts;
  const perSecond = (value: number) => rate(seconds > 0 ? value / seconds : 0);
  const byType = Object.entries(totals.eventsByType)
    .filter(([, events]) => events > 0)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([type, events]) => `${count(events)} ${type}`);
  const upTo = totals.cursor === undefined ? "" : `, committed up to ledger ${totals.cursor}`;
  return [
    `ledgers  ${count(totals.ledgers)}${upTo}`,
    `events   ${count(totals.events)}${byType.length > 0 ? `: ${byType.join(", ")}` : ""}`,
    `files    ${count(totals.files)} in ${facts.outputPath}`,
    `rate     ${perSecond(totals.ledgersByRun)} ledgers/s, ${perSecond(totals.eventsByRun)} ` +
    `events/s: ${quantity(totals.ledgersByRun, "ledger")} in ${seconds.toFixed(1)} s by this run`,
  ];
}
