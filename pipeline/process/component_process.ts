import { TextLineStream } from "./_text_lines.ts";

/** How a component is started. */
export interface Launch {
  /** For example `stellar-arrow-source`. */
  readonly component: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables added to this process's own. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a component says of itself in its `@ready` line. */
export interface ReadyLine {
  readonly component: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly [extra: string]: unknown;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Ended {
  readonly code: number;
  readonly signal: string | null;
}

/** How many of its last lines are kept for whoever asks why it ended. */
const LAST_LINES = 10;

/** Lines that start so are for the manager and not for people. */
const MACHINE_LINE = /^@(\w+) (\{.*\})$/;

/**
 * One component as a child process.
 *
 * Its standard input is a pipe that stays open while the manager lives: a component stops at its
 * end, so that a killed manager leaves nothing behind. It runs in a process group of its own, so
 * that Ctrl-C reaches the manager alone, which then stops the components in their order.
 */
export class ComponentProcess {
  readonly component: string;
  readonly pid: number;
  /** Settles when the process has ended and its output is read to the end. Never rejects. */
  readonly ended: Promise<Ended>;
  /** Resolves with the ready line; never settles when the process ends without one. */
  readonly ready: Promise<ReadyLine>;
  readonly #child: Deno.ChildProcess;
  readonly #machineLines = new Map<string, unknown>();
  readonly #onLine: (line: string) => void;
  readonly #lastLines: string[] = [];
  #isReady!: (line: ReadyLine) => void;

  /**
   * @param onLine is called for each line meant for people
   * @throws {Error} when the command cannot be started
   */
  constructor(launch: Launch, onLine: (line: string) => void) {
    this.component = launch.component;
    this.#onLine = (line) => {
      this.#lastLines.push(line);
      if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
      onLine(line);
    };
    this.ready = new Promise((resolve) => this.#isReady = resolve);
    this.#child = new Deno.Command(launch.command, {
      args: [...launch.args],
      env: { ...launch.env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
    this.pid = this.#child.pid;
    const output = Promise.all([this.#read(this.#child.stdout), this.#read(this.#child.stderr)]);
    this.ended = Promise.all([this.#child.status, output])
      .then(([{ code, signal }]) => ({ code, signal }));
  }

  /** The newest machine-readable line of a kind, such as `done`. */
  machineLine(kind: string): unknown {
    return this.#machineLines.get(kind);
  }

  /** Its last lines meant for people, oldest first. */
  lastLines(): readonly string[] {
    return [...this.#lastLines];
  }

  /**
   * Asks it to stop and waits; after the grace period it is killed.
   *
   * @returns whether it had to be killed
   */
  async stop(graceMs: number): Promise<boolean> {
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      this.#signal("SIGKILL");
    }, graceMs);
    this.#signal("SIGTERM");
    await this.ended;
    clearTimeout(timer);
    return killed;
  }

  /** Ends it at once. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It ended by itself in between, which is what was wanted.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const line of stream.pipeThrough(new TextLineStream())) {
      const machine = MACHINE_LINE.exec(line);
      if (machine === null) this.#onLine(line);
      else this.#hear(machine[1]!, machine[2]!);
    }
  }

  #hear(kind: string, text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#onLine(`@${kind} ${text}`);
    }
    if (kind === "ready") {
      // Without ports nobody can be asked whether it is ready.
      if (!isReadyLine(value)) return this.#onLine(`@${kind} ${text}`);
      this.#isReady(value);
    }
    this.#machineLines.set(kind, value);
  }
}

function isReadyLine(value: unknown): value is ReadyLine {
  if (typeof value !== "object" || value === null) return false;
  const { component, ports } = value as Record<string, unknown>;
  return typeof component === "string" && typeof ports === "object" && ports !== null &&
    Object.values(ports).every((port) => typeof port === "number");
}
