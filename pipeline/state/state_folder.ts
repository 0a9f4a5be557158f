import { dirname, join, resolve } from "@std/path";
import { FolderLock } from "./folder_lock.ts";
import {
  parseProcessRecord,
  parseRunRecord,
  type ProcessRecord,
  type RunRecord,
} from "./run_record.ts";

/** Nobody else may read what holds a token. */
const PRIVATE = 0o600;

/** Folders that are made here are their owner's alone: whoever can open `lock` can hold it, too. */
const PRIVATE_FOLDER = 0o700;

/** Beginning of the names of files that are being written. */
const TEMPORARY = ".write-";

/** Ending of a component's pid file. */
const PID_FILE = ".pid";

/**
 * The folder through which the commands of one pipeline find each other:
 *
 * - `lock`: held by the manager while it lives
 * - `manager.json`: its {@linkcode RunRecord}
 * - `NAME.pid`: a {@linkcode ProcessRecord} for each component's process
 * - `config.json`: the resolved configuration of the run, secrets masked
 * - `logs/`: what the components and the manager said; stays after the run
 */
export class StateFolder {
  /** The folder, as the user named it. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Folder of the logs. */
  get logs(): string {
    return join(this.path, "logs");
  }

  /** Takes the folder for this process; `undefined` when a manager has it. Makes it where needed. */
  async claim(): Promise<FolderLock | undefined> {
    // What is above may be meant for others, too.
    await Deno.mkdir(dirname(resolve(this.path)), { recursive: true });
    await Deno.mkdir(this.logs, { recursive: true, mode: PRIVATE_FOLDER });
    return await FolderLock.take(this.#file("lock"));
  }

  /** The run that is going on; `undefined` when there is none, whatever files are left of one. */
  async currentRun(): Promise<RunRecord | undefined> {
    if (!await FolderLock.isHeld(this.#file("lock"))) return undefined;
    return parseRunRecord(await readText(this.#file("manager.json")) ?? "");
  }

  /** Whether a manager has the folder, also one that has not written its record yet. */
  async isClaimed(): Promise<boolean> {
    return await FolderLock.isHeld(this.#file("lock"));
  }

  /** Writes the record of this process's run. */
  async writeRun(record: RunRecord): Promise<void> {
    await replaceText(this.#file("manager.json"), JSON.stringify(record, null, 2) + "\n");
  }

  /** Writes the configuration of this process's run. */
  async writeConfig(config: unknown): Promise<void> {
    await replaceText(this.#file("config.json"), JSON.stringify(config, null, 2) + "\n");
  }

  /** Writes a component's pid file. */
  async writeProcess(name: string, record: ProcessRecord): Promise<void> {
    await replaceText(this.#file(name + PID_FILE), JSON.stringify(record) + "\n");
  }

  /** Removes a component's pid file. */
  async removeProcess(name: string): Promise<void> {
    await remove(this.#file(name + PID_FILE));
  }

  /** The pid files that are there; those that hold no record are passed over. */
  async processes(): Promise<ProcessRecord[]> {
    const records: ProcessRecord[] = [];
    for (const name of await this.#files((name) => name.endsWith(PID_FILE))) {
      const record = parseProcessRecord(await readText(this.#file(name)) ?? "");
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  /**
   * Removes the record of an earlier run, so that nobody takes its process for the manager's. Its pid
   * files stay until those processes have ended. Only for who holds the lock.
   */
  async forgetRun(): Promise<void> {
    await remove(this.#file("manager.json"));
  }

  /** Removes what tells of a run; the logs stay. Only for who holds the lock. */
  async clear(): Promise<void> {
    const files = await this.#files((name) =>
      name === "manager.json" || name === "config.json" || name.endsWith(PID_FILE) ||
      name.startsWith(TEMPORARY)
    );
    for (const name of files) await remove(this.#file(name));
  }

  async #files(isWanted: (name: string) => boolean): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(this.path)) if (isWanted(name)) names.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return names.sort();
  }

  #file(name: string): string {
    return join(this.path, name);
  }
}

/** Puts a whole file in the place of another, so that no reader sees half of it. */
async function replaceText(path: string, text: string): Promise<void> {
  const temporary = await Deno.makeTempFile({ dir: dirname(path), prefix: TEMPORARY });
  await Deno.writeTextFile(temporary, text, { mode: PRIVATE });
  await Deno.rename(temporary, path);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
