import { count, quantity, rate } from "../../flowctl/command/mod.ts";

/** How far the pipeline is, as the sink's own figures tell: what is committed, nothing else. */
export interface Position {
  /** Last ledger committed; `undefined` when none is. */
  readonly cursor: number | undefined;
  /** Last ledger there is; `undefined` while it is not known. */
  readonly tip: number | undefined;
  /** What the tables hold. */
  readonly ledgers: number;
  readonly events: number;
  readonly files: number;
  /** Of that, what this run has committed. */
  readonly ledgersByRun: number;
  readonly eventsByRun: number;
}

/** What a run is to reach. */
export interface Goal {
  /** First ledger asked for where the tables hold none; `undefined` takes the first there is. */
  readonly startLedger?: number | undefined;
  /** The last ledger asked for; 0 follows the tip. */
  readonly endLedger: number;
}

/** Commits come in bursts, 30 s apart by default: a shorter window would show zeros in between. */
const RATE_WINDOW_MS = 60_000;

/** A network closes a ledger every 5 to 6 s: only after more than that nothing comes. */
const QUIET_MS = 10_000;

/** Width of the bar in columns, so small that the figures fit beside it in 80. */
const BAR_WIDTH = 12;

/** Counts of a run at a moment. */
interface Counts {
  readonly atMs: number;
  readonly ledgers: number;
}

/** Turns positions into a line for people, what is committed first. */
export class Progress {
  readonly #goal: Goal;
  readonly #seen: Counts[] = [];
  #position: Position | undefined;
  #firstLedger: number | undefined;
  #movedAtMs = 0;
  #atMs = 0;

  constructor(goal: Goal) {
    this.#goal = goal;
  }

  /** Begins to count, so that the first position has rates; `atMs` is any clock that only goes forward. */
  start(atMs: number): void {
    this.#seen.push({ atMs, ledgers: 0 });
  }

  /** Takes in a position. */
  update(position: Position, atMs: number): void {
    if (position.cursor !== this.#position?.cursor) this.#movedAtMs = atMs;
    this.#atMs = atMs;
    this.#position = position;
    this.#seen.push({ atMs, ledgers: position.ledgersByRun });
    while (this.#seen.length > 2 && this.#seen[1]!.atMs <= atMs - RATE_WINDOW_MS) {
      this.#seen.shift();
    }
    if (this.#firstLedger === undefined) this.#firstLedger = this.#firstOf(position);
  }

  /** Committed ledgers a second over the last minute. */
  rate(): number {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined) return 0;
    const seconds = (last.atMs - first.atMs) / 1000;
    return seconds <= 0 ? 0 : (last.ledgers - first.ledgers) / seconds;
  }

  /** Part of this run's ledgers that is committed, 0 to 1; `undefined` without an end. */
  fraction(): number | undefined {
    const { endLedger } = this.#goal;
    if (endLedger === 0) return undefined;
    const cursor = this.#position?.cursor;
    if (cursor === undefined || this.#firstLedger === undefined) return 0;
    const all = endLedger - this.#firstLedger + 1;
    if (all <= 0) return 1;
    return Math.max(0, Math.min(1, (cursor - this.#firstLedger + 1) / all));
  }

  /**
   * What is committed, and how fast:
   * `committed up to 1,054 · 1,053 ledgers · 18,965 events · 1.0 ledgers/s · tip 1,055`.
   *
   * @param width columns there are; what matters least is left out until the line fits
   */
  text(width = Infinity): string {
    const position = this.#position;
    if (position === undefined) return "waiting for the first ledger";
    const { cursor, tip, ledgersByRun, eventsByRun } = position;
    const awaited = this.#awaited(position);
    const done = cursor === undefined ? undefined : this.#committed(cursor);
    if (awaited !== undefined) {
      const waiting = `waiting for ledger ${count(awaited)}`;
      const whole = `${waiting}; the source ends at ${count(tip!)}`;
      if (cursor === undefined) return whole;
      const safe = `committed up to ${count(cursor)} · `;
      return safe.length + whole.length <= width ? safe + whole : safe + waiting;
    }
    if (done === undefined && tip === undefined) return "waiting for the first ledger";
    const parts: [string, number][] = [[done ?? "nothing committed yet", 0]];
    if (done !== undefined) {
      parts.push([quantity(ledgersByRun, "ledger"), 3]);
      parts.push([quantity(eventsByRun, "event"), 4]);
      parts.push([`${rate(this.rate())} ledgers/s`, 1]);
    }
    if (tip !== undefined) parts.push([`tip ${count(tip)}`, this.#goal.endLedger === 0 ? 2 : 5]);
    return fitting(parts, width);
  }

  /** The same behind a bar where there is an end that can be reached; else a bar would have no meaning. */
  bar(width = Infinity): string {
    const fraction = this.fraction();
    const isWaiting = this.#position !== undefined && this.#awaited(this.#position) !== undefined;
    if (fraction === undefined || isWaiting) return this.text(width);
    const full = Math.floor(fraction * BAR_WIDTH);
    const bar = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
    const head = `${bar} ${Math.floor(fraction * 100).toString().padStart(3)} % · `;
    return head + this.text(width - head.length);
  }

  #committed(cursor: number): string {
    const { endLedger } = this.#goal;
    return `committed up to ${count(cursor)}${endLedger === 0 ? "" : ` of ${count(endLedger)}`}`;
  }

  /** The first ledger that this run has to store, once it is known. */
  #firstOf({ cursor, ledgersByRun }: Position): number | undefined {
    if (cursor !== undefined) return cursor - ledgersByRun + 1;
    return this.#goal.startLedger;
  }

  /** The ledger that is needed and does not come; `undefined` while the source has more. */
  #awaited({ cursor, tip }: Position): number | undefined {
    if (tip === undefined) return undefined;
    const { startLedger, endLedger } = this.#goal;
    const next = cursor === undefined ? startLedger : cursor + 1;
    if (next === undefined || next <= tip || (endLedger !== 0 && next > endLedger)) {
      return undefined;
    }
    // At the tip, a pipeline that follows it has all there is.
    if (endLedger === 0 && cursor === tip) return undefined;
    const isQuiet = cursor === undefined || this.#atMs - this.#movedAtMs >= QUIET_MS;
    return isQuiet ? next : undefined;
  }
}

/** Parts with their ranks, 0 the most important, joined; the least important go until it fits. */
function fitting(parts: readonly (readonly [string, number])[], width: number): string {
  let kept = parts;
  while (true) {
    const line = kept.map(([text]) => text).join(" · ");
    if (line.length <= width || kept.length === 1) return line;
    const least = Math.max(...kept.map(([, rank]) => rank));
    kept = kept.filter(([, rank]) => rank !== least);
  }
}
