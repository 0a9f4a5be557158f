import { count, quantity, rate } from "../../flowctl/command/mod.ts";
import type { SinkTotals } from "./sink_totals.ts";

/** What a run did, for its last lines. */
export interface RunFacts {
  readonly totals: SinkTotals;
  /** Time from the start of the last component to the end. */
  readonly seconds: number;
  readonly outputPath: string;
  /** Values of OUTPUT_FORMATS. */
  readonly formats: readonly string[];
  /** The last ledger asked for; 0 follows the tip. */
  readonly endLedger: number;
  /** Whether it is known what the tables held before the run. */
  readonly isMeasured: boolean;
}

/** How the formats are called in text. */
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  parquet: "Parquet",
  json: "JSON",
  csv: "CSV",
};

/** As one says them: "Parquet and CSV", "Parquet, JSON and CSV". */
const LISTED = new Intl.ListFormat("en-GB");

/** Ledgers, events by type, files and what the run added, one fact a line. */
export function runSummary(facts: RunFacts): string[] {
  const { totals } = facts;
  const byType = Object.entries(totals.eventsByType)
    .filter(([, events]) => events > 0)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([type, events]) => `${count(events)} ${type}`);
  const upTo = totals.cursor === undefined ? "" : `, committed up to ledger ${totals.cursor}`;
  const formats = LISTED.format(facts.formats.map((format) => FORMAT_NAMES[format] ?? format));
  const files = quantity(totals.files, `${formats} file`);
  return [
    `ledgers  ${count(totals.ledgers)}${upTo}`,
    `events   ${count(totals.events)}${byType.length > 0 ? `: ${byType.join(", ")}` : ""}`,
    `files    ${files} of events and ledgers in ${facts.outputPath}`,
    addedByRun(facts),
  ];
}

/** The figures above are those of the tables; this line is the run's own. */
function addedByRun({ totals, seconds, isMeasured, endLedger }: RunFacts): string {
  if (!isMeasured) return "this run ended before it was known what the tables held at its start";
  const { ledgersByRun, eventsByRun } = totals;
  if (ledgersByRun === 0 && eventsByRun === 0) {
    const isDone = endLedger !== 0 && totals.cursor !== undefined && totals.cursor >= endLedger;
    const why = isDone ? `, since END_LEDGER ${endLedger} was committed already` : "";
    return `this run added nothing${why}; the figures are those of the tables as it found them`;
  }
  const perSecond = (value: number) => rate(seconds > 0 ? value / seconds : 0);
  return `rate     ${perSecond(ledgersByRun)} ledgers/s, ${perSecond(eventsByRun)} events/s: ` +
    `${quantity(ledgersByRun, "ledger")} in ${seconds.toFixed(1)} s by this run`;
}
