import { LogFollower, type LogLine } from "../logs/mod.ts";
import { MANAGER_NAME } from "../run/mod.ts";

/** Time, level and name before what the manager says in its own log. */
const RECORD_HEAD = /^\S+Z (?:DEBUG|INFO|WARN|ERROR) +pipeline /;

/** What the manager of a detached pipeline says from now on, without the head of its records. */
export class ManagerLines implements Disposable {
  readonly #follower: LogFollower;

  /** @param folder of the logs */
  constructor(folder: string) {
    // One file back: what is said within one look does not fill more.
    this.#follower = new LogFollower({ folder, names: [MANAGER_NAME], maxFiles: 2 }, MANAGER_NAME);
    this.#follower.seekEnd();
  }

  /** What has been said since the last look. */
  read(): string[] {
    return this.#follower.read().map(({ text }: LogLine) => text.replace(RECORD_HEAD, ""));
  }

  [Symbol.dispose](): void {
    this.#follower.close();
  }
}
