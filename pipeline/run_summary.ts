import { count, rate } from "./progress.ts";
import type { SinkTotals } from "./sink_totals.ts";

/** What a run did, for its last lines. */
export interface RunFacts {
  readonly totals: SinkTotals;
  /** Time from the readiness of all components to the end. */
  readonly seconds: number;
  readonly outputPath: string;
  readonly endLedger: number;
}

/** Ledgers, events by type, files and rates, one fact a line. */
export function runSummary(facts: RunFacts): string[] {
  const { totals, seconds } = facts;
  const perSecond = (value: number) => rate(seconds > 0 ? value / seconds : 0);
  const byType = Object.entries(totals.eventsByType)
    .filter(([, events]) => events > 0)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([type, events]) => `${count(events)} ${type}`);
  return [
    `ledgers  ${count(totals.ledgers)}${upTo(facts)}`,
    `events   ${count(totals.events)}${byType.length > 0 ? `: ${byType.join(", ")}` : ""}`,
    `files    ${count(totals.files)} written to ${facts.outputPath}`,
    `rate     ${perSecond(totals.ledgers)} ledgers/s, ${perSecond(totals.events)} events/s ` +
    `over ${seconds.toFixed(1)} s`,
  ];
}

function upTo({ totals, endLedger }: RunFacts): string {
  if (totals.cursor === undefined) return "";
  const cursor = `, committed up to ledger ${totals.cursor}`;
  const before = totals.ledgers === 0 && endLedger !== 0 && totals.cursor >= endLedger;
  return before ? `${cursor}, as before this run` : cursor;
}
