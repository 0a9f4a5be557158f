import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Longest wait for anything a component does. Far above what it takes, so only a hang ends here. */
const PATIENCE_MS = 60_000;

/** Time between two looks at what has no event to wait for. */
const LOOK_EVERY_MS = 50;

/** What a component says once it serves. */
export interface Ready {
  readonly component: string;
  readonly ports: Readonly<Record<string, number>>;
}

/** What a component answers on `/health`. */
export interface Health {
  readonly status: string;
  readonly component: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Names of the components' tasks and permission sets. */
export type ComponentTask = "source" | "processor" | "sink" | "flowctl";

/** The command of a component's task in deno.json, without the program. */
export function taskArguments(task: ComponentTask | `${ComponentTask}:${string}`): string[] {
  const config = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`));
  return config.tasks[task].command.split(" ").slice(1);
}

/**
 * A component started without a manager. It tells its free ports as it would tell the manager.
 */
export class DirectComponent implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<unknown>;
  #said = "";
  #code: number | undefined;

  constructor(args: readonly string[], env: Record<string, string>) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: ROOT,
      env: { PORT: "0", HEALTH_PORT: "0", ...prefixedPorts(), ...env, PIPELINE_CHILD: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#child.status.then(({ code }) => this.#code = code);
    this.#output = Promise.all([this.#read(this.#child.stdout), this.#read(this.#child.stderr)]);
  }

  /** Its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Waits for its ready line. */
  async ready(): Promise<Ready> {
    const line = /^@ready (.*)$/m;
    await this.#until("is not ready", () => {
      if (this.#code !== undefined && !line.test(this.#said)) {
        throw new Error(
          `the component ended with ${this.#code} and was never ready:\n${this.#said}`,
        );
      }
      return Promise.resolve(line.test(this.#said));
    });
    return JSON.parse(line.exec(this.#said)![1]!);
  }

  /** Waits until its health is as wanted. */
  async healthIs(wanted: (health: Health) => boolean): Promise<Health> {
    const { ports } = await this.ready();
    let health: Health | undefined;
    await this.#until("has another health", async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.health}/health`);
      health = await answer.json();
      return answer.status === 200 && wanted(health!);
    });
    return health!;
  }

  /** The text of `/metrics`. */
  async metrics(): Promise<string> {
    const { ports } = await this.ready();
    return await (await fetch(`http://127.0.0.1:${ports.health}/metrics`)).text();
  }

  /** Everything that it has said so far. */
  get said(): string {
    return this.#said;
  }

  /** Waits until something holds that the component brings about. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    await this.#until(what, holds);
  }

  /** Waits for it to end by itself; answers the exit code. */
  async ended(): Promise<number> {
    await this.#until("does not end", () => Promise.resolve(this.#code !== undefined));
    return this.#code!;
  }

  /** SIGKILL. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** SIGTERM; answers the exit code. */
  async terminate(): Promise<number> {
    this.#child.kill("SIGTERM");
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A task's component outlives a killed task; at the end of its standard input it stops.
    await this.#child.stdin.close().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#output;
  }

  async #until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!await holds()) {
      if (performance.now() > deadline) throw new Error(`the component ${what}:\n${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#said += text;
  }
}

// In a pipeline only the prefixed forms of the ports count, and PIPELINE_CHILD means a pipeline.
function prefixedPorts(): Record<string, string> {
  const prefixes = ["STELLAR_ARROW_SOURCE", "TTP_ARROW_PROCESSOR", "ARROW_ANALYTICS_SINK"];
  return Object.fromEntries(
    prefixes.flatMap((prefix) => [[`${prefix}_PORT`, "0"], [`${prefix}_HEALTH_PORT`, "0"]]),
  );
}
