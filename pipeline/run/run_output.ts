import type { ConsoleOutput } from "../display/mod.ts";
import { logPath, RotatingLog } from "../logs/mod.ts";

/** How the manager's own lines are called. */
export const MANAGER_NAME = "pipeline";

/** What the logs of a run are made of. */
export interface RunOutputOptions {
  /** Where people look. */
  readonly console: ConsoleOutput;
  /** Folder of the logs. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes records of the manager that its log does not take, where there is no screen. */
  readonly unlogged?: (record: string) => void;
}

/** Everything that a run says: on the screen, and in a log file for each name. `close()` it. */
export class RunOutput implements Disposable {
  readonly #options: RunOutputOptions;
  readonly #logs = new Map<string, RotatingLog>();

  constructor(options: RunOutputOptions) {
    this.#options = options;
  }

  /** A line of a component; `isShown` says whether the screen shows it, too. */
  component(name: string, text: string, isShown: boolean): void {
    this.#log(name, text);
    if (isShown) this.#options.console.line(name, text);
  }

  /** A line of the manager. */
  line(text: string): void {
    this.#record("INFO ", text);
    this.#options.console.line(MANAGER_NAME, text);
  }

  /** A line of the manager about something that may be a mistake. */
  warning(text: string): void {
    this.#record("WARN ", text);
    this.#options.console.warning(text);
  }

  /** Lines of the manager about something that went wrong. */
  problem(text: string): void {
    for (const line of text.split("\n")) {
      this.#record("ERROR", line);
      this.#options.console.problem(line);
    }
  }

  /** Writes to new files from now on, as after their folder was removed. */
  reopen(): void {
    this.close();
    this.#logs.clear();
  }

  close(): void {
    for (const log of this.#logs.values()) log.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #record(level: string, text: string): void {
    const time = new Date(this.#options.now()).toISOString();
    const record = `${time} ${level} ${MANAGER_NAME} ${text}`;
    if (!this.#log(MANAGER_NAME, record)) this.#options.unlogged?.(record);
  }

  #log(name: string, text: string): boolean {
    const { folder, maxBytes, maxFiles, now } = this.#options;
    let log = this.#logs.get(name);
    if (log === undefined) {
      log = new RotatingLog({ path: logPath(folder, name), maxBytes, maxFiles });
      this.#logs.set(name, log);
    }
    return log.write(new Date(now()), text);
  }
}
