import { delay } from "@std/async/delay";

/** Whoever only looks holds the lock for microseconds: after so many tries it is a real holder. */
const TRIES = 5;
const BETWEEN_TRIES_MS = 10;

/**
 * An exclusive claim on a folder, held through the operating system's lock on a file in it. It ends
 * with the process that holds it, however that ends, so there is no such thing as a stale lock.
 */
export class FolderLock implements AsyncDisposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #isReleased = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes the lock.
   *
   * @param path the lock's file, which is made and, at the end, removed
   * @returns `undefined` when another process holds it
   */
  static async take(path: string): Promise<FolderLock | undefined> {
    while (true) {
      const file = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
      if (!await lockInTries(file)) {
        file.close();
        return undefined;
      }
      if (await isStillAt(path, file)) return new FolderLock(path, file);
      // The holder before removed the file between our opening and our locking it.
      file.close();
    }
  }

  /** Whether any process holds the lock. */
  static async isHeld(path: string): Promise<boolean> {
    let file: Deno.FsFile;
    try {
      file = await Deno.open(path);
    } catch (error) {
      // Below a file the system says "not a directory": nobody can hold anything there.
      const { NotFound, NotADirectory } = Deno.errors;
      if (error instanceof NotFound || error instanceof NotADirectory) return false;
      throw error;
    }
    // A shared lock, so that several who look do not take each other for a holder.
    const isFree = await file.tryLock(false);
    file.close();
    return !isFree;
  }

  /** Gives it back; the file goes first, while nobody else can hold it. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await Deno.remove(this.#path).catch(ignoreMissing);
    this.#file.close();
  }

  /** The same as `release`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

async function lockInTries(file: Deno.FsFile): Promise<boolean> {
  for (let left = TRIES; left > 0; left--) {
    if (await file.tryLock(true)) return true;
    await delay(BETWEEN_TRIES_MS);
  }
  return false;
}

async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [opened, there] = await Promise.all([file.stat(), Deno.stat(path)]);
    return opened.ino === there.ino && opened.dev === there.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
