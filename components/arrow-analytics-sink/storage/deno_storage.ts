import {
  type Storage,
  type StorageEntry,
  StorageError,
  type StorageErrorCode,
  type StorageFile,
  type StorageLock,
} from "./storage.ts";

/** The local file system. Folders and files are those of the process; nothing is cached. */
export class DenoStorage implements Storage {
  async makeFolder(path: string): Promise<void> {
    await attempt("make folder", path, async () => {
      const missing: string[] = [];
      for (let at = path; at !== "" && at !== "." && at !== "/"; at = parent(at)) {
        if (await isFolder(at)) break;
        missing.unshift(at);
      }
      for (const folder of missing) {
        // Recursively: folders above may be missing that this process may not look at.
        await Deno.mkdir(folder, { recursive: true });
        // The folder above the topmost new one may lie outside of what this process may open;
        // its own folders are always open to it.
        if (folder !== missing[0]) await this.syncFolder(parent(folder));
      }
      const top = missing[0];
      if (top !== undefined) await syncIfAllowed(parent(top) || ".");
    });
  }

  createNew(path: string): Promise<StorageFile> {
    return attempt("create", path, async () => {
      const file = await Deno.open(path, { write: true, createNew: true });
      return new DenoFile(file, path);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return attempt("rename", from, () => Deno.rename(from, to));
  }

  link(existing: string, name: string): Promise<void> {
    return attempt("link", name, () => Deno.link(existing, name));
  }

  async syncFolder(path: string): Promise<void> {
    await attempt("sync folder", path, async () => {
      using folder = await Deno.open(path, { read: true });
      await folder.sync();
    });
  }

  async list(path: string): Promise<StorageEntry[]> {
    return await attempt("list", path, async () => {
      const entries: StorageEntry[] = [];
      try {
        for await (const entry of Deno.readDir(path)) {
          entries.push({ name: entry.name, isFolder: entry.isDirectory });
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      return entries;
    });
  }

  read(path: string): Promise<Uint8Array> {
    return attempt("read", path, () => Deno.readFile(path));
  }

  async remove(path: string): Promise<void> {
    await attempt("remove", path, async () => {
      try {
        await Deno.remove(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    });
  }

  async stat(path: string): Promise<{ sizeBytes: number } | undefined> {
    return await attempt("stat", path, async () => {
      try {
        return { sizeBytes: (await Deno.stat(path)).size };
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    });
  }

  async lock(path: string, holder: string): Promise<StorageLock> {
    const file = await attempt(
      "open lock",
      path,
      () => Deno.open(path, { read: true, write: true, create: true }),
    );
    // An advisory lock belongs to the process: the kernel frees it when the process dies however
    // it dies, and a later process that happens to have the same pid does not hold it.
    if (!await file.tryLock(true)) {
      const text = new TextDecoder().decode(await readAll(file));
      file.close();
      throw new StorageError("LOCKED", text);
    }
    await attempt("write lock", path, async () => {
      await file.truncate(0);
      await writeAll(file, new TextEncoder().encode(holder));
      await file.sync();
    });
    return {
      // The file stays: removing it would let a third process lock a file that nobody sees.
      release: async () => {
        await file.truncate(0);
        file.close();
      },
    };
  }
}

class DenoFile implements StorageFile {
  constructor(private readonly file: Deno.FsFile, private readonly path: string) {}

  write(bytes: Uint8Array): Promise<void> {
    return attempt("write", this.path, () => writeAll(this.file, bytes));
  }

  sync(): Promise<void> {
    return attempt("sync", this.path, () => this.file.sync());
  }

  close(): void {
    this.file.close();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  await file.seek(0, Deno.SeekMode.Start);
  // A lock file holds one short line.
  const buffer = new Uint8Array(1024);
  const length = await file.read(buffer);
  return buffer.subarray(0, length ?? 0);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // Above the folders that this process may see there is nothing for it to make.
    if (error instanceof Deno.errors.NotCapable) return true;
    throw error;
  }
}

async function syncIfAllowed(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path, { read: true });
    await folder.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

function parent(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "" : at === 0 ? "/" : path.slice(0, at);
}

async function attempt<T>(what: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const code: StorageErrorCode = error instanceof Deno.errors.NotFound
      ? "NOT_FOUND"
      : error instanceof Deno.errors.AlreadyExists
      ? "EXISTS"
      : "IO";
    if (isFull(error)) {
      throw new StorageError(
        "FULL",
        `Cannot ${what} "${path}": no space is left. Free space, or use another OUTPUT_PATH; what ` +
          `was committed is whole, and a restart goes on from there.`,
        { cause: error },
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(code, `Cannot ${what} "${path}": ${reason}`, { cause: error });
  }
}

/** Whether a disk or a quota is full; Deno has no class for it, only the system's code. */
function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    (error.code === "ENOSPC" || error.code === "EDQUOT");
}
