/** What the host needs of its process; tests pass one of their own. */
export interface HostProcess {
  /** The command line without program and script. */
  readonly args: readonly string[];
  /** The environment. */
  readonly env: { get(name: string): string | undefined };
  /** Writes a line to standard output. */
  writeOut(line: string): void;
  /** Writes a line to standard error. */
  writeError(line: string): void;
  /** Calls back at SIGTERM and SIGINT, with the name. */
  onSignal(handler: (signal: string) => void): void;
  /** Errors and rejections that nobody caught. */
  onUncaught(handler: (error: unknown) => void): void;
  /** Resolves at the end of standard input. */
  inputEnd(): Promise<void>;
  /** Ends the process. */
  exit(code: number): void;
}

/**
 * Signals that ask for a graceful stop. SIGHUP is not among them: listening to it would undo what
 * `nohup` does, and a terminal that closes costs nothing that was committed.
 */
const STOP_SIGNALS: readonly Deno.Signal[] = ["SIGTERM", "SIGINT"];

/** The process that this program runs in. */
export function denoProcess(): HostProcess {
  const encoder = new TextEncoder();
  const write = (stream: { writeSync(bytes: Uint8Array): number }, line: string) => {
    const bytes = encoder.encode(`${line}\n`);
    try {
      for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
    } catch {
      // Whoever read our output is gone; the work goes on, and there is nobody left to tell.
    }
  };
  return {
    args: Deno.args,
    env: Deno.env,
    writeOut: (line) => write(Deno.stdout, line),
    writeError: (line) => write(Deno.stderr, line),
    onSignal: (handler) => {
      for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, () => handler(signal));
    },
    onUncaught: (handler) => {
      globalThis.addEventListener("error", (event) => {
        event.preventDefault();
        handler(event.error ?? event.message);
      });
      globalThis.addEventListener("unhandledrejection", (event) => {
        event.preventDefault();
        handler(event.reason);
      });
    },
    inputEnd: async () => {
      const buffer = new Uint8Array(256);
      // What is written to us has no meaning; only its end has.
      while (await Deno.stdin.read(buffer) !== null);
    },
    exit: (code) => Deno.exit(code),
  };
}
