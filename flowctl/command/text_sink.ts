/** Where lines go: a terminal, a file, or a test. */
export interface TextSink {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  width(): number;
}

/** Columns where the terminal does not tell. */
const DEFAULT_WIDTH = 80;

/** Standard output of this process. */
export function standardOutput(): TextSink {
  const encoder = new TextEncoder();
  return {
    isTerminal: Deno.stdout.isTerminal(),
    write(text) {
      let bytes = encoder.encode(text);
      try {
        while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
      } catch {
        // The terminal or pipe is gone; the pipeline and its orderly stop matter more.
      }
    },
    width() {
      try {
        return Deno.consoleSize().columns;
      } catch {
        return DEFAULT_WIDTH;
      }
    },
  };
}
