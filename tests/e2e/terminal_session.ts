import { fromFileUrl } from "@std/path";
import { eventually, kill, patiently } from "./patience.ts";
import { ROOT } from "./pipeline_process.ts";
import { TerminalScreen } from "./terminal_screen.ts";

const PROGRAM = fromFileUrl(new URL("./terminal.py", import.meta.url));

/** What Ctrl-C sends. */
export const CTRL_C = "\x03";

/** A command on a terminal, with somebody who types and looks. Needs Python. */
export class TerminalSession implements AsyncDisposable {
  readonly screen: TerminalScreen;
  readonly #child: Deno.ChildProcess;
  readonly #keyboard: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #isClosed = false;

  constructor(
    python: string,
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    size: { readonly columns: number; readonly rows: number },
  ) {
    this.screen = new TerminalScreen(size.columns, size.rows);
    this.#child = new Deno.Command(python, {
      args: [PROGRAM, String(size.columns), String(size.rows), ...command],
      cwd: ROOT,
      env: { ...env, TERM: "xterm-256color", NO_COLOR: "" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#keyboard = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Everything on the screen and above it, as text. */
  get text(): string {
    return this.screen.lines.join("\n");
  }

  async type(text: string): Promise<void> {
    await this.#keyboard.write(new TextEncoder().encode(text));
  }

  /** Closes the window. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#keyboard.close().catch(() => {});
  }

  /** Waits until the screen is as wanted. */
  async shows(what: string, isShown: (screen: TerminalScreen) => boolean): Promise<void> {
    await eventually(`the screen does not show ${what}`, () => isShown(this.screen), () => {
      return this.text;
    });
  }

  /** Waits for the end; answers the exit code. */
  async end(): Promise<number> {
    const { code } = await patiently("it does not end", this.#child.status, () => this.text);
    await this.#reading;
    await this.close();
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    kill(this.#child.pid, "SIGKILL");
    await this.#child.status;
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.screen.write(text);
    }
  }
}
