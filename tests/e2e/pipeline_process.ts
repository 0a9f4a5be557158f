import { fromFileUrl } from "@std/path";
import process from "node:process";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Longest wait for anything a pipeline does. Far above what it takes, so only a hang ends here. */
const PATIENCE_MS = 90_000;

/** Time between two looks at what has no event to wait for. */
const LOOK_EVERY_MS = 20;

/** How a pipeline ended. */
export interface PipelineEnd {
  readonly code: number;
  readonly signal: string | null;
  readonly output: string;
}

/** Names of the components on the manager's screen. */
export type ComponentName = "source" | "processor" | "sink";

/**
 * `deno task pipeline:local` as a process, on free ports, in folders of the test. Disposing kills
 * whatever is left of it.
 */
export class PipelineProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  readonly #ended: Promise<Deno.CommandStatus>;
  #output = "";

  constructor(env: Record<string, string>, command?: readonly string[]) {
    const [program, ...args] = command ??
      [Deno.execPath(), "run", "-q", "-P=manager", "pipeline/main.ts", "start", "local"];
    this.#child = new Deno.Command(program!, {
      args,
      cwd: ROOT,
      env: {
        STELLAR_ARROW_SOURCE_PORT: "0",
        STELLAR_ARROW_SOURCE_HEALTH_PORT: "0",
        TTP_ARROW_PROCESSOR_PORT: "0",
        TTP_ARROW_PROCESSOR_HEALTH_PORT: "0",
        ARROW_ANALYTICS_SINK_PORT: "0",
        ARROW_ANALYTICS_SINK_HEALTH_PORT: "0",
        NO_COLOR: "1",
        ...env,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#ended = this.#child.status;
    this.#reading = Promise.all([this.#read(this.#child.stdout), this.#read(this.#child.stderr)]);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Everything it has written so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits for it to end by itself. */
  async end(): Promise<PipelineEnd> {
    const status = await this.#patiently("the pipeline does not end", this.#ended);
    await this.#reading;
    return { code: status.code, signal: status.signal, output: this.#output };
  }

  /** Waits until it has written something that matches. */
  async written(pattern: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await this.until(`nothing written matches ${pattern}`, () => {
      found = pattern.exec(this.#output);
      return Promise.resolve(found !== null);
    });
    return found!;
  }

  /** Waits until something holds; fails when the pipeline ends first. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    let over = false;
    const ended = this.#ended.then(async ({ code }) => {
      await this.#reading;
      over = true;
      if (!await holds()) throw new Error(`${what}, and it ended with ${code}:\n${this.#output}`);
    });
    const looking = (async () => {
      while (!over && !await holds()) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    })();
    await this.#patiently(what, Promise.race([ended, looking])).finally(() => over = true);
    ended.catch(() => {});
  }

  /** The process of a component, once it has been started. */
  async pidOf(component: ComponentName): Promise<number> {
    const [, pid] = await this.written(new RegExp(`starting ${component}, process (\\d+)`));
    return Number(pid);
  }

  /** All processes of the pipeline that were started so far. */
  pids(): number[] {
    const started = this.#output.matchAll(/starting \w+, process (\d+)/g);
    return [this.pid, ...[...started].map(([, pid]) => Number(pid))];
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.pids()) kill(pid, "SIGKILL");
    await this.#ended;
    await this.#reading;
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#output += text;
  }

  async #patiently<T>(what: string, wait: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}:\n${this.#output}`)), PATIENCE_MS);
    });
    try {
      return await Promise.race([wait, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Sends a signal; a process that is gone is left alone. */
export function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until none of the processes is there. */
export async function allGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) {
      throw new Error(`still there: process ${pids.filter(isAlive).join(", ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
