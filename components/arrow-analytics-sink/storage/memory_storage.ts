import {
  type Storage,
  type StorageEntry,
  StorageError,
  type StorageFile,
  type StorageLock,
} from "./storage.ts";

/** One step of the storage, as a fault rule sees it. */
export interface StorageStep {
  /** Counts all steps of this storage from 0. */
  index: number;
  operation:
    | "makeFolder"
    | "createNew"
    | "write"
    | "sync"
    | "rename"
    | "link"
    | "syncFolder"
    | "list"
    | "read"
    | "remove";
  path: string;
}

interface Inode {
  bytes: Uint8Array;
  syncedBytes: Uint8Array;
}

/**
 * A file system in memory that knows what a crash would take: contents are durable after
 * `sync()`, names after `syncFolder()`. A rule can make any single step fail, before, after or in
 * the middle of its effect.
 */
export class MemoryStorage implements Storage {
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  readonly #folders = new Set<string>();
  readonly #locks = new Map<string, string>();
  #steps = 0;

  /**
   * Asked at each step; what it returns happens: `before` fails without effect, `after` fails
   * although the step was done, `torn` fails with half of a write done (any other step: none of
   * it), undefined lets it pass.
   */
  fault: ((step: StorageStep) => "before" | "after" | "torn" | undefined) | undefined;

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps;
  }

  /** What a power cut leaves: only synced contents under synced names; locks are gone. */
  crash(): void {
    this.#locks.clear();
    this.fault = undefined;
    this.#names = new Map();
    for (const [path, inode] of this.#durableNames) {
      inode.bytes = inode.syncedBytes;
      this.#names.set(path, inode);
    }
  }

  /** What killing the process leaves: everything written; locks are gone. */
  kill(): void {
    this.#locks.clear();
    this.fault = undefined;
  }

  /** Paths of all files, sorted. */
  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  makeFolder(path: string): Promise<void> {
    return this.#step("makeFolder", path, () => {
      for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
        this.#folders.add(at);
      }
    });
  }

  createNew(path: string): Promise<StorageFile> {
    return this.#step("createNew", path, () => {
      if (this.#names.has(path)) throw new StorageError("EXISTS", `"${path}" exists.`);
      if (!this.#folders.has(path.slice(0, path.lastIndexOf("/")))) {
        throw new StorageError("NOT_FOUND", `No folder for "${path}".`);
      }
      const inode: Inode = { bytes: new Uint8Array(), syncedBytes: new Uint8Array() };
      this.#names.set(path, inode);
      return this.#file(path, inode);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step("rename", from, () => {
      this.#names.set(to, this.#inode(from));
      this.#names.delete(from);
    });
  }

  link(existing: string, name: string): Promise<void> {
    return this.#step("link", name, () => {
      if (this.#names.has(name)) throw new StorageError("EXISTS", `"${name}" exists.`);
      this.#names.set(name, this.#inode(existing));
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.#step("syncFolder", path, () => {
      const inFolder = (name: string) => name.slice(0, name.lastIndexOf("/")) === path;
      for (const name of [...this.#durableNames.keys()].filter(inFolder)) {
        if (!this.#names.has(name)) this.#durableNames.delete(name);
      }
      for (const [name, inode] of this.#names) {
        if (inFolder(name)) this.#durableNames.set(name, inode);
      }
    });
  }

  list(path: string): Promise<StorageEntry[]> {
    return this.#step("list", path, () => {
      const entries = new Map<string, StorageEntry>();
      for (const name of [...this.#names.keys(), ...this.#folders]) {
        if (!name.startsWith(path + "/")) continue;
        const rest = name.slice(path.length + 1);
        const first = rest.split("/")[0]!;
        entries.set(first, { name: first, isFolder: this.#folders.has(`${path}/${first}`) });
      }
      return [...entries.values()];
    });
  }

  read(path: string): Promise<Uint8Array> {
    return this.#step("read", path, () => this.#inode(path).bytes.slice());
  }

  remove(path: string): Promise<void> {
    return this.#step("remove", path, () => void this.#names.delete(path));
  }

  stat(path: string): Promise<{ sizeBytes: number } | undefined> {
    const inode = this.#names.get(path);
    return Promise.resolve(inode && { sizeBytes: inode.bytes.length });
  }

  lock(path: string, holder: string): Promise<StorageLock> {
    return attempt(() => {
      const other = this.#locks.get(path);
      if (other !== undefined) throw new StorageError("LOCKED", other);
      this.#locks.set(path, holder);
      return {
        release: () => {
          this.#locks.delete(path);
          return Promise.resolve();
        },
      };
    });
  }

  #file(path: string, inode: Inode): StorageFile {
    const append = (bytes: Uint8Array) => {
      const joined = new Uint8Array(inode.bytes.length + bytes.length);
      joined.set(inode.bytes);
      joined.set(bytes, inode.bytes.length);
      inode.bytes = joined;
    };
    return {
      write: (bytes) => {
        const half = () => append(bytes.subarray(0, bytes.length >> 1));
        return this.#step("write", path, () => append(bytes), half);
      },
      sync: () => this.#step("sync", path, () => void (inode.syncedBytes = inode.bytes)),
      close: () => {},
    };
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw new StorageError("NOT_FOUND", `No file "${path}".`);
    return inode;
  }

  #step<T>(
    operation: StorageStep["operation"],
    path: string,
    run: () => T,
    runHalf: () => void = () => {},
  ): Promise<T> {
    return attempt(() => {
      const fault = this.fault?.({ index: this.#steps, operation, path });
      this.#steps++;
      if (fault === "torn") runHalf();
      if (fault === undefined || fault === "after") {
        const result = run();
        if (fault === undefined) return result;
      }
      throw new StorageError("IO", `Injected: ${operation} "${path}"`);
    });
  }
}

function attempt<T>(run: () => T): Promise<T> {
  try {
    return Promise.resolve(run());
  } catch (error) {
    return Promise.reject(error);
  }
}
