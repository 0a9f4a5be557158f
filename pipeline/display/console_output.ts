import { cyan, dim, green, magenta, red, stripAnsiCode, yellow } from "@std/fmt/colors";
import type { TextSink } from "../../flowctl/command/mod.ts";

/** Back to the first column, and the rest of the line erased. */
const ERASE_LINE = "\r\x1b[K";

const COLOURS: readonly ((text: string) => string)[] = [cyan, magenta, green, yellow];

/**
 * The lines of all components, each after its component's name, and one line at the bottom of a
 * terminal that is drawn again in place. Where there is no terminal the bottom line is left out.
 * Colours are used on a terminal unless NO_COLOR is set.
 */
export class ConsoleOutput {
  readonly #sink: TextSink;
  readonly #colour: boolean;
  readonly #names: readonly string[];
  readonly #nameWidth: number;
  #bottom = "";

  constructor(sink: TextSink, names: readonly string[], options: { noColor: boolean }) {
    this.#sink = sink;
    this.#names = ["pipeline", ...names];
    this.#colour = sink.isTerminal && !options.noColor;
    this.#nameWidth = Math.max(...this.#names.map((name) => name.length));
  }

  get isTerminal(): boolean {
    return this.#sink.isTerminal;
  }

  /** Columns of the terminal. */
  get width(): number {
    return this.#sink.width();
  }

  /** A line of a component or, by the name `pipeline`, of the manager. */
  line(name: string, text: string): void {
    const label = `${name.padEnd(this.#nameWidth)} │`;
    const shown = this.#colour ? this.#colourOf(name)(label) : label;
    const body = this.#colour ? text : stripAnsiCode(text);
    this.#sink.write(`${this.#erase()}${shown} ${body}\n${this.#bottom}`);
  }

  /** A line of the manager about something that went wrong. */
  problem(text: string): void {
    this.line("pipeline", this.#colour ? red(text) : text);
  }

  /** A line of the manager about something that may be a mistake. */
  warning(text: string): void {
    const line = `warning: ${text}`;
    this.line("pipeline", this.#colour ? yellow(line) : line);
  }

  /** Draws the bottom line; an empty text takes it away. */
  bottom(text: string): void {
    if (!this.#sink.isTerminal) return;
    const erase = this.#erase();
    // A line that wraps could not be erased again.
    this.#bottom = text.slice(0, this.#sink.width() - 1);
    this.#sink.write(erase + this.#bottom);
  }

  /** Also where nothing is drawn: the terminal itself writes `^C` where the cursor is. */
  #erase(): string {
    return this.#sink.isTerminal ? ERASE_LINE : "";
  }

  #colourOf(name: string): (text: string) => string {
    const at = this.#names.indexOf(name);
    return at < 1 ? dim : COLOURS[(at - 1) % COLOURS.length]!;
  }
}
