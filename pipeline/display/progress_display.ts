import type { ConsoleOutput } from "./console_output.ts";
import type { Progress } from "./progress.ts";
import type { SinkTotals } from "./sink_totals.ts";

/** A terminal is drawn often enough to look alive. */
const DRAW_EVERY_MS = 250;

/** Somebody who watches lines sees them move and can still read the rest. */
export const WATCHED_LINE_EVERY_MS = 5_000;

/** In a log that nobody watches a line a minute tells enough. */
export const LOGGED_LINE_EVERY_MS = 60_000;

/** The first line of a log comes as soon as there is something to tell. */
const FIRST_LINE_MS = 1_000;

/** The lines of progress where there is no terminal. */
export interface ProgressLines {
  readonly say: (text: string) => void;
  readonly everyMs: number;
}

/**
 * Shows how far the pipeline is: a line at the bottom of a terminal, one every few seconds
 * elsewhere. `start()` once all components are ready, `stop()` before they are stopped.
 */
export class ProgressDisplay {
  readonly #output: ConsoleOutput;
  readonly #progress: Progress;
  readonly #lines: ProgressLines;
  readonly #read: () => Promise<SinkTotals | undefined>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #latest: SinkTotals | undefined;
  #lastLine = "";

  constructor(
    output: ConsoleOutput,
    progress: Progress,
    lines: ProgressLines,
    read: () => Promise<SinkTotals | undefined>,
  ) {
    this.#output = output;
    this.#progress = progress;
    this.#lines = lines;
    this.#read = read;
  }

  /** The newest totals that the sink told. */
  get latest(): SinkTotals | undefined {
    return this.#latest;
  }

  start(): void {
    this.#progress.start(performance.now());
    this.#next(this.#output.isTerminal ? DRAW_EVERY_MS : FIRST_LINE_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#output.bottom("");
  }

  #next(delayMs: number): void {
    this.#timer = setTimeout(async () => {
      const totals = await this.#read();
      if (this.#stopped) return;
      if (totals !== undefined) this.#show(totals);
      this.#next(this.#output.isTerminal ? DRAW_EVERY_MS : this.#lines.everyMs);
    }, delayMs);
  }

  #show(totals: SinkTotals): void {
    this.#latest = totals;
    this.#progress.update(totals, performance.now());
    if (this.#output.isTerminal) {
      // One column stays free: a full line would wrap on some terminals.
      return this.#output.bottom(this.#progress.bar(this.#output.width - 1));
    }
    const line = this.#progress.text();
    // Standing still is said once.
    if (line !== this.#lastLine) this.#lines.say(line);
    this.#lastLine = line;
  }
}
