import { join } from "@std/path";
import type { PipelineStatus } from "../../pipeline/mod.ts";
import { isAlive, kill, patiently } from "./patience.ts";
import { type ComponentName, managerCommand, ROOT, TEST_ENVIRONMENT } from "./pipeline_process.ts";

/** How a command ended. */
export interface CommandEnd {
  readonly code: number;
  /** What it wrote, to standard output and to standard error. */
  readonly output: string;
}

/**
 * The manager's commands on one state folder, which is this object's own. Disposing kills whatever
 * runs there and removes the folder.
 */
export class PipelineCommands implements AsyncDisposable {
  /** The state folder. */
  readonly state = Deno.makeTempDirSync({ prefix: "state-" });
  readonly #env: Readonly<Record<string, string>>;

  /** @param env variables of the pipelines that are started */
  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /** Variables for a command of one's own making. */
  get env(): Record<string, string> {
    return { ...TEST_ENVIRONMENT, ...this.#env, PIPELINE_STATE_DIR: this.state };
  }

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<CommandEnd> {
    const [program, ...rest] = managerCommand(...args);
    const output = new Deno.Command(program!, {
      args: rest,
      cwd: ROOT,
      env: this.env,
      stdin: "null",
    }).output();
    const { code, stdout, stderr } = await patiently(`${args[0]} does not end`, output);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, output: text(stdout) + text(stderr) };
  }

  /** What `status --json` answers. */
  async status(): Promise<PipelineStatus> {
    const { code, output } = await this.run("status", "--json");
    if (code !== 0) throw new Error(`status ends with ${code}: ${output}`);
    return JSON.parse(output);
  }

  /** The processes of the pipeline that runs now: the manager, then its components. */
  async pids(): Promise<number[]> {
    const { pid, components } = await this.status();
    return [pid, ...components.map((each) => each.pid).filter((each) => each !== null)];
  }

  /** The process of a component that runs now. */
  async pidOf(name: ComponentName): Promise<number> {
    const { components } = await this.status();
    return components.find((each) => each.name === name)!.pid!;
  }

  /** Names in the state folder. */
  names(): string[] {
    return [...Deno.readDirSync(this.state)].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The manager first: it would start the others again.
    const names = this.names().filter((name) => /^manager\.json$|\.pid$/.test(name));
    for (const name of names) {
      const { pid } = JSON.parse(await Deno.readTextFile(join(this.state, name)));
      if (typeof pid === "number" && isAlive(pid)) kill(pid, "SIGKILL");
    }
    await Deno.remove(this.state, { recursive: true });
  }
}
