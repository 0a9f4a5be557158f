/** What is on the screen of a terminal, as far as the manager's output needs one. */
export class TerminalScreen {
  /** Control sequences that this terminal does not know: on a real one they may be garbage. */
  readonly unknown: string[] = [];
  readonly #columns: number;
  readonly #rows: number;
  /** Everything since the start, also what has scrolled out above. */
  readonly #lines: { cells: string[]; isContinued: boolean }[] = [line()];
  #row = 0;
  #column = 0;
  #isPainted = false;
  #pending = "";

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** Whether colours or other attributes are on, which whatever is written next would have. */
  get isPainted(): boolean {
    return this.#isPainted;
  }

  /** Column of the cursor, from 0. */
  get column(): number {
    return this.#column;
  }

  /** Lines as they were written, the oldest first; one that took several rows is one again. */
  get lines(): string[] {
    const lines: string[] = [];
    let text = "";
    for (const { cells, isContinued } of this.#lines) {
      text += cells.join("");
      if (isContinued) continue;
      lines.push(text.trimEnd());
      text = "";
    }
    return lines;
  }

  /** Takes in what a program writes. */
  write(text: string): void {
    let rest = this.#pending + text;
    this.#pending = "";
    while (rest !== "") {
      // deno-lint-ignore no-control-regex
      const sequence = /^\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[^[])/.exec(rest)?.[0];
      if (sequence !== undefined) this.#control(sequence);
      else if (rest.startsWith("\x1b")) {
        this.#pending = rest;
        return;
      } else this.#put(String.fromCodePoint(rest.codePointAt(0)!));
      rest = rest.slice(sequence?.length ?? (rest.codePointAt(0)! > 0xffff ? 2 : 1));
    }
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#down();
    else if (character < " " || character === "\x7f") this.unknown.push(character);
    else {
      if (this.#column === this.#columns) {
        this.#lines[this.#row]!.isContinued = true;
        this.#column = 0;
        this.#down();
      }
      const { cells } = this.#lines[this.#row]!;
      while (cells.length < this.#column) cells.push(" ");
      cells[this.#column++] = character;
    }
  }

  #down(): void {
    this.#row++;
    if (this.#row === this.#lines.length) this.#lines.push(line());
  }

  #control(sequence: string): void {
    const { cells } = this.#lines[this.#row]!;
    switch (sequence) {
      case "\x1b[K":
        cells.length = Math.min(cells.length, this.#column);
        this.#lines[this.#row]!.isContinued = false;
        break;
      case "\x1b[J":
        cells.length = Math.min(cells.length, this.#column);
        this.#lines[this.#row]!.isContinued = false;
        this.#lines.length = this.#row + 1;
        break;
      case "\x1b[H":
        this.#row = Math.max(0, this.#lines.length - this.#rows);
        this.#column = 0;
        break;
      default:
        if (/^.\[[0-9;]*m$/.test(sequence)) this.#paint(sequence.slice(2, -1));
        else this.unknown.push(sequence);
    }
  }

  /** 39 and 22 take back the colour and the weight that were set before. */
  #paint(attributes: string): void {
    for (const attribute of attributes.split(";")) {
      this.#isPainted = !["", "0", "22", "39", "49"].includes(attribute);
    }
  }
}

function line(): { cells: string[]; isContinued: boolean } {
  return { cells: [], isContinued: false };
}
