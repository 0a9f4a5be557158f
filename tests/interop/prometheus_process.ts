/** Debian's Prometheus as a process of a test. */

/** Longest wait for anything Prometheus does. Far above what it takes, so only a hang ends here. */
const PATIENCE_MS = 120_000;

/** Time between two looks at what has no event to wait for. */
const LOOK_EVERY_MS = 200;

/** What a query gives: the series with their values. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** How a rule does. */
export interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** Whether a program can be started; a line says where it is not there. */
export async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdin: "null" }).output())
      .success;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`skipped: no ${program} on the PATH`);
    return false;
  }
}

/** Prometheus on a free port, with a configuration file. Disposing kills it. */
export class PrometheusProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #said = "";

  constructor(configFile: string, dataFolder: string) {
    this.#child = new Deno.Command("prometheus", {
      args: [
        `--config.file=${configFile}`,
        `--storage.tsdb.path=${dataFolder}`,
        "--web.listen-address=127.0.0.1:0",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#reading = this.#read(this.#child.stderr);
  }

  /** The series of an instant query; an error of Prometheus is thrown. */
  async query(expression: string): Promise<Series[]> {
    const { result } = await this.#get(`query?query=${encodeURIComponent(expression)}`);
    return result;
  }

  /** All alerting rules. */
  async rules(): Promise<RuleState[]> {
    const { groups } = await this.#get("rules");
    return groups.flatMap(({ rules }: { rules: RuleState[] }) => rules);
  }

  /** Waits until something holds; the failure tells what `missing` answers. */
  async until(holds: () => Promise<boolean>, missing: () => unknown): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!await holds()) {
      if (performance.now() > deadline) {
        throw new Error(`Prometheus has not: ${JSON.stringify(missing(), null, 1)}\n${this.#said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#reading;
  }

  // deno-lint-ignore no-explicit-any -- any JSON.
  async #get(path: string): Promise<any> {
    const address = /msg="Listening on" address=(\S+)/;
    await this.until(() => Promise.resolve(address.test(this.#said)), () => "begun to listen");
    const response = await fetch(`http://${address.exec(this.#said)![1]}/api/v1/${path}`);
    const { status, data, error } = await response.json();
    if (status !== "success") throw new Error(`${path}: ${error}`);
    return data;
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#said += text;
  }
}
