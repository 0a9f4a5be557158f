/** How far the pipeline is, as the health of sink and processor tells. */
export interface Position {
  /** Last ledger committed; `undefined` when none is. */
  readonly cursor: number | undefined;
  /** Last ledger there is; `undefined` while it is not known. */
  readonly tip: number | undefined;
  /** What the tables hold. */
  readonly ledgers: number;
  readonly events: number;
  readonly files: number;
  /** Of that, what this run has written. */
  readonly ledgersByRun: number;
  readonly eventsByRun: number;
  /** What has come through this run, committed or not; absent where nobody counts it. */
  readonly passed?: Passed;
}

/** What has come through the processor in this run. */
export interface Passed {
  readonly ledger: number;
  readonly ledgers: number;
  readonly events: number;
}

/** What a run is to reach. */
export interface Goal {
  /** The last ledger asked for; 0 follows the tip. */
  readonly endLedger: number;
}

/** Figures over the last few seconds say more than those since the start. */
const RATE_WINDOW_MS = 10_000;

/** Width of the bar in columns. */
const BAR_WIDTH = 24;

/** Counts of a run at a moment. */
interface Counts {
  readonly atMs: number;
  readonly ledgers: number;
  readonly events: number;
}

/** Turns positions into a line for people, with rates over the last seconds. */
export class Progress {
  readonly #goal: Goal;
  readonly #seen: Counts[] = [];
  #position: Position | undefined;
  #firstLedger: number | undefined;

  constructor(goal: Goal) {
    this.#goal = goal;
  }

  /** Begins to count, so that the first position has rates; `atMs` is any clock that only goes forward. */
  start(atMs: number): void {
    this.#seen.push({ atMs, ledgers: 0, events: 0 });
  }

  /** Takes in a position. */
  update(position: Position, atMs: number): void {
    this.#position = position;
    this.#seen.push({ atMs, ...countsOf(position) });
    while (this.#seen.length > 2 && this.#seen[1]!.atMs <= atMs - RATE_WINDOW_MS) {
      this.#seen.shift();
    }
    if (this.#firstLedger === undefined && position.cursor !== undefined) {
      this.#firstLedger = position.cursor - position.ledgersByRun + 1;
    }
  }

  /** Ledgers and events a second over the last seconds. */
  rates(): { ledgers: number; events: number } {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined) return { ledgers: 0, events: 0 };
    const seconds = (last.atMs - first.atMs) / 1000;
    if (seconds <= 0) return { ledgers: 0, events: 0 };
    return {
      ledgers: (last.ledgers - first.ledgers) / seconds,
      events: (last.events - first.events) / seconds,
    };
  }

  /** Part of the way done to the end or, without one, to the tip, 0 to 1; `undefined` without either. */
  fraction(): number | undefined {
    const position = this.#position;
    const endLedger = this.#goal.endLedger || position?.tip;
    if (endLedger === undefined || position === undefined) return undefined;
    if (position.cursor === undefined || this.#firstLedger === undefined) return 0;
    const all = endLedger - this.#firstLedger + 1;
    return all <= 0 ? 1 : Math.min(1, (position.cursor - this.#firstLedger + 1) / all);
  }

  /**
   * What has come through, then what of it is safe:
   * `ledger 53,312,000 · 120 ledgers (60/s) · 35,520 events (17,760/s) · committed to 53,311,990, 2 files`.
   */
  text(): string {
    const position = this.#position;
    const at = position?.passed?.ledger ?? position?.cursor;
    if (position === undefined || at === undefined) return "waiting for the first ledger";
    const { ledgers, events } = countsOf(position);
    const perSecond = this.rates();
    return [
      `ledger ${count(at)}`,
      `${quantity(ledgers, "ledger")} (${rate(perSecond.ledgers)}/s)`,
      `${quantity(events, "event")} (${rate(perSecond.events)}/s)`,
      position.cursor === undefined
        ? "nothing committed yet"
        : `committed to ${count(position.cursor)}, ${quantity(position.files, "file")}`,
    ].join(" · ");
  }

  /** The same behind a bar when it is known how far there is to go. */
  bar(): string {
    const fraction = this.fraction();
    if (fraction === undefined) return this.text();
    const full = Math.round(fraction * BAR_WIDTH);
    const bar = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
    return `${bar} ${Math.floor(fraction * 100).toString().padStart(3)} % · ${this.text()}`;
  }
}

/** What a run has done so far: what came through it, else what it has written. */
function countsOf(position: Position): { ledgers: number; events: number } {
  const { passed, ledgersByRun, eventsByRun } = position;
  return passed === undefined
    ? { ledgers: ledgersByRun, events: eventsByRun }
    : { ledgers: passed.ledgers, events: passed.events };
}

/** A whole number with commas, so that a billion can be told from a million. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `1 ledger`, `2,000 ledgers`. */
export function quantity(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A rate: one decimal while it is small. */
export function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}
