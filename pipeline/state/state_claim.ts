import type { FolderLock } from "./folder_lock.ts";
import type { StateFolder } from "./state_folder.ts";

/**
 * A manager's claim on its state folder for as long as it lives. Somebody may remove the folder
 * meanwhile (`git clean` does): the claim is then renewed, unless another manager was faster.
 */
export class StateClaim implements AsyncDisposable {
  readonly folder: StateFolder;
  #lock: FolderLock;

  private constructor(folder: StateFolder, lock: FolderLock) {
    this.folder = folder;
    this.#lock = lock;
  }

  /** Takes the folder; `undefined` when a manager has it. */
  static async take(folder: StateFolder): Promise<StateClaim | undefined> {
    const lock = await folder.claim();
    return lock === undefined ? undefined : new StateClaim(folder, lock);
  }

  /** Whether the folder is still the one that was claimed. */
  async isIntact(): Promise<boolean> {
    return await this.#lock.isIntact();
  }

  /** Makes and claims the folder anew; whether that went well, or another manager has it now. */
  async renew(): Promise<boolean> {
    const lock = await this.folder.claim();
    if (lock === undefined) return false;
    await this.#lock.release();
    this.#lock = lock;
    return true;
  }

  /** Removes what tells of the run, and gives the folder back. */
  async release(): Promise<void> {
    // What lies in a folder that another manager has claimed is that one's.
    if (await this.isIntact()) await this.folder.clear();
    await this.#lock.release();
  }

  /** The same as `release`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
