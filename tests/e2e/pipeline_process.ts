import { fromFileUrl } from "@std/path";
import { eventually, kill, patiently } from "./patience.ts";

export { allGone, kill } from "./patience.ts";

/** The repository. */
export const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Variables of a pipeline in a test: free ports, and text without colours. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = {
  STELLAR_ARROW_SOURCE_PORT: "0",
  STELLAR_ARROW_SOURCE_HEALTH_PORT: "0",
  TTP_ARROW_PROCESSOR_PORT: "0",
  TTP_ARROW_PROCESSOR_HEALTH_PORT: "0",
  ARROW_ANALYTICS_SINK_PORT: "0",
  ARROW_ANALYTICS_SINK_HEALTH_PORT: "0",
  FLOWCTL_CONTROL_PLANE_HEALTH_PORT: "0",
  NO_COLOR: "1",
};

/** The command line of the manager. */
export function managerCommand(...args: string[]): string[] {
  return [Deno.execPath(), "run", "-q", "-P=manager", "pipeline/main.ts", ...args];
}

/** How a pipeline ended. */
export interface PipelineEnd {
  readonly code: number;
  readonly signal: string | null;
  readonly output: string;
}

/** Names of the components on the manager's screen. */
export type ComponentName = "source" | "processor" | "sink";

/** All of them, in the order of the data. */
export const COMPONENT_NAMES: readonly ComponentName[] = ["source", "processor", "sink"];

/**
 * `deno task pipeline:local` as a process, on free ports, in folders of the test. Disposing kills
 * whatever is left of it, and removes its state folder where it has one of its own.
 */
export class PipelineProcess implements AsyncDisposable {
  /** State folder, in which other commands find it. */
  readonly state: string;
  readonly #ownState: string | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  readonly #ended: Promise<Deno.CommandStatus>;
  #output = "";

  constructor(env: Record<string, string>, command = managerCommand("start", "local")) {
    const [program, ...args] = command;
    // One state folder holds one pipeline, and tests have nothing to do with the repository's.
    const given = env.PIPELINE_STATE_DIR;
    this.#ownState = given === undefined ? Deno.makeTempDirSync({ prefix: "state-" }) : undefined;
    this.state = given ?? this.#ownState!;
    this.#child = new Deno.Command(program!, {
      args,
      cwd: ROOT,
      env: { ...TEST_ENVIRONMENT, PIPELINE_STATE_DIR: this.state, ...env },
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
    const said = () => this.#output;
    const status = await patiently("the pipeline does not end", this.#ended, said);
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
    let code: number | undefined;
    const ended = this.#ended.then(async (status) => {
      await this.#reading;
      code = status.code;
    });
    await eventually(what, async () => {
      const isOver = code !== undefined;
      if (await holds()) return true;
      if (isOver) throw new Error(`${what}, and it ended with ${code}:\n${this.#output}`);
      return false;
    }, () => this.#output);
    ended.catch(() => {});
  }

  /** The newest process of a component, once one has been started. */
  async pidOf(component: ComponentName): Promise<number> {
    await this.written(new RegExp(`starting ${component}, process \\d+`));
    return Number(this.#started(component).at(-1));
  }

  /** Waits until a component is ready after so many restarts. */
  async readyAgain(component: string, restarts = 1): Promise<void> {
    const again = new RegExp(`${component} is ready again`, "g");
    await this.until(`${component} is not ready again`, () => {
      return Promise.resolve([...this.#output.matchAll(again)].length >= restarts);
    });
  }

  /** All processes of the pipeline that were started so far. */
  pids(): number[] {
    return [this.pid, ...this.#started("\\w+")];
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The manager first: it would start the others again.
    for (const pid of this.pids()) kill(pid, "SIGKILL");
    await this.#ended;
    await this.#reading;
    if (this.#ownState !== undefined) await Deno.remove(this.#ownState, { recursive: true });
  }

  #started(component: string): number[] {
    const started = this.#output.matchAll(new RegExp(`starting ${component}, process (\\d+)`, "g"));
    return [...started].map(([, pid]) => Number(pid));
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#output += text;
  }
}
